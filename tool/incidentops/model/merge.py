"""Merge two versions of a record that went on from a third: by data alone, three-way, the same in both directions.

Mappings are merged key by key, lists of things with a name of their own item by item, the timeline by time. What only
one side changed is taken; what both changed differently is a conflict.
"""

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import cast

from msgspec import Struct

from incidentops.core.finding import Pointer
from incidentops.core.source import DataNode
from incidentops.core.text import visible
from incidentops.model.merge_timelines import (
    Conflict,
    MergeSide,
    entry_marks,
    interleave,
    merge_timelines,
    shown,
)

NAMED_BY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "alerts": ("source", "id"),
        "corrective_actions": ("key",),
        "related": ("to", "as"),
        "waivers": ("rule", "by", "until"),
    }
)
"""Lists whose items are identified by some of their keys."""

_Name = tuple[object, ...]


class _Missing:
    """Stands for a value that is not there."""


_MISSING = _Missing()


class MergedData(Struct, frozen=True):
    """The data of both sides together. It counts for nothing when there are conflicts."""

    data: DataNode
    conflicts: tuple[Conflict, ...]


class _MergeNode(Struct, frozen=True):
    """One node in its three versions, and where each side has it."""

    name: str
    base: object
    ours: object
    theirs: object
    in_ours: Pointer
    in_theirs: Pointer

    def member(self, key: str) -> "_MergeNode":
        base, ours, theirs = (_members(node).get(key, _MISSING) for node in (self.base, self.ours, self.theirs))
        name = f"{self.name}.{visible(key)}" if self.name else visible(key)
        return _MergeNode(name, base, ours, theirs, (*self.in_ours, key), (*self.in_theirs, key))

    def conflict(self, message: str) -> Conflict:
        return Conflict(message, ((MergeSide.OURS, self.in_ours), (MergeSide.THEIRS, self.in_theirs)))


_MergedNode = tuple[object, tuple[Conflict, ...]]


def merge_data(base: DataNode | None, ours: DataNode, theirs: DataNode) -> MergedData:
    """Merge two versions of a record; `base` is what both began with, None when each made the record anew."""
    data, conflicts = _mapping(_MergeNode("", base or {}, ours, theirs, (), ()))
    return MergedData(cast("DataNode", data), conflicts)


def names(key: str, items: Sequence[DataNode]) -> tuple[_Name, ...]:
    """Return what tells the items of a list apart: all that an entry of the timeline says, else what names an item."""
    if key == "timeline":
        return entry_marks(items)
    return tuple(tuple(item.get(part) for part in NAMED_BY[key]) for item in items)


def _merged(part: _MergeNode) -> _MergedNode:
    if part.ours == part.theirs:
        return part.ours, ()
    if part.name == "timeline":
        base = part.base if isinstance(part.base, list) else ()
        ours, theirs = cast("Sequence[DataNode]", part.ours), cast("Sequence[DataNode]", part.theirs)
        entries, conflicts = merge_timelines(base, ours, theirs)
        return list(entries), conflicts
    if part.base == part.theirs:
        return part.ours, ()
    if part.base == part.ours:
        return part.theirs, ()
    if isinstance(part.ours, Mapping) and isinstance(part.theirs, Mapping):
        return _mapping(part)
    if part.name in NAMED_BY and isinstance(part.ours, list) and isinstance(part.theirs, list):
        return _named(part)
    return part.ours, (
        part.conflict(f"{part.name} is {_shown(part.ours)} in ours and {_shown(part.theirs)} in theirs"),
    )


def _mapping(part: _MergeNode) -> _MergedNode:
    members: dict[str, object] = {}
    conflicts: list[Conflict] = []
    for key in {**_members(part.ours), **_members(part.theirs)}:
        value, found = _merged(part.member(key))
        conflicts += found
        if value is not _MISSING:
            members[key] = value
    return members, tuple(conflicts)


def _named(part: _MergeNode) -> _MergedNode:
    """Merge a list item by item. A name that comes twice leaves nothing to tell the items apart by (REC005)."""
    base, ours, theirs = (_by_name(part.name, node) for node in (part.base, part.ours, part.theirs))
    if base is None or ours is None or theirs is None:
        return part.ours, (part.conflict(f"both sides changed {part.name}, where one name comes twice"),)
    items: dict[_Name, object] = {}
    conflicts: list[Conflict] = []
    for name in {**ours, **theirs}:
        value, found = _merged(_item(part, name, base, ours, theirs))
        conflicts += found
        if value is not _MISSING:
            items[name] = value
    order = interleave(
        [name for name in ours if name in items], [name for name in theirs if name in items], lambda n: n
    )
    if order is None:
        conflicts.append(part.conflict(f"the items of {part.name} stand in different orders"))
    return [items[name] for name in order or ()], tuple(conflicts)


_ByName = Mapping[_Name, tuple[int, DataNode]]


def _by_name(key: str, node: object) -> _ByName | None:
    """The items of a list and their indexes by name; None when a name comes twice."""
    items = cast("Sequence[DataNode]", node) if isinstance(node, list) else ()
    named = {name: (index, item) for index, (name, item) in enumerate(zip(names(key, items), items, strict=True))}
    return named if len(named) == len(items) else None


def _item(part: _MergeNode, name: _Name, base: _ByName, ours: _ByName, theirs: _ByName) -> _MergeNode:
    """One item in its versions; a side that does not have it is looked at where its list is."""
    found = [side.get(name) for side in (base, ours, theirs)]
    was, mine, other = (_MISSING if pair is None else pair[1] for pair in found)
    in_ours, in_theirs = (
        at if pair is None else (*at, pair[0])
        for at, pair in zip((part.in_ours, part.in_theirs), found[1:], strict=True)
    )
    label = visible("/".join(str(word) for word in name))
    return _MergeNode(f"{part.name}.{label}", was, mine, other, in_ours, in_theirs)


def _members(node: object) -> Mapping[str, object]:
    return cast("Mapping[str, object]", node) if isinstance(node, Mapping) else {}


def _shown(value: object) -> str:
    return "not there" if value is _MISSING else shown(value)
