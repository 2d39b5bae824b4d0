"""Write records: a new text of one file, judged before it is on disk, merged and pushed."""
