"""Brakes on a plan that looks wrong (docs/services.md: Lists): they leave effects for the next run, and say so."""

from collections.abc import Sequence
from dataclasses import replace

from incidentops.plan.effect import Effect


def cap_creations(effects: Sequence[Effect], most: int) -> tuple[Effect, ...]:
    """Leave what would be made beyond `most` in one run, in the order in which effects are carried out.

    Counted is what would be there twice if it was made twice, pages and messages aside.
    """
    left = most
    capped = []
    for effect in effects:
        if effect.to_do and effect.once and effect.resource.nature.treatment.capped:
            left -= 1
            if left < 0:
                reason = f"more than {most} would be made in one run; run again, or allow it with --max-creates"
                capped.append(replace(effect, unresolved=reason))
                continue
        capped.append(effect)
    return tuple(capped)
