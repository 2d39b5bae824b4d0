"""What the handbook's timers ask for next, computed from the record alone: a due time never gets lost in a process."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from incidentops.core.moment import LATEST, plus
from incidentops.model.handbook import Handbook, Person
from incidentops.model.incident import Incident
from incidentops.model.timeline import Snapshot
from incidentops.model.vocabulary import Audience, Role, State


@dataclass(frozen=True, slots=True)
class Obligation:
    """Something that the handbook asks for, and by when. `earliest` marks a time before which it must not be done."""

    what: str
    at: datetime
    earliest: bool = False

    def overdue(self, now: datetime) -> bool:
        """Whether its time has passed and it is not done."""
        return not self.earliest and now > self.at


def next_due(incident: Incident, handbook: Handbook) -> tuple[Obligation, ...]:
    """Return what is due on a record as it stands, soonest first."""
    if incident.is_near_miss:
        found = [*_actions(incident)]
    elif incident.live:
        found = [*_response(incident, handbook), *_communication(incident, handbook), *_monitoring(incident, handbook)]
    else:
        found = [*_review(incident, handbook), *_actions(incident)]
    return tuple(sorted(found, key=lambda due: (due.at, due.what)))


def monitored_until(incident: Incident, handbook: Handbook) -> datetime | None:
    """Return the moment after which a monitored incident may be resolved; None when nothing has to be waited for.

    Handbook: Status. A run that saw a disruption is monitored for longer than the timer before it is resolved.
    """
    now = incident.now
    if now.state is not State.MONITORING or not any(s.status.disrupts for s in run(incident)):
        return None
    return plus(now.since_state, handbook.timers.monitoring)


def run(incident: Incident) -> tuple[Snapshot, ...]:
    """Return the snapshots of the run: since the declaration, or since the latest reopen."""
    start = 0
    states = [snapshot.state for snapshot in incident.snapshots]
    for index in range(1, len(states)):
        if states[index - 1] is State.RESOLVED and states[index] is not State.RESOLVED:
            start = index
    return incident.snapshots[start:]


def _since(incident: Incident, holds: Callable[[Snapshot], bool]) -> datetime | None:
    """Return since when something has held without a break; None when it does not hold now."""
    since = None
    for snapshot in incident.snapshots:
        if not holds(snapshot):
            since = None
        elif since is None:
            since = snapshot.at
    return since


def _response(incident: Incident, handbook: Handbook) -> Iterator[Obligation]:
    now, timers = incident.now, handbook.timers
    escalated = any(entry.escalates(Role.IMOC) for entry in incident.timeline)
    if not now.holders:
        yield Obligation("somebody engages as eoc", plus(incident.declared, timers.acknowledge))
    serious = _since(incident, lambda s: bool(s.severity and s.severity.serious))
    if serious and not escalated:
        yield Obligation("the imoc is paged or engages", plus(serious, timers.acknowledge))
    disrupted = _since(incident, lambda s: s.status.disrupts)
    if disrupted and Role.IMOC not in now.holders:
        yield Obligation("the imoc engages", plus(disrupted, timers.acknowledge))
    eoc = now.holders.get(Role.EOC)
    if now.state is State.INVESTIGATING and eoc and not escalated:
        yield Obligation(
            "the cause is found, or the imoc is paged", plus(max(now.since_state, eoc.since), timers.investigating)
        )


def _communication(incident: Incident, handbook: Handbook) -> Iterator[Obligation]:
    now = incident.now
    if now.audience is not Audience.PUBLIC or now.severity is None:
        return
    every = handbook.severities[now.severity].update_every[now.state or State.INVESTIGATING]
    told = [entry.at for entry in incident.timeline if entry.publish]
    first = _since(incident, lambda s: s.audience is Audience.PUBLIC and bool(s.severity and s.severity.serious))
    since = told[-1] if told else first
    if since is not None:
        yield Obligation("an update for customers", plus(since, every))


def _monitoring(incident: Incident, handbook: Handbook) -> Iterator[Obligation]:
    until = monitored_until(incident, handbook)
    if until is not None:
        yield Obligation("resolve", until, earliest=True)


def _review(incident: Incident, handbook: Handbook) -> Iterator[Obligation]:
    resolved, worst, review = incident.resolved_at, incident.highest_severity, incident.review
    if resolved is None or worst is None or not handbook.severities[worst].review_required:
        return
    if review is None or review.started is None:
        owner = next((i.person for i in reversed(incident.role_intervals()) if i.role is Role.EOC), "")
        owner = owner or (review.owner if review else "") or _resolver(incident)
        yield Obligation(f"{owner} starts the review", review_start(resolved, handbook, handbook.people.get(owner)))


def _resolver(incident: Incident) -> str:
    return next(e.by for e in reversed(incident.timeline) if e.state is State.RESOLVED)


def review_start(resolved: datetime, handbook: Handbook, person: Person | None) -> datetime:
    """Return by when a review is to be started: the span after the resolve, or the end of the person's working day.

    Resolved after that end, it is the next day's (handbook: Engineer on Call; rule RCA002).
    """
    span = handbook.timers.review_started
    if span is not None:
        return plus(resolved, span)
    if person is None:
        return plus(resolved, timedelta(days=1))
    try:
        local = resolved.astimezone(ZoneInfo(person.timezone))
        ends = local.replace(hour=person.day_ends.hour, minute=person.day_ends.minute, second=0, microsecond=0)
        return (ends if local <= ends else ends + timedelta(days=1)).astimezone(UTC)
    except OverflowError:
        return LATEST


def _actions(incident: Incident) -> Iterator[Obligation]:
    for action in incident.corrective_actions:
        if action.due is not None and not action.closed:
            yield Obligation(f"corrective action {action.key}", _end_of(action.due))


def _end_of(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=UTC)
