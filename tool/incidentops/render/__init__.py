"""Pure functions from values to text: findings, plans, incidents, documents."""
