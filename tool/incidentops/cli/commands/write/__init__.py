"""Commands that write a record."""
