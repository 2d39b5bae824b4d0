"""Write records: a new text of one file, checked before it is on disk, merged and pushed."""
