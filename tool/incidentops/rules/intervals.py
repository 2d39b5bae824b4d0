"""Questions about stretches of time that several rules ask. Differences are compared, so nothing can overflow."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from incidentops.core import moment
from incidentops.model.entry import Entry
from incidentops.model.incident import Incident
from incidentops.model.timeline import Snapshot
from incidentops.model.vocabulary import Role, State


class Stretch(Struct, frozen=True):
    """An unbroken stretch of the timeline: entries `start` to before `stop`, from `since` until `until`."""

    start: int
    stop: int
    since: datetime
    until: datetime

    def longer_than(self, span: timedelta) -> bool:
        """Whether it lasted more than the span."""
        return self.until - self.since > span


def stretches(incident: Incident, holds: Callable[[Snapshot], bool], now: datetime) -> Iterator[Stretch]:
    """Return where something held; a stretch that has not ended lasts until now. `holds` is false once resolved."""
    start: int | None = None
    timeline = incident.timeline
    for index, snapshot in enumerate(incident.snapshots):
        if holds(snapshot):
            start = index if start is None else start
        elif start is not None:
            yield Stretch(start, index, timeline[start].at, timeline[index].at)
            start = None
    if start is not None:
        yield Stretch(start, len(timeline), timeline[start].at, now)


def resolves(incident: Incident) -> Iterator[tuple[int, Entry]]:
    """Return every entry that resolved, each with the index of the entry its run began with (RULES: The run)."""
    start, resolved = 0, False
    for entry, snapshot in zip(incident.timeline, incident.snapshots, strict=True):
        is_resolved = snapshot.state is State.RESOLVED
        if is_resolved and not resolved:
            yield start, entry
        elif resolved and not is_resolved:
            start = entry.index
        resolved = is_resolved


def began(incident: Incident, index: int, what: Callable[[Snapshot], object]) -> int:
    """Return the index of the entry with which something began that is true after the entry at `index`."""
    value = what(incident.snapshots[index])
    while index and what(incident.snapshots[index - 1]) == value:
        index -= 1
    return index


def escalated(incident: Incident, since: datetime, within: timedelta) -> bool:
    """Whether the IMOC was paged or engaged at or before `since` + `within` (RULES: IMOC escalated by T)."""
    return any(e.escalates(Role.IMOC) and e.at - since <= within for e in incident.timeline)


def engaged_in(incident: Incident, role: Role | None, first: Entry, within: timedelta) -> bool:
    """Whether somebody held the role (None: any role) at some moment from an entry on, for a span."""
    held = incident.snapshots[first.index].holders
    if role in held or (role is None and held):
        return True
    return any(
        e.engage and role in (None, e.engage) and timedelta(0) <= e.at - first.at <= within for e in incident.timeline
    )


def ran_out(incident: Incident, since: datetime, span: timedelta, now: datetime) -> bool:
    """Whether a time that was given from `since` ran out while the incident was going on."""
    end = now if incident.live else incident.resolved_at or since
    if end - since <= span:
        return False
    then = incident.at(moment.plus(since, span))
    return then is None or then.state is not State.RESOLVED
