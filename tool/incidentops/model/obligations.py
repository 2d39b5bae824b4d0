"""What is due of whom by when: every timer of the handbook, computed once, from the record alone.

`show`, the rules about lateness, what `resolve` waits for and the review issue read this. Nothing else counts time.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from incidentops.core.moment import LATEST, plus
from incidentops.model.handbook import Handbook, Person
from incidentops.model.incident import CorrectiveAction, Incident
from incidentops.model.obligation import Obligation
from incidentops.model.response import response
from incidentops.model.vocabulary import Role


def obligations(incident: Incident, handbook: Handbook) -> tuple[Obligation, ...]:
    """Return everything that is or was due on a record, rule by rule, each rule's in the order of the record."""
    if incident.is_near_miss:
        return tuple(follow_up(incident, handbook))
    return (*response(incident, handbook), *follow_up(incident, handbook))


def next_due(incident: Incident, handbook: Handbook) -> tuple[Obligation, ...]:
    """Return what is still to be done on a record, soonest first."""
    open_ones = (one for one in obligations(incident, handbook) if one.open)
    return tuple(sorted(open_ones, key=lambda one: (one.due, one.code, one.index)))


def follow_up(incident: Incident, handbook: Handbook) -> Iterator[Obligation]:
    """Return the part of them that is left when nobody works on an incident any more: its review, its actions.

    RCA002: a review that is required is started in time.
    """
    assigned = review_assignment(incident, handbook) if review_required(incident, handbook) else None
    if assigned:
        started, place = incident.review.started if incident.review else None, ("review", "started")
        yield Obligation("RCA002", place, assigned.since, assigned.due, Role.EOC, assigned.owner, started, started)
    since = incident.declared if incident.is_near_miss else incident.resolved_at
    for action in incident.corrective_actions:
        if action.due:
            yield from _action(incident, handbook, action, action.due, since)


def _action(
    incident: Incident, handbook: Handbook, action: CorrectiveAction, day: date, since: datetime | None
) -> Iterator[Obligation]:
    """ACT002: an action is planned for a day that its severity allows, counted from the resolve.

    Only a day that is too late makes an obligation of it: the others were met when they were written down.
    ACT003: it is done on its day, unless nobody is going to do it. That counts from the declaration, so that neither
    a reopen nor another day makes another obligation of it.
    """
    place, end = ("corrective_actions", action.index, "due"), _end_of(day)
    severity = action.severity or incident.now.severity
    if since is not None and severity is not None:
        last = _later(since.date(), handbook.severities[severity].corrective_action_due)
        if day > last:
            yield Obligation("ACT002", place, since, _end_of(last), None, action.owner, end, end, action.key)
    if not action.wont_do:
        declared, done = incident.declared, _end_of(action.done) if action.done else None
        yield Obligation("ACT003", place, declared, end, None, action.owner, done, None, action.key, lasting=False)


def _later(day: date, within: timedelta) -> date:
    """Add whole days; at the edge of the calendar stay there."""
    try:
        return day + within
    except OverflowError:
        return date.max


def _end_of(day: date) -> datetime:
    """Return the last moment of a day (UTC)."""
    return datetime.combine(day, time.max, UTC)


class ReviewAssignment(Struct, frozen=True):
    """The review of a record: `owner` starts it by `due`, counted from `since`.

    `found` says whether the record leads to an owner; if not, whoever resolved stands in. `timezone` is that of the
    person whose working day counts.
    """

    owner: str
    found: bool
    since: datetime
    due: datetime
    timezone: str

    @property
    def day(self) -> date | None:
        """The date of `due` where that person lives, None at the edge of the calendar."""
        try:
            return self.due.astimezone(ZoneInfo(self.timezone)).date()
        except OverflowError:
            return None


def review_required(incident: Incident, handbook: Handbook) -> bool:
    """Whether an incident is resolved and was, at its worst, of a severity that asks for a review."""
    if incident.is_near_miss or incident.resolved_at is None:
        return False
    worst = incident.highest_severity
    return worst is not None and handbook.severities[worst].review_required


def review_assignment(incident: Incident, handbook: Handbook) -> ReviewAssignment | None:
    """Return who owns the review and when it is due; None for an incident that is not resolved.

    The owner is whom the record names, else the EOC at the resolve, else the last EOC before, else who resolved. The
    working day is that of the EOC at the resolve, else the owner's. The review of a near miss is owned by who noticed
    it when the record names nobody.
    """
    named = incident.review.owner if incident.review else ""
    if incident.is_near_miss:
        owner = named or incident.declarer
        return _assignment(owner, owner, incident.declared, handbook)
    if incident.resolved_at is None:
        return None
    resolve = incident.timeline[incident.began(len(incident.timeline) - 1, lambda then: then.state)]
    on_call = incident.snapshots[resolve.index].engaged(Role.EOC) or ""
    eocs = (entry.person for entry in reversed(incident.timeline) if entry.engage is Role.EOC)
    owner = named or on_call or next(eocs, "")
    stands_in = owner or resolve.by
    return _assignment(stands_in, on_call or stands_in, resolve.at, handbook, found=bool(owner))


def _assignment(
    owner: str, whose_day: str, since: datetime, handbook: Handbook, *, found: bool = True
) -> ReviewAssignment:
    person = handbook.people.get(whose_day)
    due = _due(since, handbook.timers.review_started, person)
    return ReviewAssignment(owner, found, since, due, person.timezone if person else "UTC")


def _due(since: datetime, given: timedelta | None, person: Person | None) -> datetime:
    """Return when a review must have been started: after the time given, else when the person's working day ends.

    When that day is over already, it is the end of the next one.
    """
    if given is not None:
        return plus(since, given)
    if person is None:
        return plus(since, timedelta(days=1))
    try:
        local = since.astimezone(ZoneInfo(person.timezone))
        ends = local.replace(hour=person.day_ends.hour, minute=person.day_ends.minute, second=0, microsecond=0)
        return (ends if local <= ends else ends + timedelta(days=1)).astimezone(UTC)
    except OverflowError:
        return LATEST
