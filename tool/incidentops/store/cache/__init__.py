"""Verdicts of an earlier run, kept while nothing that they depend on has changed."""
