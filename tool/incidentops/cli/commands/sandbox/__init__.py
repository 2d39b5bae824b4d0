"""Commands that run the sandbox."""
