"""Records as YAML text: read with places, edited so that every other byte stays."""
