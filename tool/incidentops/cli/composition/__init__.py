"""The composition root: environment, clock and wiring, read here and nowhere else."""
