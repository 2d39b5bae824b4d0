"""What `make bench` runs: how long this takes and how much memory, next to other tools on the same files."""
