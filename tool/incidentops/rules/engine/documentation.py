"""The pages: one for each rule, its documentation, what `explain` prints, and its test."""

from importlib.resources import files


def page(code: str) -> str:
    """Return the page of a rule, Markdown. Raises FileNotFoundError for a code that has none."""
    return files("incidentops.rules").joinpath("docs", f"{code}.md").read_text(encoding="utf-8")
