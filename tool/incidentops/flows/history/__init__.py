"""Check what landed: every version of every record, at its own moment."""
