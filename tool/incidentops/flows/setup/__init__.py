"""Set up: a new repository, what editors need, and whether everything is ready."""
