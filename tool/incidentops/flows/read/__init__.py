"""Read records: the repository as commands see it, its handbook, and lists."""
