"""Fixes of a text that is YAML, a record or not yet one: other words in the same place, whole parts in another order.

Nothing is written anew but the words themselves. Every result is read again: the data must be what was meant, and no
comment may be lost. Otherwise the fix is refused, and the text stays as it is.
"""

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from incidentops.core.errors import Refused
from incidentops.core.finding import Pointer
from incidentops.store.yaml import emit
from incidentops.store.yaml.edit import modeline, put, value_at
from incidentops.store.yaml.positions import read
from incidentops.store.yaml.splice import Layout, Splice, split_mark

_HAS_MODELINE = re.compile(r"^[ \t]*#[ \t]*yaml-language-server[ \t]*:[ \t]*\$schema[ \t]*=", re.MULTILINE)


def parsed(text: str) -> Any | None:
    """Return the data of a text, whatever their shape; None when it is not readable as YAML."""
    tree = read(split_mark(text)[1])
    return None if tree.faults else tree.data


def reword(text: str, pointer: Pointer, was: str, word: str) -> str:
    """Put a word in the place of another one. Raises Refused."""
    return _edited(text, pointer, lambda layout: _reworded(layout.find(pointer), was, word), lambda _: word)


def rename(text: str, pointer: Pointer, key: str) -> str:
    """Give the key at a pointer another name. Raises Refused."""
    *way, was = pointer

    def renamed(layout: Layout) -> Splice:
        parent: Any = layout.find(tuple(way))
        return _reworded(next(name for name, _ in parent.value if name.value == was), str(was), key)

    def intend(members: Any) -> Any:
        return {key if name == was else name: value for name, value in members.items()}

    return _edited(text, tuple(way), renamed, intend)


def arrange_items(text: str, pointer: Pointer, order: Sequence[int]) -> str:
    """Put the items of a list into another order, each with its comments. Raises Refused."""

    def arranged(layout: Layout) -> Splice:
        node: Any = layout.find(pointer)
        if node.flow_style:
            return _swapped(layout, [(part.start_mark.index, layout.end(part)) for part in node.value], order)
        starts = [_dash(layout, node, part) for part in node.value]
        return _moved(layout, _parts(layout, starts, node.value, node.start_mark.column), order)

    return _edited(text, pointer, arranged, lambda items: [items[index] for index in order])


def arrange_members(text: str, pointer: Pointer, keys: Sequence[str]) -> str:
    """Put the members of a mapping into the order of their keys given, each with its comments. Raises Refused."""

    def arranged(layout: Layout) -> Splice:
        node: Any = layout.find(pointer)
        order = [[name.value for name, _ in node.value].index(key) for key in keys]
        if node.flow_style:
            return _swapped(layout, [(name.start_mark.index, layout.end(part)) for name, part in node.value], order)
        starts = [int(name.start_mark.index) for name, _ in node.value]
        return _moved(layout, _parts(layout, starts, [part for _, part in node.value], node.start_mark.column), order)

    return _edited(text, pointer, arranged, lambda members: {key: members[key] for key in keys})


def with_modeline(text: str, schema: str) -> str:
    """Return the text with the line on top by which editors find the schema; as it is when it has one."""
    mark, bare = split_mark(text)
    if _HAS_MODELINE.search(bare):
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    return f"{mark}{modeline(schema)}{end}{bare}"


def _edited(text: str, pointer: Pointer, edit: Callable[[Layout], Splice], intend: Callable[[Any], Any]) -> str:
    """Edit a text so that the value at a pointer becomes what `intend` makes of it, and read what came of it."""
    from incidentops.store.yaml import roundtrip  # loaded only now: only who fixes pays for it

    def intended(data: Any) -> Any:
        return put(data, pointer, intend(value_at(data, pointer)))

    mark, bare = split_mark(text)
    after = edit(Layout(bare)).apply(bare)
    if not _same(parsed(after), intended(parsed(bare))):
        raise _unsafe()
    roundtrip.confirm(bare, after, intended, reordered=True)
    return mark + after


def _unsafe() -> Refused:
    return Refused("it is laid out in a way that cannot be fixed safely", "fix it by hand")


def _same(one: Any, other: Any) -> bool:
    """Whether two data are the same, the order of keys included."""
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)


def _reworded(node: Any, was: str, word: str) -> Splice:
    """The same quotes around another word."""
    if node is None or getattr(node, "value", None) != was or node.style in ("|", ">"):
        raise Refused(f"the word that {word} is to replace is not there", "fix it by hand")
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
    column, line = int(node.start_mark.column), layout.line_start(part.start_mark.index)
    while layout.text[line : line + column].strip(" ") or layout.text[line + column : line + column + 1] != "-":
        if not line:
            raise _unsafe()
        line = layout.line_start(line - 1)
    return line + column


def _parts(layout: Layout, starts: Sequence[int], nodes: Sequence[Any], column: int) -> list[tuple[int, int]]:
    """Where each item or member begins, and where its last line is over, comments further to the right included."""
    found = []
    for start, node in zip(starts, nodes, strict=True):
        end = layout.line_end(layout.end(node))
        while _comment_column(layout, line := _next_line(layout, end)) > column:
            end = layout.line_end(line)
        found.append((start, end))
    return found


def _moved(layout: Layout, parts: Sequence[tuple[int, int]], order: Sequence[int]) -> Splice:
    """Lines change places. What stands above a part goes with it, but for the first one: that is about them all."""
    text, first = layout.text, layout.line_start(parts[0][0])
    above = [""] + [text[one[1] : layout.line_start(two[0])] for one, two in pairwise(parts)]
    indents = [text[layout.line_start(start) : start] for start, _ in parts]
    if any(indent.strip(" ") for indent in indents[1:]) or (indents[0].strip(" ") and above[order[0]]):
        raise _unsafe()
    bodies = [text[start:end] for start, end in parts]
    bodies = [body if body.endswith("\n") else body + layout.line_break for body in bodies]
    shown = above[order[0]] + indents[0] + bodies[order[0]]
    shown += "".join(above[index] + " " * len(indents[0]) + bodies[index] for index in order[1:])
    last = parts[-1][1]
    return Splice(first, last, shown if text[:last].endswith("\n") else shown.removesuffix(layout.line_break))


def _comment_column(layout: Layout, line: int) -> int:
    """The column in which a line of comment begins; -1 for any other line."""
    shown = layout.text[line : layout.line_end(line)].rstrip("\r\n")
    bare = shown.lstrip(" ")
    return len(shown) - len(bare) if bare.startswith("#") else -1


def _next_line(layout: Layout, line: int) -> int:
    """The first line that is not blank, from one on."""
    while line < len(layout.text) and not layout.text[line : layout.line_end(line)].strip():
        line = layout.line_end(line)
    return line
