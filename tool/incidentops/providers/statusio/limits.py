"""What Status.io takes, one line per limit."""

GAP = 1.0
"""Seconds between the end of a request and the start of the next; one request at a time (checked 2026-11-21)."""
