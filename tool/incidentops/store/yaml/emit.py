"""New nodes as YAML text, in the style of a person: plain where that is safe, one line where it fits."""

import re
from collections.abc import Mapping, Sequence

from incidentops.core.errors import WrongUse
from incidentops.core.text import escape, quoted
from incidentops.store.yaml.positions import resolve

WIDTH = 110
"""Columns up to which a collection stays on one line."""

YamlValue = str | bool | int | float | Mapping[str, "YamlValue"] | Sequence["YamlValue"]

_PLAIN = re.compile(r"[^\W_][^\n]*")
_NOT_PLAIN = re.compile(r":(?:\s|$)|\s#|\s$")
_FLOW_SIGNS = re.compile(r"[,\[\]{}]|:[?\"']")
# What readers of YAML 1.1 would take for something else. Times stay plain: that is how records are written.
_ELSEWHERE = frozenset(["y", "n", "yes", "no", "on", "off"])
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\0": "\\0"}


def flow(value: YamlValue) -> str:
    """Return a value on one line, as it may stand inside `{}` and `[]`."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if not isinstance(value, str) and isinstance(value, Sequence):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return _scalar(value, in_flow=True)


def member(key: str, value: YamlValue, column: int) -> list[str]:
    """Return the lines of `key: value` in a block mapping whose keys stand at `column` (from 0)."""
    head = f"{' ' * column}{_key(key)}:"
    if isinstance(value, Mapping) or not isinstance(value, str | bool | int | float):
        return _collection(head, value, column)
    if isinstance(value, str) and _fits_literal(value):
        lines = value.split("\n")
        chomp = "-" if lines[-1] else ""
        inner = " " * (column + 2)
        return [f"{head} |{chomp}", *(inner + line if line else "" for line in (lines if chomp else lines[:-1]))]
    return [f"{head} {_scalar(value, in_flow=False)}"]


def item(value: YamlValue, column: int, *, one_line: bool = True) -> list[str]:
    """Return the lines of `- value` in a block sequence whose dashes stand at `column` (from 0)."""
    dash = f"{' ' * column}- "
    short = dash + flow(value)
    if not isinstance(value, Mapping) or not value or (one_line and len(short) <= WIDTH and not _many_lines(value)):
        return [short]
    lines = [line for key, part in value.items() for line in member(key, part, column + 2)]
    return [dash + lines[0][column + 2 :], *lines[1:]]


def _collection(head: str, value: Mapping[str, YamlValue] | Sequence[YamlValue], column: int) -> list[str]:
    short = f"{head} {flow(value)}"
    nested = not isinstance(value, Mapping) and any(isinstance(part, Mapping) for part in value)
    if not value or (len(short) <= WIDTH and not nested and not _many_lines(value)):
        return [short]
    if isinstance(value, Mapping):
        return [head, *(line for key, part in value.items() for line in member(key, part, column + 2))]
    return [head, *(line for part in value for line in item(part, column + 2))]


def _many_lines(value: YamlValue) -> bool:
    """Whether a text of several lines is in it, which reads better as a block."""
    if isinstance(value, Mapping):
        return any(_many_lines(part) for part in value.values())
    if isinstance(value, str):
        return "\n" in value
    return isinstance(value, Sequence) and any(_many_lines(part) for part in value)


def _key(key: str) -> str:
    return _scalar(key, in_flow=True)


def _scalar(value: YamlValue, *, in_flow: bool) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    return value if _is_plain(value, in_flow=in_flow) else _double_quoted(value)


def _is_plain(text: str, *, in_flow: bool) -> bool:
    """Whether the text means itself without quotes."""
    if not _PLAIN.fullmatch(text) or not text.isprintable() or _NOT_PLAIN.search(text):
        return False
    if in_flow and _FLOW_SIGNS.search(text):
        return False
    return isinstance(resolve(text), str) and text.lower() not in _ELSEWHERE


def _fits_literal(text: str) -> bool:
    """Whether a block scalar carries the text without tricks: several lines, nothing invisible that counts."""
    lines = text.split("\n")
    if len(lines) < 2 or lines[0][:1] in ("", " ") or text.endswith("\n\n") or not any(lines):
        return False
    return all(line.isprintable() and line == line.rstrip(" ") for line in lines)


def _double_quoted(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise WrongUse(f"the text {quoted(text)} is not valid Unicode", "type it again, as UTF-8") from None
    return '"' + "".join(_ESCAPES.get(c) or (c if c.isprintable() else escape(c)) for c in text) + '"'
