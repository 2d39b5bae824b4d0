"""Plan and reconcile: what a record wants, what is there, and how the difference is carried out once."""
