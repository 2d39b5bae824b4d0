"""Brakes on a plan that looks wrong (docs/services.md: Lists): they withhold, and say so."""

from collections.abc import Sequence
from dataclasses import replace

from incidentops.plan.effect import Effect, Verb


def cap_creations(effects: Sequence[Effect], most: int) -> tuple[Effect, ...]:
    """Withhold creations beyond `most` in one run; labels and links, which do no harm twice, are not counted."""
    left = most
    capped = []
    for effect in effects:
        if effect.verb is Verb.CREATE and effect.once and effect.to_do:
            left -= 1
            if left < 0:
                reason = f"more than {most} would be made in one run; run again, or allow it with --max-creates"
                capped.append(replace(effect, unknown=reason))
                continue
        capped.append(effect)
    return tuple(capped)
