"""The timers of the response: who engages, when the IMOC is called, when customers hear something, when to resolve."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import accumulate
from typing import cast

from msgspec import Struct

from incidentops.core.moment import plus
from incidentops.model.entry import Entry
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.obligation import Obligation
from incidentops.model.timeline import Snapshot
from incidentops.model.vocabulary import Audience, Role, Severity, State, Status

# Names of the module are found faster than members of an enumeration.
_EOC, _IMOC, _CMOC = Role.EOC, Role.IMOC, Role.CMOC
_S1, _S2 = Severity.S1, Severity.S2
_INVESTIGATING, _MONITORING, _RESOLVED = State.INVESTIGATING, State.MONITORING, State.RESOLVED
_PARTIAL, _DISRUPTION = Status.PARTIAL, Status.DISRUPTION
_PUBLIC = Audience.PUBLIC


def response(incident: Incident, handbook: Handbook) -> Iterator[Obligation]:
    """Return everything that the response to an incident asks for, or asked for."""
    timers = _timers(incident, handbook)
    yield timers.somebody_engages()
    yield from timers.imoc_called_when_serious()
    yield from timers.imoc_called_for_an_unknown_cause()
    yield from timers.imoc_engages_in_a_disruption()
    yield from timers.monitored_after_a_disruption()
    yield from timers.alerts_acknowledged()
    yield from timers.imoc_called_for_security()
    yield from timers.first_updates()
    yield from timers.next_updates()


def _timers(incident: Incident, handbook: Handbook) -> "_ResponseTimers":
    acts, now = incident.acts, incident.now
    imoc_called = [entry.at for entry in acts if entry.page is _IMOC or entry.engage is _IMOC]
    runs = tuple(incident.runs())
    return _ResponseTimers(
        incident,
        handbook,
        runs,
        [entry for entry in acts if entry.engage],
        min(imoc_called) if imoc_called else None,
        now.acting(_IMOC),
        now.acting(_CMOC),
        incident.resolved_at,
        [*accumulate((entry.at for entry in incident.timeline), max)] if len(runs) > 1 else (),
    )


class _ResponseTimers(Struct, frozen=True, gc=False):
    """The timers of one incident, and what several of them need, looked up once.

    `runs` are those of the incident, `engaged` the entries that engage a role. `called` is when the IMOC was first
    paged or engaged, `over` when the incident was resolved, if it is; `imoc` and `cmoc` are who acts. Of a reopened
    incident `reached[i]` is the latest moment of the entries up to `i`; of others it is empty.
    """

    incident: Incident
    handbook: Handbook
    runs: Sequence[tuple[int, Entry | None]]
    engaged: Sequence[Entry]
    called: datetime | None
    imoc: str
    cmoc: str
    over: datetime | None
    reached: Sequence[datetime]

    def somebody_engages(self) -> Obligation:
        """OWN002: somebody, normally the EOC, engages in time."""
        since = self.incident.timeline[0].at
        met: datetime | None = since
        if not self.incident.snapshots[0].holders:
            met = min((entry.at for entry in self.engaged if entry.at >= since), default=None)
        due = plus(since, self.handbook.timers.acknowledge)
        owner = self.incident.now.owner
        return Obligation("OWN002", ("timeline", 0), since, due, _EOC, owner, met, self._ended(due))

    def imoc_called_when_serious(self) -> Iterator[Obligation]:
        """SEV001: an S1 or S2 has the IMOC called in time."""
        limit = self.handbook.timers.acknowledge
        for found in self.incident.intervals(_serious):
            place, due = ("timeline", found.start, "severity"), plus(found.since, limit)
            yield Obligation("SEV001", place, found.since, due, _IMOC, self.imoc, self.called, found.until)

    def imoc_called_for_an_unknown_cause(self) -> Iterator[Obligation]:
        """STA005: an investigation that lasts has the IMOC called. It counts from when an EOC is engaged."""
        timeline, snapshots = self.incident.timeline, self.incident.snapshots
        limit = self.handbook.timers.investigating
        for found in self.incident.intervals(_investigating):
            index = found.start
            while index < found.stop and _EOC not in snapshots[index].holders:
                index += 1
            if index < found.stop:
                since, place = timeline[index].at, ("timeline", found.start, "state")
                due = plus(since, limit)
                yield Obligation("STA005", place, since, due, _IMOC, self.imoc, self.called, found.until)

    def imoc_engages_in_a_disruption(self) -> Iterator[Obligation]:
        """STA004: an IMOC is engaged in time after each entry that sets such a status."""
        disruptions = [entry for entry in self.incident.acts if disrupts(entry.status)]
        engaged = sorted([entry.at for entry in self.engaged if entry.engage is _IMOC]) if disruptions else ()
        for entry in disruptions:
            there = _IMOC in self.incident.snapshots[entry.index].holders
            met = entry.at if there else _first_from(engaged, entry.at)
            place, due = ("timeline", entry.index, "status"), plus(entry.at, self.handbook.timers.acknowledge)
            yield Obligation("STA004", place, entry.at, due, _IMOC, self.imoc, met, self._ended(due))

    def monitored_after_a_disruption(self) -> Iterator[Obligation]:
        """STA003: a run with a disruption is monitored for longer than the timer before it is resolved."""
        snapshots = self.incident.snapshots
        disrupted = [entry.index for entry in self.incident.acts if disrupts(snapshots[entry.index].status)]
        for start, resolve in self.runs if disrupted else ():
            first = bisect_left(disrupted, start)
            last = resolve.index if resolve else len(snapshots)
            if disrupts(snapshots[start].status) or (first < len(disrupted) and disrupted[first] <= last):
                yield from self._monitored(resolve)

    def alerts_acknowledged(self) -> Iterator[Obligation]:
        """ALR001: an alert is acknowledged in time, or the IMOC is called."""
        for alert in self.incident.alerts:
            due = plus(alert.fired, self.handbook.timers.acknowledge)
            done = alert.acknowledged if self.called is None else min(alert.acknowledged or self.called, self.called)
            place = ("alerts", alert.index, "acknowledged")
            yield Obligation("ALR001", place, alert.fired, due, _IMOC, self.imoc, done, self._ended(due), alert.id)

    def imoc_called_for_security(self) -> Iterator[Obligation]:
        """SEC002: a grave security incident has the IMOC called in time."""
        since = _grave_since(self.incident)
        if since is not None:
            due = plus(since, self.handbook.timers.acknowledge)
            yield Obligation("SEC002", ("security",), since, due, _IMOC, self.imoc, self.called, self._ended(due))

    def first_updates(self) -> Iterator[Obligation]:
        """COM001: customers hear of what is serious and public within one update period."""
        periods = [*self.incident.intervals(_serious_and_public)]
        published = sorted([entry.at for entry in self.incident.published]) if periods else ()
        for found in periods:
            due = plus(found.since, self._update_every(self.incident.snapshots[found.start]))
            met, place = _first_from(published, found.since), ("timeline", found.start)
            yield Obligation("COM001", place, found.since, due, _CMOC, self.cmoc, met, found.until)

    def next_updates(self) -> Iterator[Obligation]:
        """COM002: after an update the next one follows, within what ruled when the first was made.

        No update is due any more once the incident is resolved, or customers may not be told.
        """
        before: Entry | None = None
        for entry in self.incident.timeline if self.incident.published else ():
            if not entry.publish and entry.state is not _RESOLVED and entry.audience is None:
                continue
            then = self.incident.snapshots[entry.index]
            public = then.audience is _PUBLIC
            if public and not entry.publish and entry.state is not _RESOLVED:
                continue
            if before is not None:
                yield self._next_update(before, entry.at if entry.publish else None, entry.at)
            asks = entry.publish and public and then.severity is not None and then.state is not _RESOLVED
            before = entry if asks else None
        if before is not None:
            yield self._next_update(before, None, None)

    def _monitored(self, resolve: Entry | None) -> Iterator[Obligation]:
        """The wait of one run; when it is resolved without any monitoring, all of the time was still to come."""
        last = (resolve.index if resolve else len(self.incident.timeline)) - 1
        monitored = last >= 0 and self.incident.snapshots[last].state is _MONITORING
        if not monitored and resolve is None:
            return
        start = self.incident.began(last, lambda then: then.state) if monitored else last + 1
        since = self.incident.timeline[start].at
        due = plus(since, self.handbook.timers.monitoring)
        place = ("timeline", resolve.index if resolve else start, "state")
        owner, met = self.incident.now.owner, resolve.at if resolve else None
        yield Obligation("STA003", place, since, due, None, owner, met, None, earliest=True)

    def _ended(self, due: datetime) -> datetime | None:
        """When the incident was over for what was due at a moment: before that, else at its end; None while live."""
        if not self.reached:
            return self.over
        index = bisect_right(self.reached, due) - 1
        if index >= 0 and self.incident.snapshots[index].state is _RESOLVED:
            return self.incident.snapshots[index].since_state
        return self.over

    def _next_update(self, before: Entry, met: datetime | None, ended: datetime | None) -> Obligation:
        due = plus(before.at, self._update_every(self.incident.snapshots[before.index]))
        place = ("timeline", before.index, "publish")
        return Obligation("COM002", place, before.at, due, _CMOC, self.cmoc, met, ended)

    def _update_every(self, then: Snapshot) -> timedelta:
        """How often customers hear something, where there is a severity; no state yet counts as investigating."""
        severity = self.handbook.severities[cast("Severity", then.severity)]
        return severity.update_every[then.state or _INVESTIGATING]


def _grave_since(incident: Incident) -> datetime | None:
    """Since when a security incident is grave: unauthorized access, a whole path blocked, or an S1."""
    security = incident.security
    if security is None:
        return None
    if security.kind == "unauthorized_access" or security.path_blocked == "whole":
        return incident.declared
    return next((entry.at for entry in incident.acts if entry.severity is _S1), None)


def _serious(then: Snapshot) -> bool:
    return (then.severity is _S1 or then.severity is _S2) and then.state is not _RESOLVED


def _serious_and_public(then: Snapshot) -> bool:
    return then.audience is _PUBLIC and _serious(then)


def _investigating(then: Snapshot) -> bool:
    return then.state is _INVESTIGATING


def disrupts(status: Status | None) -> bool:
    """Whether the handbook wants the incident manager: part of the service, or all of it, is down."""
    return status is _PARTIAL or status is _DISRUPTION


def _first_from(moments: Sequence[datetime], since: datetime) -> datetime | None:
    """The first of some sorted moments that is not before another one."""
    index = bisect_left(moments, since)
    return moments[index] if index < len(moments) else None
