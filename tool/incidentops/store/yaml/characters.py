"""Faults in a YAML text for a person: characters that may not stand there, and what the parser complains about."""

import re
from collections.abc import Iterable

from incidentops.core.text import quoted, visible

Span = tuple[int, int, str | None]
"""Where a scalar begins and ends in the text, and its style: nothing when plain, else one of ' " | >."""

TextFault = tuple[str, tuple[int, int], str, str]
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


def fault(text: str) -> TextFault | None:
    """Return what is wrong before any parsing: a character that may not stand there (YML001), a directive (YML003)."""
    if found := _ODD.search(text):
        return ("YML001", place(text, found.start()), *about_character(found.group()))
    if found := _DIRECTIVE.search(text):
        message = f"directive {quoted(found.group(1))} is not allowed"
        return "YML003", place(text, found.start(1)), message, "take the line out: records are always YAML 1.2"
    return None


def stray_tab(text: str, scalars: Iterable[Span]) -> TextFault | None:
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


_TAB = "use spaces: YAML does not allow tabs there"
_BACKSLASH = "inside double quotes a backslash is written twice"
_INDENTATION = "check the indentation: it fits no line above"
_HINTS = (
    ("mapping values are not allowed", "a text with ': ' in it must stand in quotes; also check the indentation"),
    ("found a tab character", _TAB),
    ("expected ',' or '}'", "close the mapping with }, and put texts with , or } in quotes"),
    ("expected ',' or ']'", "close the list with ], and put texts with , or ] in quotes"),
    ("unexpected end of stream", "the quotes are opened but never closed"),
    ("expected the node content", "something is missing here, or the text must stand in quotes"),
    ("could not find expected ':'", "a key needs a colon and a space, and texts over several lines an indentation"),
    ("expected <block end>", _INDENTATION),
    ("block sequence entries are not allowed", "begin the list on a line of its own"),
    ("unknown escape character", _BACKSLASH),
    ("hexdecimal number", _BACKSLASH),
    ("expected '-' indicator", _INDENTATION),
    ("expected key", _INDENTATION),
)
_NO_ANSWER = "check quotes, colons and indentation at this place"


def about_problem(problem: str, character: str) -> tuple[str, str]:
    """Return message and hint for a parser's complaint about the place where `character` stands."""
    if "cannot start any token" in problem:
        if character == "\t":
            return "a tab as separation or indentation", _TAB
        return f"a plain text may not begin with {quoted(character)}", "put the text in quotes"
    lowered = problem[:1].lower() + problem[1:]
    message = f"cannot be read as YAML: {visible(lowered)}"
    return message, next((hint for sign, hint in _HINTS if sign in problem), _NO_ANSWER)


def about_character(character: str) -> tuple[str, str]:
    """Return message and hint for a character that may not stand in the file as it is."""
    if character == "\r":
        return (
            "carriage return without a line feed",
            "end lines with a line feed, or with carriage return and line feed",
        )
    code = ord(character)
    escape = f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}"
    return (
        f"character {quoted(character)} may not stand in a YAML file as it is",
        f"take it out, or write it as {escape} in a text in double quotes",
    )
