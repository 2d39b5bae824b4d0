"""What GitLab takes, one line per limit (docs/services.md; looked up 2026-11-21)."""

DESCRIPTION = 1_048_576
"""Bytes of an issue's description, `Issuable::DESCRIPTION_LENGTH_MAX`."""

PAGE = 100
"""Items of a page at most, and so the issues that one bulk read asks for: docs.gitlab.com/ee/api/rest/#pagination."""
