"""The only writer of records: edits that leave every other byte alone.

Each edit is one splice of the text: comments, quotes, long lines and line ends elsewhere cannot change. The result is
read again, by our reader and by ruamel.yaml's round-trip loader: both must find exactly the intended data, and the
latter every comment that was there, in the same order. Otherwise the edit is refused.
"""

import copy
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from incidentops.core.errors import Refused, WrongUse
from incidentops.core.finding import Pointer
from incidentops.core.text import quoted
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml import emit
from incidentops.store.yaml.emit import YamlValue
from incidentops.store.yaml.reader import read_bytes
from incidentops.store.yaml.splice import Layout, Splice, split_mark


def modeline(schema: str) -> str:
    """Return the comment by which editors find the schema of a record, as seen from the record."""
    return f"# yaml-language-server: $schema={schema}"


def new_record(fields: Mapping[str, YamlValue], schema: str = "../../schemas/incident.schema.json") -> str:
    """Return the text of a whole new record, its keys in the order given. Raises WrongUse when it is misshapen.

    `schema` is where editors find the schema, as seen from the record.
    """
    lines = [modeline(schema)]
    for key, value in fields.items():
        lines += emit.member(key, value, 0)
    text = "\n".join(lines) + "\n"
    _confirm("", text, _data(text))
    return text


def append_entry(text: str, entry: Mapping[str, YamlValue]) -> str:
    """Append an entry to the timeline, in the style of the last one. Raises WrongUse or Refused."""
    return insert_item(text, ("timeline",), None, entry)


def insert_item(
    text: str, pointer: Pointer, index: int | None, item: Mapping[str, YamlValue], lines: Sequence[str] | None = None
) -> str:
    """Put an item into a list of mappings in front of an index, or at its end; the list is made when it is not there.

    `lines` is how somebody wrote the item, from its dash at the left edge (`written`). Raises as above.
    """
    layout, data = _opened(text)
    node = layout.find(pointer)
    if node is None:
        return set_value(text, pointer, [item])
    at = len(node.value) if index is None else index
    if node.flow_style:
        splice = layout.within_flow(node, emit.flow(item), at)
    else:
        short, column = any(beside.flow_style for beside in node.value), node.start_mark.column
        shown = indented(lines, column) if lines else emit.item(item, column, one_line=short)
        splice = layout.lines_after(node.value[at - 1], shown) if at else layout.lines_before(node, shown)
    items = value_at(data, pointer)
    return _checked(text, splice, put(data, pointer, [*items[:at], _plain(item), *items[at:]]))


def add_member(text: str, key: str, value: YamlValue, lines: Sequence[str] | None = None) -> str:
    """Add a key at the end of a record, as `lines` have it when they are given (see `insert_item`). Raises as above."""
    layout, data = _opened(text)
    root: Any = layout.find(())
    if lines is None or root.flow_style:
        return set_value(text, (key,), value)
    column = root.value[0][0].start_mark.column
    return _checked(text, layout.lines_after(root, indented(lines, column)), put(data, (key,), _plain(value)))


def set_value(text: str, pointer: Pointer, value: YamlValue) -> str:
    """Set the value of a key, adding it (and the mappings on the way) when it is not there. Raises as above."""
    layout, data = _opened(text)
    known = next(end for end in range(len(pointer), -1, -1) if layout.find(pointer[:end]) is not None)
    for step in reversed(pointer[known + 1 :]):
        value = {str(step): value}
    *way, last = pointer[: known + 1]
    parent = layout.find(tuple(way))
    node = layout.find((*way, last))
    if node is None and not isinstance(value_at(data, way), dict):
        raise WrongUse(f"the record has no place for {quoted('.'.join(str(step) for step in pointer))}")
    splice = _added(layout, parent, str(last), value) if node is None else _replaced(layout, parent, last, value)
    return _checked(text, splice, put(data, (*way, last), _plain(value)))


def _added(layout: Layout, parent: Any, key: str, value: YamlValue) -> Splice:
    if parent.flow_style:
        return layout.within_flow(parent, emit.flow({key: value})[1:-1], len(parent.value))
    column = parent.value[0][0].start_mark.column
    return layout.lines_after(parent, emit.member(key, value, column))


def _replaced(layout: Layout, parent: Any, step: str | int, value: YamlValue) -> Splice:
    """Several lines where a block mapping has room for them, one line everywhere else."""
    if parent.flow_style or isinstance(step, int) or not layout.alone(parent, step):
        return layout.instead(parent, step, [emit.flow(value)])
    column = parent.value[0][0].start_mark.column
    first, *more = emit.member(step, value, column)
    return layout.instead(parent, step, [first.partition(":")[2].lstrip(" "), *more])


def _opened(text: str) -> tuple[Layout, Mapping[str, Any]]:
    """The layout of a record and its data."""
    data = _data(text)
    return Layout(split_mark(text)[1]), data


def _checked(text: str, splice: Splice, intended: Mapping[str, Any]) -> str:
    mark, bare = split_mark(text)
    edited = mark + splice.apply(bare)
    if _data(edited) != intended:
        raise Refused(
            "the record is laid out in a way that cannot be edited safely",
            "edit the file by hand, or lay it out plainly",
        )
    _confirm(text, edited, intended)
    return edited


def _confirm(before: str, after: str, intended: Mapping[str, Any]) -> None:
    """Ask ruamel.yaml, which is loaded only now: only who writes pays for it. Raises Refused."""
    from incidentops.store.yaml import roundtrip

    roundtrip.confirm(before, after, lambda _: intended)


def _data(text: str) -> Mapping[str, Any]:
    read = read_bytes(text.encode("utf-8", "surrogatepass"), "record", Shape.INCIDENT)
    if read.document is None:
        first = read.findings[0]
        where = ".".join(map(str, first.pointer)) or f"{first.location.line}:{first.location.column}"
        raise WrongUse(f"the record would be wrong at {where}: {first.message}", first.hint)
    return read.document.data


def value_at(data: Any, pointer: Iterable[str | int]) -> Any:
    """Return the value at a pointer."""
    for step in pointer:
        data = data[step]
    return data


def put(data: Any, pointer: Pointer, value: Any) -> Any:
    """Return data with a value at a pointer, everything else as it is."""
    if not pointer:
        return value
    step, *rest = pointer
    changed = copy.copy(data)
    changed[step] = put(data[step], tuple(rest), value) if rest else value
    return changed


def _plain(value: Any) -> Any:
    """The value as the reader will give it back."""
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list | tuple) else value


def written(text: str, pointer: Pointer, known: Collection[str] = ()) -> tuple[str, ...] | None:
    """Return the lines of a node from its key or dash on, moved to the left edge.

    Comments that stand right above it come along, up to the first that is `known` where the lines are to go. None when
    the node has no lines of its own, or lines further to the left than it.
    """
    layout = Layout(split_mark(text)[1])
    start = _start(layout, pointer)
    if start is None:
        return None
    column = start - layout.line_start(start)
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
        line = layout.line_start(node.start_mark.index)
        dash = line + int(parent.start_mark.column)
        before, between = layout.text[line:dash], layout.text[dash : node.start_mark.index]
        return dash if not before.strip(" ") and between.rstrip(" ") == "-" else None
    key = next(key for key, _ in parent.value if key.value == last)
    start = int(key.start_mark.index)
    return start if not layout.text[layout.line_start(start) : start].strip(" ") else None


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
