"""The order in which effects are carried out, whatever provider they are at."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from incidentops.core.moment import EARLIEST
from incidentops.model.incident import Incident
from incidentops.plan.effect import Effect
from incidentops.plan.resource import SHARED, ResourceName

SortKey = tuple[int, bool, bool, str, datetime, str, str]

_NO_SEVERITY = "S9"


def in_order(effects: Sequence[Effect], incidents: Mapping[str, Incident]) -> tuple[Effect, ...]:
    """Return effects in the order in which they are carried out.

    People are paged first, customers are informed next, then everything else; within each, what the repository shares,
    live incidents before those that are over, severe before mild, old before new. What something needs comes before
    it, and what follows from a message (the status of a component) goes along with it. Effects of one resource stay
    in the order in which they were given.
    """
    ranks = _ranks(effects)
    ordered = sorted(effects, key=lambda effect: _key(effect, ranks[effect.name], incidents.get(effect.name.incident)))
    return _after_what_they_need(ordered)


def _key(effect: Effect, rank: int, incident: Incident | None) -> SortKey:
    """The one sort key."""
    severity = incident.now.severity if incident else None
    return (
        rank,
        effect.name.incident != SHARED,
        incident is not None and not incident.live,
        str(severity) if severity else _NO_SEVERITY,
        incident.declared if incident else EARLIEST,
        effect.name.incident,
        effect.name.provider,
    )


def _ranks(effects: Sequence[Effect]) -> Mapping[ResourceName, int]:
    """The rank of each resource: that of its nature, or of something better that it needs."""
    own = {effect.name: effect.resource.nature.treatment.rank for effect in effects}
    return {
        effect.name: min(own[name] for name in (effect.name, *effect.resource.needs) if name in own)
        for effect in effects
    }


def _after_what_they_need(ordered: Sequence[Effect]) -> tuple[Effect, ...]:
    """Move what is needed in front of what needs it; nothing else moves. A circle is left as it is."""
    groups: dict[ResourceName, list[Effect]] = {}
    for effect in ordered:
        groups.setdefault(effect.name, []).append(effect)
    placed: dict[ResourceName, None] = {}
    for name in groups:
        begun: set[ResourceName] = set()
        waiting = [name]
        while waiting:
            current = waiting[-1]
            begun.add(current)
            needs = groups[current][0].resource.needs
            missing = next((n for n in needs if n in groups and n not in placed and n not in begun), None)
            if missing is None:
                placed.setdefault(waiting.pop())
            else:
                waiting.append(missing)
    return tuple(effect for name in placed for effect in groups[name])
