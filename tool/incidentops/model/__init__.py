"""What a record means: the incident as a frozen value, the fold over its timeline, and the handbook."""
