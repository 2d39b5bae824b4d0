"""The benchmarks of `make bench`: time and memory, side by side with other tools on the same files."""
