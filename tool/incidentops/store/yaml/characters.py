"""What can be said of a YAML file from its characters alone: the ones that may not stand there, stray tabs."""

import re
from collections.abc import Iterable

from incidentops.core.text import quoted
from incidentops.store.yaml import parser_messages

Span = tuple[int, int, str | None]
"""Where a scalar begins and ends in the text, and its style: nothing when plain, else one of ' " | >."""

Said = tuple[str, tuple[int, int], str, str]
"""Code, place, message and hint."""

# Printable in YAML, without the characters that YAML 1.1 took for line breaks and without byte order marks.
_ODD = re.compile(
    "[^\\t\\n\\r\\x20-\\x7e\\xa0-\\u2027\\u202a-\\ud7ff\\ue000-\\ufefe\\uff00-\\ufffd\\U00010000-\\U0010ffff]|\\r(?!\\n)"
)
_DIRECTIVE = re.compile(r"\A(?:[ \t]*(?:#[^\n]*)?\r?\n)*(%[^\r\n]*)")
_COMMENT = re.compile(r"#[^\n]*")
_FOLDED_TAB = re.compile(r"\n *\t|\t[ \t]*\r?\n")
_SPACES = "use spaces: readers of YAML do not agree on tabs there"


def place(text: str, index: int) -> tuple[int, int]:
    """Return line and column of a character, both from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def fault(text: str) -> Said | None:
    """Return what is wrong before any parsing: a character that may not stand there (YML001), a directive (YML003)."""
    if found := _ODD.search(text):
        return ("YML001", place(text, found.start()), *parser_messages.about_character(found.group()))
    if found := _DIRECTIVE.search(text):
        said = f"directive {quoted(found.group(1))} is not allowed"
        return "YML003", place(text, found.start(1)), said, "take the line out: records are always YAML 1.2"
    return None


def stray_tab(text: str, scalars: Iterable[Span]) -> Said | None:
    """Return the first tab that separates or indents instead of standing inside a text or a comment (YML001)."""
    if "\t" not in text:
        return None
    position = 0
    for start, end, style in (*scalars, (len(text), len(text), "|")):
        index = _tab_between(text, position, start)
        if index is None:
            index = _tab_within(text, start, end, style)
        if index is not None:
            return "YML001", place(text, index), "a tab as separation or indentation", _SPACES
        position = max(position, end)
    return None


def _tab_between(text: str, start: int, end: int) -> int | None:
    """The index of a tab outside of all scalars and comments."""
    gap = _COMMENT.sub(lambda comment: " " * len(comment.group()), text[start:end])
    index = gap.find("\t")
    return None if index < 0 else start + index


def _tab_within(text: str, start: int, end: int, style: str | None) -> int | None:
    """The index of a tab where a text is folded, or in the header of a block scalar."""
    if style in ("|", ">"):
        header = text[start:end].partition("\n")[0].partition("#")[0]
        return start + header.index("\t") if "\t" in header else None
    folded = _FOLDED_TAB.search(text, start, end)
    return None if folded is None else text.index("\t", folded.start())
