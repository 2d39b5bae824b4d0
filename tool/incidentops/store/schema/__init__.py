"""The shape of records and of the handbook: the JSON Schemas, their errors in words, the one for editors."""
