"""What is due of whom by when: every timer of the handbook, computed once, from the record alone.

`show`, the rules about lateness, what `resolve` waits for and the review issue read this. Nothing else counts time.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta

from incidentops.model.handbook import Handbook
from incidentops.model.incident import CorrectiveAction, Incident
from incidentops.model.obligation import Obligation
from incidentops.model.response import response
from incidentops.model.review_owner import review_assignment, review_required
from incidentops.model.vocabulary import Role


def obligations(incident: Incident, handbook: Handbook) -> tuple[Obligation, ...]:
    """Return everything that is or was due on a record, rule by rule, each rule's in the order of the record."""
    if incident.is_near_miss:
        return tuple(follow_up(incident, handbook))
    return (*response(incident, handbook), *follow_up(incident, handbook))


def follow_up(incident: Incident, handbook: Handbook) -> Iterator[Obligation]:
    """Return the part of them that is left when nobody works on an incident any more: its review, its actions."""
    yield from _review(incident, handbook)
    yield from _actions(incident, handbook)


def next_due(incident: Incident, handbook: Handbook) -> tuple[Obligation, ...]:
    """Return what is still to be done on a record, soonest first."""
    return tuple(sorted((one for one in obligations(incident, handbook) if one.open), key=_soonest))


def _soonest(one: Obligation) -> tuple[datetime, str, int]:
    return one.due, one.code, one.index


def _review(incident: Incident, handbook: Handbook) -> Iterator[Obligation]:
    """RCA002: a review that is required is started in time."""
    assigned = review_assignment(incident, handbook) if review_required(incident, handbook) else None
    if assigned:
        started, place = incident.review.started if incident.review else None, ("review", "started")
        since, owner = assigned.since, assigned.owner
        yield Obligation("RCA002", place, since, assigned.due, Role.EOC, owner, started, started)


def _actions(incident: Incident, handbook: Handbook) -> Iterator[Obligation]:
    """ACT002: an action is planned for a day that its severity allows, counted from the resolve.

    Only a day that is too late makes an obligation of it: the others were met when they were written down.
    ACT003: it is done on its day, unless nobody is going to do it. That counts from the declaration, so that neither
    a reopen nor another day makes another obligation of it.
    """
    since = incident.declared if incident.is_near_miss else incident.resolved_at
    for action in incident.corrective_actions:
        if action.due is None:
            continue
        severity = action.severity or incident.now.severity
        if since is not None and severity is not None:
            last = _later(since.date(), handbook.severities[severity].corrective_action_due)
            if action.due > last:
                yield _planned(action, since, last, action.due)
        if not action.wont_do:
            yield _done(action, action.due, incident.declared)


def _planned(action: CorrectiveAction, since: datetime, last: date, day: date) -> Obligation:
    place, planned = ("corrective_actions", action.index, "due"), _end_of(day)
    return Obligation("ACT002", place, since, _end_of(last), None, action.owner, planned, planned, action.key)


def _done(action: CorrectiveAction, day: date, since: datetime) -> Obligation:
    place, done = ("corrective_actions", action.index, "due"), _end_of(action.done) if action.done else None
    return Obligation("ACT003", place, since, _end_of(day), None, action.owner, done, None, action.key, lasting=False)


def _later(day: date, within: timedelta) -> date:
    """Add whole days; at the edge of the calendar stay there."""
    try:
        return day + within
    except OverflowError:
        return date.max


def _end_of(day: date) -> datetime:
    """Return the last moment of a day (UTC)."""
    return datetime.combine(day, time.max, UTC)
