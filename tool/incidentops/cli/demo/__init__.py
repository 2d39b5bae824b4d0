"""The demo: one incident played through the sandbox by the real commands."""
