"""The outside services, a folder each, with everything that belongs to them; `http` and `decode` are under all.

No provider imports another, and nothing but the registry knows their names.
"""
