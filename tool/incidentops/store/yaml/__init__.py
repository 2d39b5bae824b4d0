"""Records as YAML text: read with places, checked for shape, edited so that every other byte stays."""
