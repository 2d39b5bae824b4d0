"""The lines of one member or item as somebody wrote them, comments included, to be put into another text."""

from collections.abc import Collection
from typing import Any

from incidentops.core.finding import Pointer
from incidentops.store.yaml.splice import Layout


def written(text: str, pointer: Pointer, known: Collection[str] = ()) -> tuple[str, ...] | None:
    """Return the lines of a node from its key or dash on, moved to the left edge.

    Comments that stand right above it come along, up to the first that is `known` where the lines are to go. None when
    the node has no lines of its own, or lines further to the left than it.
    """
    layout = Layout(text.removeprefix("\ufeff"))
    start = _start(layout, pointer)
    if start is None:
        return None
    column = start - _line_start(layout.text, start)
    end = layout.text.find("\n", layout.end(layout.find(pointer)))
    lines = layout.text[start - column : end if end >= 0 else None].split("\n")
    moved = [line[column:].removesuffix("\r") for line in lines]
    if any(line[:column].strip(" \r") for line in lines[1:]):
        return None
    return (*_comments_above(layout, pointer, start - column, known), *moved)


def indented(lines: Collection[str], column: int) -> list[str]:
    """Return lines that stand at the left edge, moved to a column (from 0)."""
    return [" " * column + line if line else line for line in lines]


def _start(layout: Layout, pointer: Pointer) -> int | None:
    """The index of the key or the dash, when nothing but blanks stands before it."""
    *way, last = pointer
    parent: Any = layout.find(tuple(way))
    if parent is None or parent.flow_style or layout.find(pointer) is None:
        return None
    if isinstance(last, int):
        node = parent.value[last]
        line = _line_start(layout.text, node.start_mark.index)
        dash = line + int(parent.start_mark.column)
        before, between = layout.text[line:dash], layout.text[dash : node.start_mark.index]
        return dash if not before.strip(" ") and between.rstrip(" ") == "-" else None
    key = next(key for key, _ in parent.value if key.value == last)
    start = int(key.start_mark.index)
    return start if not layout.text[_line_start(layout.text, start) : start].strip(" ") else None


def _comments_above(layout: Layout, pointer: Pointer, start: int, known: Collection[str]) -> list[str]:
    """Whole lines of comment between the node before and this one, the nearest ones without a gap."""
    before = _before(layout, pointer)
    if before is None:
        return []
    first = layout.text.find("\n", layout.end(before)) + 1
    above: list[str] = []
    for line in reversed(layout.text[first:start].splitlines()):
        comment = line.strip()
        if not comment.startswith("#") or comment in known:
            break
        above.insert(0, comment)
    return above


def _before(layout: Layout, pointer: Pointer) -> Any | None:
    """The node in front of this one among its siblings."""
    *way, last = pointer
    parent: Any = layout.find(tuple(way))
    if isinstance(last, int):
        return parent.value[last - 1] if last else None
    names = [key.value for key, _ in parent.value]
    at = names.index(last)
    return parent.value[at - 1][1] if at else None


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1
