"""For how long a verdict holds when nothing changes but the time of day, so that it may be remembered until then."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta

from incidentops.core.finding import Finding
from incidentops.core.moment import LATEST, plus
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.obligations import follow_up
from incidentops.rules.engine.context import Context
from incidentops.rules.timeline import time_in_the_future

_MOMENT, _DAY = timedelta(microseconds=1), timedelta(days=1)


def valid_until(incident: Incident, found: Iterable[Finding], context: Context) -> datetime:
    """Return from when on the verdict of `context.now` may be another one; `now` itself when it may not be remembered.

    The clock counts while an incident is live, for times in the future (TIM002 tells the time), for waivers
    (WAV001), and for what is still to be done after the end: a review to start, actions.
    """
    now = context.now
    if incident.live or any(finding.code == time_in_the_future.code for finding in found):
        return now
    return min((edge for edge in _edges(incident, context.handbook) if edge > now), default=LATEST)


def _edges(incident: Incident, handbook: Handbook) -> Iterator[datetime]:
    for waiver in incident.waivers:
        yield _end_of(waiver.until)
    for one in follow_up(incident, handbook):
        if one.open:
            yield plus(one.due, _MOMENT)  # at the moment itself it is still in time


def _end_of(day: date) -> datetime:
    """The first moment after a day (UTC)."""
    return plus(datetime.combine(day, time(), UTC), _DAY)
