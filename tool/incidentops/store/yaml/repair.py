"""Repairs of a text that is YAML, a record or not yet one: other words in the same place, whole parts in another order.

Nothing is written anew but the words themselves. Every result is read again: the data must be what was meant, and no
comment may be lost. Otherwise the repair is refused, and the text stays as it is.
"""

import copy
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from incidentops.core.errors import Refused
from incidentops.core.finding import Pointer
from incidentops.store.yaml import emit
from incidentops.store.yaml.edit import modeline
from incidentops.store.yaml.positions import read
from incidentops.store.yaml.splice import Layout, Splice

_MARK = "\ufeff"
_HAS_MODELINE = re.compile(r"^[ \t]*#[ \t]*yaml-language-server[ \t]*:[ \t]*\$schema[ \t]*=", re.MULTILINE)


def parsed(text: str) -> Any | None:
    """Return the data of a text, whatever their shape; None when it is not readable as YAML."""
    tree = read(text.removeprefix(_MARK))
    return None if tree.faults else tree.data


def reword(text: str, pointer: Pointer, was: str, word: str) -> str:
    """Put a word in the place of another one. Raises Refused."""

    def intend(data: Any) -> Any:
        *way, last = pointer
        _at(data, tuple(way))[last] = word
        return data

    return _edited(text, lambda layout: _reworded(layout.find(pointer), was, word), intend)


def rename(text: str, pointer: Pointer, key: str) -> str:
    """Give the key at a pointer another name. Raises Refused."""

    def renamed(layout: Layout) -> Splice:
        parent: Any = layout.find(pointer[:-1])
        return _reworded(next(name for name, _ in parent.value if name.value == pointer[-1]), str(pointer[-1]), key)

    def intend(data: Any) -> Any:
        *way, last = pointer
        parent = _at(data, tuple(way))
        members = {key if name == last else name: value for name, value in parent.items()}
        parent.clear()
        parent.update(members)
        return data

    return _edited(text, renamed, intend)


def arrange_items(text: str, pointer: Pointer, order: Sequence[int]) -> str:
    """Put the items of a list into another order, each with its comments. Raises Refused."""

    def arranged(layout: Layout) -> Splice:
        node: Any = layout.find(pointer)
        if node.flow_style:
            return _swapped(layout, [(part.start_mark.index, layout.end(part)) for part in node.value], order)
        starts = [_dash(layout, node, part) for part in node.value]
        return _moved(layout, _parts(layout, starts, node.value, node.start_mark.column), order)

    def intend(data: Any) -> Any:
        items = _at(data, pointer)
        items[:] = [items[index] for index in order]
        return data

    return _edited(text, arranged, intend)


def arrange_members(text: str, pointer: Pointer, keys: Sequence[str]) -> str:
    """Put the members of a mapping into the order of their keys given, each with its comments. Raises Refused."""

    def arranged(layout: Layout) -> Splice:
        node: Any = layout.find(pointer)
        order = [[name.value for name, _ in node.value].index(key) for key in keys]
        if node.flow_style:
            return _swapped(layout, [(name.start_mark.index, layout.end(part)) for name, part in node.value], order)
        starts = [int(name.start_mark.index) for name, _ in node.value]
        return _moved(layout, _parts(layout, starts, [part for _, part in node.value], node.start_mark.column), order)

    def intend(data: Any) -> Any:
        members = _at(data, pointer)
        ordered = {key: members[key] for key in keys}
        members.clear()
        members.update(ordered)
        return data

    return _edited(text, arranged, intend)


def with_modeline(text: str, schema: str) -> str:
    """Return the text with the line on top by which editors find the schema; as it is when it has one."""
    if _HAS_MODELINE.search(text.removeprefix(_MARK)):
        return text
    mark = _MARK if text.startswith(_MARK) else ""
    end = "\r\n" if "\r\n" in text else "\n"
    return f"{mark}{modeline(schema)}{end}{text.removeprefix(_MARK)}"


def _edited(text: str, edit: Callable[[Layout], Splice], intend: Callable[[Any], Any]) -> str:
    """Make one edit, and read what came of it."""
    mark, bare = (_MARK, text.removeprefix(_MARK)) if text.startswith(_MARK) else ("", text)
    intended = intend(copy.deepcopy(parsed(bare)))
    after = edit(Layout(bare)).apply(bare)
    if not _same(parsed(after), intended):
        raise Refused("it is laid out in a way that cannot be repaired safely", "repair it by hand")
    _second_opinion(bare, after, intend)
    return mark + after


