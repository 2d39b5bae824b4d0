"""Commands that check and read records."""
