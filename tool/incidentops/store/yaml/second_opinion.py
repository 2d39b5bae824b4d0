"""A second opinion on a file that the careful reader accepts: what two parsers read differently is not plain enough."""

import re
from typing import Any

import yaml_rs

from incidentops.core.finding import Pointer
from incidentops.core.text import quoted, visible
from incidentops.store.yaml.positions import NodeTree, SyntaxFault

_PLACE = re.compile(r"at line (\d+), column (\d+)")


def disagreement(tree: NodeTree, text: str) -> SyntaxFault | None:
    """Return where the quick parser reads the text differently, or not at all (YML001)."""
    try:
        other = yaml_rs.loads(text, parse_datetime=False)
    except (ValueError, TypeError) as error:
        said = str(error)
        found = _PLACE.search(said)
        place = (int(found.group(1)), int(found.group(2))) if found else (1, 1)
        reason = visible(said.strip().rpartition("\n")[2])
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
