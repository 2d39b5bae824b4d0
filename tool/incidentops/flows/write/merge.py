"""Merge two versions of a record: read → merge data → compose text → check. A conflict names places on each side."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from msgspec import Struct

from incidentops.core.errors import Refused, WrongUse
from incidentops.core.finding import Finding, Pointer
from incidentops.core.source import DataNode
from incidentops.flows.read.archive import Archive, Opened, RecordCheck
from incidentops.flows.write.compose import compose
from incidentops.model.entry import canonical
from incidentops.model.incident import Incident
from incidentops.model.merge import merge_data
from incidentops.model.merge_timelines import Conflict, EntryMark, MergeSide, entry_marks
from incidentops.store.yaml import roundtrip

_MOST = 5
"""Places named for one side; more do not help."""


class MergeVersions(Struct, frozen=True):
    """A record in the versions that git has of it; `base` is empty when both sides added the record.

    `drafts` are git's merges of the texts, tried first: they keep what both sides did to comments and layout.
    """

    file: str
    base: bytes
    ours: bytes
    theirs: bytes
    drafts: Sequence[bytes] = ()


class MergedRecord(Struct, frozen=True):
    """The merged text, and the comments that were left out of it, with their side."""

    text: str
    left_out: tuple[tuple[MergeSide, str], ...] = ()


class ConflictReason(Struct, frozen=True):
    """Why two versions cannot be merged, and where to look: side, line, column."""

    message: str
    places: tuple[tuple[MergeSide, int, int], ...] = ()
    hint: str = ""


class MergeConflict(Struct, frozen=True):
    """Two versions that a person has to merge."""

    reasons: tuple[ConflictReason, ...]


_Sides = Mapping[MergeSide, Incident]


def merge(archive: Archive, versions: MergeVersions, check: RecordCheck) -> MergedRecord | MergeConflict:
    """Merge two versions of a record, or return the conflict. The data is the same in both directions."""
    base = archive.build(versions.file, versions.base) if versions.base.strip() else None
    ours, theirs = (archive.build(versions.file, content) for content in (versions.ours, versions.theirs))
    if ours.incident is None or theirs.incident is None or (base is not None and base.incident is None):
        return MergeConflict(tuple(_unreadable(("base", base), ("ours", ours), ("theirs", theirs))))
    sides = {MergeSide.OURS: ours.incident, MergeSide.THEIRS: theirs.incident}
    was = base.incident.source.data if base is not None and base.incident is not None else None
    data = merge_data(was, ours.incident.source.data, theirs.incident.source.data)
    if data.conflicts:
        return MergeConflict(tuple(_conflict(sides, conflict) for conflict in data.conflicts))
    merged = _composed(versions, data.data)
    if isinstance(merged, ConflictReason):
        return MergeConflict((merged,))
    together = archive.build(versions.file, merged.text.encode())
    broken = tuple(_broken(sides, (ours, theirs), together, check))
    return MergeConflict(broken) if broken else merged


def _unreadable(*read: tuple[str, Opened | None]) -> Iterator[ConflictReason]:
    for name, opened in read:
        if opened is not None and opened.incident is None:
            first = opened.findings[0]
            where = f"{first.location.line}:{first.location.column}"
            yield ConflictReason(
                f"{name} is not a valid record: {first.code} at {where}: {first.message}", hint=first.hint
            )


def _conflict(sides: _Sides, conflict: Conflict) -> ConflictReason:
    return ConflictReason(conflict.message, tuple(_place(sides, side, pointer) for side, pointer in conflict.places))


def _place(sides: _Sides, side: MergeSide, pointer: Pointer) -> tuple[MergeSide, int, int]:
    location = sides[side].source.at(*pointer)
    return side, location.line, location.column


def _broken(sides: _Sides, alone: Sequence[Opened], together: Opened, check: RecordCheck) -> Iterator[ConflictReason]:
    """What blocks the merged record and neither side alone, such as a resolve by a former owner."""
    if together.incident is None:
        yield from _unreadable(("the merged text", together))
        return
    known = {
        _identity(finding, one.incident)
        for one in alone
        if one.incident
        for finding in check(one.incident, one.text)
        if finding.blocks
    }
    for finding in check(together.incident, together.text):
        if finding.blocks and _identity(finding, together.incident) not in known:
            message = f"together they break {finding.code}: {finding.message}"
            yield ConflictReason(message, tuple(_where(sides, together.incident, finding.pointer)), finding.hint)


def _identity(finding: Finding, incident: Incident) -> tuple[object, ...]:
    """What a finding is about, by content: an entry has another index, and another line, in each version."""
    match finding.pointer:
        case (str(key), int(index), *rest):
            items = cast("Sequence[object]", incident.source.data[key])
            return finding.code, key, canonical(items[index]), *rest
    return finding.code, finding.message, *finding.pointer


def _where(sides: _Sides, together: Incident, pointer: Pointer) -> Iterator[tuple[MergeSide, int, int]]:
    """Where to look: at the entry on the side that has it, and at what the other side did alone."""
    at = _entry_at(together, pointer)
    for side, mine in sides.items():
        other = sides[MergeSide.THEIRS if side is MergeSide.OURS else MergeSide.OURS]
        if at is None:
            yield _place(sides, side, pointer)
            continue
        alone = _alone(mine, other)
        where = [alone[at]] if at in alone else list(alone.values()) or _differing(mine, other)
        yield from (_place(sides, side, pointer) for pointer in where[:_MOST])


def _alone(mine: Incident, other: Incident) -> Mapping[EntryMark, Pointer]:
    """The entries that one side has and the other has not."""
    theirs = _entries(other)
    return {mark: ("timeline", index) for mark, index in _entries(mine).items() if mark not in theirs}


def _differing(mine: Incident, other: Incident) -> list[Pointer]:
    """The keys in which one side differs from the other, the timeline aside."""
    data, theirs = mine.source.data, other.source.data
    return [(key,) for key in data if key != "timeline" and data[key] != theirs.get(key)]


def _entries(incident: Incident) -> Mapping[EntryMark, int]:
    return {mark: index for index, mark in enumerate(entry_marks([entry.content for entry in incident.timeline]))}


def _entry_at(incident: Incident, pointer: Pointer) -> EntryMark | None:
    match pointer:
        case ("timeline", int(index), *_):
            return list(_entries(incident))[index]
    return None


def _composed(versions: MergeVersions, data: DataNode) -> MergedRecord | ConflictReason:
    """Start from each draft, then from each side, until no comment is left out; else take the best of them.

    Both sides are tried, so that the direction of the merge makes no difference.
    """
    sources = [versions.theirs.decode(), versions.ours.decode()]
    best: MergedRecord | None = None
    refused = ""
    for draft in (*versions.drafts, versions.ours, versions.theirs):
        try:
            text = compose(draft.decode("utf-8", "replace"), data, sources)
        except (Refused, WrongUse) as error:
            refused = error.message
            continue
        merged = MergedRecord(text, tuple(_left_out(versions, text)))
        if not merged.left_out:
            return merged
        if best is None or len(merged.left_out) < len(best.left_out):
            best = merged
    return best or ConflictReason(f"the layout of the file cannot be merged safely: {refused}")


def _left_out(versions: MergeVersions, text: str) -> Iterator[tuple[MergeSide, str]]:
    """The comments that a side added and that are not in the text."""
    there = _comments(text) | _comments(versions.base.decode())
    for side, content in ((MergeSide.OURS, versions.ours), (MergeSide.THEIRS, versions.theirs)):
        for comment in (_comments(content.decode()) - there).elements():
            yield side, comment


def _comments(text: str) -> Counter[str]:
    read = roundtrip.load(text)
    return Counter(read.comments if read else ())
