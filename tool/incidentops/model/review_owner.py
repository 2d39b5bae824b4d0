"""Who owns the review of a record, and by when it is to be started: one answer for all who ask."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

from incidentops.core.moment import LATEST, plus
from incidentops.model.entry import Entry
from incidentops.model.handbook import Handbook, Person
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Role, State


class ReviewAssignment(Struct, frozen=True):
    """The review of a record: `owner` starts it by `due`, counted from `since`.

    `day` is the date of `due` where the person lives whose working day counts, None at the edge of the calendar.
    `found` says whether the record leads to an owner; if not, whoever resolved stands in.
    """

    owner: str
    found: bool
    since: datetime
    due: datetime
    day: date | None


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
    resolve = _resolve(incident)
    if resolve is None:
        return None
    on_call = incident.snapshots[resolve.index].engaged(Role.EOC) or ""
    owner = named or on_call or _last_eoc(incident)
    stands_in = owner or resolve.by
    return _assignment(stands_in, on_call or stands_in, resolve.at, handbook, found=bool(owner))


def _resolve(incident: Incident) -> Entry | None:
    """Return the entry that resolved the incident, while that holds."""
    index = len(incident.snapshots)
    while index and incident.snapshots[index - 1].state is State.RESOLVED:
        index -= 1
    return incident.timeline[index] if index < len(incident.timeline) else None


def _last_eoc(incident: Incident) -> str:
    return next((entry.person for entry in reversed(incident.timeline) if entry.engage is Role.EOC), "")


def _assignment(
    owner: str, whose_day: str, since: datetime, handbook: Handbook, *, found: bool = True
) -> ReviewAssignment:
    person = handbook.people.get(whose_day)
    due = _due(since, handbook.timers.review_started, person)
    return ReviewAssignment(owner, found, since, due, _local_day(due, person.timezone if person else "UTC"))


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


def _local_day(moment: datetime, zone: str) -> date | None:
    try:
        return moment.astimezone(ZoneInfo(zone)).date()
    except OverflowError:
        return None
