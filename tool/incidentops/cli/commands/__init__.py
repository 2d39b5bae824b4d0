"""The commands, one a file: each asks, calls a use case and shows the value it returns."""
