"""What keeps an incident from being resolved, shown before anybody types a message for customers."""

from collections.abc import Iterator
from datetime import datetime

from incidentops.core import duration, moment
from incidentops.core.text import quoted, visible
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.obligations import monitored_until, run
from incidentops.model.vocabulary import Audience, Role, State


def obstacles(incident: Incident, handbook: Handbook, by: str, at: datetime) -> tuple[str, ...]:
    """Return a sentence for each thing that keeps this person from resolving the incident at this moment."""
    if incident.is_near_miss:
        return ("a near miss has no state, so there is nothing to resolve",)
    if incident.now.state is State.RESOLVED:
        return (f"it is already resolved, since {moment.show(incident.now.since_state)}",)
    return (*_owner(incident, by), *_monitoring(incident, handbook, at), *_manager(incident))


def needs_public_text(incident: Incident) -> bool:
    """Whether customers have read about the incident, so that they have to be told that it is over."""
    return incident.now.audience is Audience.PUBLIC and any(entry.publish for entry in incident.timeline)


def _owner(incident: Incident, by: str) -> Iterator[str]:
    now = incident.now
    if now.owner == by:
        return
    role = next((role for role in reversed(now.ownership) if role in now.holders), None)
    take = f"{by} takes over first: incident engage {role} --by {by}" if role else f"{by} engages first"
    yield (
        f"{quoted(now.owner)} owns the incident since {moment.clock(now.since_owner)}, not {quoted(by)}: "
        f"{visible(now.owner)} resolves it, or {visible(take)}"
    )


def _monitoring(incident: Incident, handbook: Handbook, at: datetime) -> Iterator[str]:
    required = duration.show(handbook.timers.monitoring)
    until = monitored_until(incident, handbook)
    if until is None:
        if incident.now.state is not State.MONITORING and any(s.status.disrupts for s in run(incident)):
            yield f"after a disruption it has to be monitored for more than {required} first"
    elif at <= until:
        since = moment.clock(incident.now.since_state)
        left = duration.show(until - at)
        end = moment.clock(until)
        yield f"it has to be monitored for more than {required}, and is since {since}: {left} left, until {end}"


def _manager(incident: Incident) -> Iterator[str]:
    disrupted = next((s for s in run(incident) if s.status.disrupts), None)
    if disrupted is None or Role.IMOC in disrupted.holders:
        return
    if not any(e.engage is Role.IMOC and e.at >= disrupted.at for e in incident.timeline):
        yield "after a disruption an imoc has to have engaged: incident engage imoc"
