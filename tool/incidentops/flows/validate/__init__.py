"""Check records: selection, reading, rules, comparison with the base, and fixes."""
