"""The careful reader: what is wrong with a file and where, for the few that the quick reader leaves alone.

A file that it accepts is read by the quick parser too: what the two read differently is not plain enough.
"""

import re
from typing import Any

import yaml_rs

from incidentops.core.finding import Finding, Level, Location, Pointer
from incidentops.core.source import BYTE_ORDER_MARK
from incidentops.core.text import quoted, visible
from incidentops.store import safe_read
from incidentops.store.schema.errors import errors
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml import positions
from incidentops.store.yaml.positions import NodeTree, SyntaxFault


def read(content: bytes, file: str, shape: Shape) -> NodeTree | tuple[Finding, ...]:
    """Return the tree of a file with the place of every node, or what is wrong with it (YML, SCH001)."""
    tree = _tree(content)
    if tree.faults:
        return tuple(_finding(file, fault) for fault in tree.faults)
    wrong = tuple(
        _finding(file, SyntaxFault("SCH001", tree.place(pointer), message, hint), pointer)
        for pointer, message, hint in errors(shape, tree.data, tree.written)
    )
    if not wrong and (fault := disagreement(tree, content.removeprefix(BYTE_ORDER_MARK).decode())):
        wrong = (_finding(file, fault),)
    return tuple(sorted(wrong, key=Finding.sort_key)) or tree


def _tree(content: bytes) -> NodeTree:
    if len(content) > safe_read.LARGEST:
        large = safe_read.too_large(len(content))
        return NodeTree(faults=(SyntaxFault(large.code, (1, 1), large.message, large.hint),))
    try:
        text = content.removeprefix(BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        return NodeTree(faults=(_not_utf8(content, error),))
    return positions.read(text)


def _not_utf8(content: bytes, error: UnicodeDecodeError) -> SyntaxFault:
    before = content.removeprefix(BYTE_ORDER_MARK)[: error.start]
    line = before.rpartition(b"\n")[2].decode()
    place = (before.count(b"\n") + 1, len(line) + 1)
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    found = "UTF-16" if wide else f"the byte 0x{error.object[error.start]:02x}"
    return SyntaxFault("YML005", place, f"not UTF-8: found {found}", "save the file as UTF-8")


def _finding(file: str, fault: SyntaxFault, pointer: Pointer = ()) -> Finding:
    other = None if fault.other is None else Location(file, *fault.other)
    place = Location(file, *fault.place)
    return Finding(fault.code, Level.BLOCK, place, fault.message, fault.hint, pointer, other=other)


_PLACE = re.compile(r"at line (\d+), column (\d+)")


def disagreement(tree: NodeTree, text: str) -> SyntaxFault | None:
    """Return where the quick parser reads the text differently, or not at all (YML001)."""
    try:
        other = yaml_rs.loads(text, parse_datetime=False)
    except (ValueError, TypeError) as error:
        message = str(error)
        found = _PLACE.search(message)
        place = (int(found.group(1)), int(found.group(2))) if found else (1, 1)
        reason = visible(message.strip().rpartition("\n")[2])
        hint = "indent it further than its key" if "indentation" in reason else "write it in a plainer style"
        return SyntaxFault("YML001", place, f"cannot be read as YAML 1.2: {reason}", hint)
    pointer = _difference(tree.data, other, ())
    if pointer is None:
        return None
    message = f"readers of YAML do not agree on {quoted('.'.join(str(step) for step in pointer))}"
    return SyntaxFault("YML001", tree.place(pointer), message, "write it in a plainer style, such as in double quotes")


def _difference(ours: Any, other: Any, pointer: Pointer) -> Pointer | None:
    """The first node that differs. Numbers do not count: only we read them as the core schema of YAML 1.2 does."""
    if isinstance(ours, dict) and isinstance(other, dict):
        if list(ours) != list(other):
            return pointer
        pairs = [(key, ours[key], other[key]) for key in ours]
    elif isinstance(ours, list) and isinstance(other, list):
        if len(ours) != len(other):
            return pointer
        pairs = [(index, one, two) for index, (one, two) in enumerate(zip(ours, other, strict=True))]
    else:
        return None if _same_scalar(ours, other) else pointer
    found = (_difference(one, two, (*pointer, key)) for key, one, two in pairs)
    return next((place for place in found if place is not None), None)


def _same_scalar(ours: Any, other: Any) -> bool:
    if isinstance(other, int | float) and not isinstance(ours, dict | list):
        return True
    if isinstance(ours, str) and isinstance(other, str):
        return ours.rstrip("\n") == other.rstrip("\n")  # a block scalar at the end of a file without final newline
    return type(ours) is type(other) and bool(ours == other)
