"""What keeps an incident from being resolved, shown before anybody types a message for customers."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from incidentops.core import duration, moment
from incidentops.core.text import quoted, visible
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.obligation import Obligation
from incidentops.model.obligations import obligations
from incidentops.model.response import disrupts
from incidentops.model.vocabulary import Audience, State


def obstacles(incident: Incident, handbook: Handbook, by: str, at: datetime) -> tuple[str, ...]:
    """Return a sentence for each thing that keeps this person from resolving the incident at this moment."""
    if incident.is_near_miss:
        return ("a near miss has no state, so there is nothing to resolve",)
    if incident.now.state is State.RESOLVED:
        return (f"it is already resolved, since {moment.show(incident.now.since_state)}",)
    due = obligations(incident, handbook)
    return (*_owner(incident, by), *_monitoring(incident, handbook, due, at), *_manager(incident, due))


def needs_public_text(incident: Incident) -> bool:
    """Whether customers have read about the incident, so that they need a final message."""
    return incident.now.audience is Audience.PUBLIC and any(entry.publish for entry in incident.timeline)


def _owner(incident: Incident, by: str) -> Iterator[str]:
    now = incident.now
    if now.owner == by:
        return
    engage = f"takes over first: incident engage {now.owner_role} --by {by}" if now.owner_role else "engages first"
    yield (
        f"{quoted(now.owner)} owns the incident since {moment.clock(now.since_owner)}, not {quoted(by)}: "
        f"{visible(now.owner)} resolves it, or {visible(f'{by} {engage}')}"
    )


def _monitoring(incident: Incident, handbook: Handbook, due: Sequence[Obligation], at: datetime) -> Iterator[str]:
    required = duration.show(handbook.timers.monitoring)
    wait = next((one for one in due if one.code == "STA003" and one.open), None)
    if wait is None:
        if any(disrupts(snapshot.status) for snapshot in incident.snapshots[_run_began(incident) :]):
            yield f"after a disruption it has to be monitored for more than {required} first"
    elif at <= wait.due:
        since, end, left = moment.clock(wait.since), moment.clock(wait.due), duration.show(wait.due - at)
        yield f"it has to be monitored for more than {required}, and is since {since}: {left} left, until {end}"


def _manager(incident: Incident, due: Sequence[Obligation]) -> Iterator[str]:
    start = _run_began(incident)
    if any(one.code == "STA004" and one.met is None and one.index >= start for one in due):
        yield "after a disruption an imoc has to have engaged: incident engage imoc"


def _run_began(incident: Incident) -> int:
    """Return the index of the first entry of the run that goes on."""
    *_, (start, _) = incident.runs()
    return start