def _same(one: Any, other: Any) -> bool:
    """Whether two data are the same, the order of keys included."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)


def _second_opinion(before: str, after: str, intend: Callable[[Any], Any]) -> None:
    """Ask ruamel.yaml, which is loaded only now: only who repairs pays for it. Raises Refused."""
    from incidentops.store.yaml import roundtrip

    was, now = roundtrip.load(before), roundtrip.load(after)
    if (
        was is None
        or now is None
        or now.data != intend(_plain(was.data))
        or sorted(was.comments) != sorted(now.comments)
    ):
        raise Refused("another reader of YAML (ruamel.yaml) would not find what was meant", "repair it by hand")


def _plain(data: Any) -> Any:
    """A copy of the data without what ruamel.yaml knows about it."""
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(value) for value in data] if isinstance(data, list) else data


def _reworded(node: Any, was: str, word: str) -> Splice:
    """The same quotes around another word."""
    if node is None or getattr(node, "value", None) != was or node.style in ("|", ">"):
        raise Refused(f"there is no word to put {word} in the place of", "repair it by hand")
    shown = f"{node.style}{word}{node.style}" if node.style else emit.flow(word)
    return Splice(int(node.start_mark.index), int(node.end_mark.index), shown)


def _swapped(layout: Layout, spans: Sequence[tuple[int, int]], order: Sequence[int]) -> Splice:
    """Parts of a flow collection change places; whatever stands between them stays."""
    parts = [layout.text[start:end] for start, end in spans]
    between = [layout.text[one[1] : two[0]] for one, two in pairwise(spans)]
    shown = parts[order[0]] + "".join(gap + parts[index] for gap, index in zip(between, order[1:], strict=True))
    return Splice(spans[0][0], spans[-1][1], shown)


def _dash(layout: Layout, node: Any, part: Any) -> int:
    """The index of an item's dash: in its line, or in one above when the item begins below it."""
    column, line = int(node.start_mark.column), _line_start(layout.text, part.start_mark.index)
    while layout.text[line : line + column].strip(" ") or layout.text[line + column : line + column + 1] != "-":
        if not line:
            raise Refused("it is laid out in a way that cannot be repaired safely", "repair it by hand")
        line = _line_start(layout.text, line - 1)
    return line + column


def _parts(layout: Layout, starts: Sequence[int], nodes: Sequence[Any], column: int) -> list[tuple[int, int]]:
    """Where each item or member begins, and where its last line is over, comments further to the right included."""
    found = []
    for start, node in zip(starts, nodes, strict=True):
        end = _line_end(layout.text, layout.end(node))
        while _comment_column(layout.text, line := _next_line(layout.text, end)) > column:
            end = _line_end(layout.text, line)
        found.append((start, end))
    return found


def _moved(layout: Layout, parts: Sequence[tuple[int, int]], order: Sequence[int]) -> Splice:
    """Lines change places. What stands above a part goes with it, but for the first one: that is about them all."""
    text, first = layout.text, _line_start(layout.text, parts[0][0])
    above = [""] + [text[one[1] : _line_start(text, two[0])] for one, two in pairwise(parts)]
    indents = [text[_line_start(text, start) : start] for start, _ in parts]
    if any(indent.strip(" ") for indent in indents[1:]) or (indents[0].strip(" ") and above[order[0]]):
        raise Refused("it is laid out in a way that cannot be repaired safely", "repair it by hand")
    bodies = [text[start:end] for start, end in parts]
    bodies = [body if body.endswith("\n") else body + layout.line_end for body in bodies]
    shown = above[order[0]] + indents[0] + bodies[order[0]]
    shown += "".join(above[index] + " " * len(indents[0]) + bodies[index] for index in order[1:])
    last = parts[-1][1]
    return Splice(first, last, shown if text[:last].endswith("\n") else shown.removesuffix(layout.line_end))


def _comment_column(text: str, line: int) -> int:
    """The column in which a line of comment begins; -1 for any other line."""
    shown = text[line : _line_end(text, line)].rstrip("\r\n")
    bare = shown.lstrip(" ")
    return len(shown) - len(bare) if bare.startswith("#") else -1


def _next_line(text: str, line: int) -> int:
    """The first line that is not blank, from one on."""
    while line < len(text) and not text[line : _line_end(text, line)].strip():
        line = _line_end(text, line)
    return line


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_end(text: str, index: int) -> int:
    """The index behind the end of a line."""
    end = text.find("\n", index)
    return len(text) if end < 0 else end + 1


def _at(data: Any, pointer: Pointer) -> Any:
    for step in pointer:
        data = data[step]
    return data
