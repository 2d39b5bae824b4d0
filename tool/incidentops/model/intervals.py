"""Where something held without a break in a timeline, and what the runs of an incident are."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import pairwise, zip_longest

from msgspec import Struct

from incidentops.model.entry import Entry
from incidentops.model.incident import Incident
from incidentops.model.timeline import Snapshot
from incidentops.model.vocabulary import State

_RESOLVED = State.RESOLVED


class TimelineInterval(Struct, frozen=True, gc=False):
    """Entries `start` to before `stop`, from `since` until `until`, which is None while it lasts."""

    start: int
    stop: int
    since: datetime
    until: datetime | None


def intervals(timeline: Sequence[Entry], holds: Sequence[bool]) -> Iterator[TimelineInterval]:
    """Return where something held without a break; `holds` has a value for each entry."""
    if True not in holds:
        return
    edges = [index for index, (before, after) in enumerate(pairwise((False, *holds))) if before is not after]
    for start, stop in zip_longest(edges[::2], edges[1::2]):
        if stop is None:
            yield TimelineInterval(start, len(timeline), timeline[start].at, None)
        else:
            yield TimelineInterval(start, stop, timeline[start].at, timeline[stop].at)


def runs(incident: Incident) -> Iterator[tuple[int, Entry | None]]:
    """Return the index of the first entry of each run, and the entry that resolved it; None for one that goes on.

    A run is from the declaration, or a reopen, to the resolve.
    """
    start: int | None = 0
    for entry, snapshot in zip(incident.timeline, incident.snapshots, strict=True):
        if snapshot.state is _RESOLVED:
            if start is not None:
                yield start, entry
            start = None
        elif start is None:
            start = entry.index
    if start is not None:
        yield start, None


def resolves(incident: Incident) -> Iterator[tuple[int, Entry]]:
    """Return every entry that resolved a run, each with the index of the first entry of the run."""
    return ((start, entry) for start, entry in runs(incident) if entry is not None)


def began(incident: Incident, index: int, what: Callable[[Snapshot], object]) -> int:
    """Return the index of the entry with which something began that is true after the entry at `index`."""
    value = what(incident.snapshots[index])
    while index and what(incident.snapshots[index - 1]) == value:
        index -= 1
    return index
