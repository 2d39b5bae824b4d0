"""Why an effect was refused, in words: each field that no reviewer saw, before and after, and what they saw instead."""

from collections.abc import Sequence

from incidentops.core.text import quoted
from incidentops.plan.approval import ReviewedEffect, Unreviewed
from incidentops.plan.effect import Effect
from incidentops.plan.resource import Value
from incidentops.render.effects import shown


def difference(effect: Effect, gap: Unreviewed, plans: Sequence[ReviewedEffect]) -> str:
    """Return what nobody reviewed of an effect, on one line."""
    parts = []
    if gap.making:
        parts.append(f"that {effect.name.short} is made at all")
    parts += [_field(effect, name, plans) for name in gap.fields]
    return "; ".join(parts)


def _field(effect: Effect, name: str, plans: Sequence[ReviewedEffect]) -> str:
    before = f"{_words(effect.before[name])} -> " if name in effect.before else ""
    reviewed = [plan.values[effect.name][name] for plan in plans if name in plan.values.get(effect.name, {})]
    instead = f" (reviewed: {_words(reviewed[0])})" if reviewed else ""
    return f"{name} {before}{_words(effect.after[name])}{instead}"


def _words(value: Value) -> str:
    return quoted(" ".join(shown(value).split()), 120)
