"""What a record must, and should, satisfy: one module per family, one page per rule (`pages/`)."""
