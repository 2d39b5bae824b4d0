"""What a record must, and should, satisfy: one module per family, one document per rule (`docs/`)."""
