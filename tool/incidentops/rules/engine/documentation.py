"""The documentation of the rules: one Markdown file each, which `explain` prints and a test runs."""

from importlib.resources import files


def rule_document(code: str) -> str:
    """Return the documentation of a rule, Markdown. Raises FileNotFoundError for a code that has none."""
    return files("incidentops.rules").joinpath("docs", f"{code}.md").read_text(encoding="utf-8")
