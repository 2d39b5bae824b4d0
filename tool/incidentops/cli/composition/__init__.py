"""The composition root: environment, clock, wiring and merge requests, put together here and nowhere else."""
