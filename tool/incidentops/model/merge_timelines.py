"""Merge two timelines into one: what both have once, the rest by time, and what cannot be true of both.

Everything here is the same whichever side is called ours; only the words of a conflict tell them apart.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from itertools import pairwise
from typing import TypeVar, cast

from msgspec import Struct

from incidentops.core import moment
from incidentops.core.finding import Pointer
from incidentops.core.source import DataNode
from incidentops.core.text import quoted
from incidentops.model.entry import canonical

_Item = TypeVar("_Item", bound=Hashable)
_ONE_AT_A_TIME = ("severity", "state", "status", "audience", "services")


class MergeSide(StrEnum):
    """Git's words for the two versions that are merged."""

    OURS = "ours"
    THEIRS = "theirs"


class Conflict(Struct, frozen=True):
    """What the two sides do not agree on, ready to print, and where each of them says it."""

    message: str
    places: tuple[tuple[MergeSide, Pointer], ...]


EntryMark = tuple[str, int]
"""One entry: its canonical content, and how many like it stand before it."""


class _TimelineIndex(Struct, frozen=True):
    """The timeline of one version."""

    entries: Mapping[EntryMark, DataNode]
    index: Mapping[EntryMark, int]

    def place(self, mark: EntryMark) -> Pointer:
        return ("timeline", self.index[mark])


def entry_marks(timeline: Sequence[DataNode]) -> tuple[EntryMark, ...]:
    """Return a mark for each entry: the same for the same content, unique within the timeline."""
    seen: Counter[str] = Counter()
    found = []
    for entry in timeline:
        content = canonical(entry)
        found.append((content, seen[content]))
        seen[content] += 1
    return tuple(found)


def interleave(
    ours: Sequence[_Item], theirs: Sequence[_Item], rank: Callable[[_Item], tuple[object, ...]]
) -> tuple[_Item, ...] | None:
    """Return the items of both, each once, in an order that both keep; what neither decides goes by rank.

    None when the two have the items that they share in different orders.
    """
    shared = set(ours) & set(theirs)
    if [item for item in ours if item in shared] != [item for item in theirs if item in shared]:
        return None
    merged: list[_Item] = []
    left, right = list(reversed(ours)), list(reversed(theirs))
    while left and right:
        if left[-1] == right[-1]:
            merged.append(left.pop())
            right.pop()
        elif left[-1] in shared or (right[-1] not in shared and rank(right[-1]) < rank(left[-1])):
            merged.append(right.pop())
        else:
            merged.append(left.pop())
    return (*merged, *reversed(left), *reversed(right))


def merge_timelines(
    base: Sequence[DataNode], ours: Sequence[DataNode], theirs: Sequence[DataNode]
) -> tuple[tuple[DataNode, ...], tuple[Conflict, ...]]:
    """Return the entries of both sides by time, and all that keeps them from being one timeline."""
    landed, mine, other = _line(base), _line(ours), _line(theirs)
    conflicts = [
        *_changed(landed, MergeSide.OURS, mine, other),
        *_changed(landed, MergeSide.THEIRS, other, mine),
        *_disordered(MergeSide.OURS, ours),
        *_disordered(MergeSide.THEIRS, theirs),
        *_contradictions(mine, other),
    ]
    entries = {**mine.entries, **other.entries}
    merged = interleave(tuple(mine.entries), tuple(other.entries), lambda mark: (_at(entries[mark]), mark))
    if merged is None:
        places = ((MergeSide.OURS, ("timeline",)), (MergeSide.THEIRS, ("timeline",)))
        conflicts.append(Conflict("entries that both sides have stand in different orders", places))
    return tuple(entries[mark] for mark in merged or ()), tuple(conflicts)


def _line(timeline: Sequence[DataNode]) -> _TimelineIndex:
    named = entry_marks(timeline)
    return _TimelineIndex(dict(zip(named, timeline, strict=True)), {mark: index for index, mark in enumerate(named)})


def _at(entry: DataNode) -> datetime:
    return moment.parse(cast("str", entry["at"]))


def _when(entry: DataNode) -> str:
    return moment.clock(_at(entry))


def _changed(
    landed: _TimelineIndex, side: MergeSide, changed: _TimelineIndex, kept: _TimelineIndex
) -> Iterator[Conflict]:
    """What was there before both, and is not what it was on one side: entries are append only."""
    other = MergeSide.THEIRS if side is MergeSide.OURS else MergeSide.OURS
    for mark, entry in landed.entries.items():
        if mark in changed.entries:
            continue
        now = next((m for m, e in changed.entries.items() if m not in landed.entries and e["at"] == entry["at"]), None)
        places: list[tuple[MergeSide, Pointer]] = [(side, changed.place(now) if now else ("timeline",))]
        if mark in kept.entries:
            places.append((other, kept.place(mark)))
        how = "changed" if now else "removed"
        yield Conflict(
            f"the entry of {_when(entry)} by {quoted(entry['by'])}, which both sides began with, was {how} in {side}",
            tuple(places),
        )


def _disordered(side: MergeSide, timeline: Sequence[DataNode]) -> Iterator[Conflict]:
    for number, (before, after) in enumerate(pairwise(timeline), 1):
        if _at(after) < _at(before):
            message = f"an entry of {_when(after)} stands after one of {_when(before)} in {side}"
            yield Conflict(message, ((side, ("timeline", number)),))


def _contradictions(mine: _TimelineIndex, other: _TimelineIndex) -> Iterator[Conflict]:
    """What each side decided alone, for the same moment, and only one of them can have been decided."""
    theirs: dict[datetime, list[EntryMark]] = {}
    for mark, entry in other.entries.items():
        if mark not in mine.entries:
            theirs.setdefault(_at(entry), []).append(mark)
    for mark, entry in mine.entries.items():
        if mark in other.entries:
            continue
        for opposite in theirs.get(_at(entry), ()):
            for message in _opposed(entry, other.entries[opposite]):
                places = ((MergeSide.OURS, mine.place(mark)), (MergeSide.THEIRS, other.place(opposite)))
                yield Conflict(f"{message}, both at {_when(entry)}", places)


def _opposed(ours: DataNode, theirs: DataNode) -> Iterator[str]:
    for key in _ONE_AT_A_TIME:
        if key in ours and key in theirs and ours[key] != theirs[key]:
            yield f"{key} is {shown(ours[key])} in ours and {shown(theirs[key])} in theirs"
    engaged = ours.get("engage")
    if engaged and engaged == theirs.get("engage") and _person(ours) != _person(theirs):
        yield f"{engaged} is {quoted(_person(ours))} in ours and {quoted(_person(theirs))} in theirs"
    for one, opposite in (("engage", "release"), ("release", "engage")):
        role = ours.get(one)
        if role and role == theirs.get(opposite):
            yield f"{role} is {one}d in ours and {opposite}d in theirs"


def _person(entry: DataNode) -> object:
    return entry.get("who") or entry["by"]


def shown(value: object) -> str:
    """Return a value for a message."""
    return quoted(value if isinstance(value, str) else canonical(value))
