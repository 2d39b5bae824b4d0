"""What reviewers were shown, and what of an effect they were not.

The end that a field reaches is what people agree to, not the way there: between a plan and its landing, other runs
do a part of it, so that a creation has become an update and `before` is another one (docs/decisions: the review).
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from incidentops.plan.effect import Effect, Verb
from incidentops.plan.resource import ResourceName, Value, remembered


class ReviewedEffect(Struct, frozen=True):
    """What one reviewed plan showed: the value that each field would reach, and what would be made."""

    values: Mapping[ResourceName, Mapping[str, Value]]
    made: frozenset[ResourceName]


class Unreviewed(Struct, frozen=True):
    """What of an effect was not shown: the fields, and whether nobody was shown that it would be made at all."""

    fields: tuple[str, ...]
    making: bool = False

    def __bool__(self) -> bool:
        """Whether there is anything that nobody was shown."""
        return self.making or bool(self.fields)


def shown(effects: Iterable[Effect]) -> ReviewedEffect:
    """Return what a plan showed as going to happen.

    What was skipped, or was left to a person, nobody agreed to. What was unresolved counts: its content was there to
    be read, and it was open only whether an earlier run had done it already.
    """
    values: dict[ResourceName, dict[str, Value]] = {}
    made = set()
    for effect in effects:
        if effect.skip_reason or effect.verb is Verb.MANUAL:
            continue
        reached = values.setdefault(effect.name, {})
        reached |= {field: remembered(value) for field, value in effect.after.items()}
        if effect.verb.makes:
            made.add(effect.name)
    return ReviewedEffect(values, frozenset(made))


def unseen(effect: Effect, plans: Sequence[ReviewedEffect]) -> Unreviewed:
    """Return what of an effect none of the plans showed.

    Fields that a person moved are restored to what was agreed to before; what several records decide together was
    shown with each of them.
    """
    if effect.resource.joint or effect.verb is Verb.ADOPT:
        return Unreviewed(())
    making = effect.verb.makes and not any(effect.name in plan.made for plan in plans)
    fields = (name for name in effect.after if name not in effect.restored)
    return Unreviewed(tuple(name for name in fields if not _reached(effect, name, plans)), making)


def _reached(effect: Effect, field: str, plans: Sequence[ReviewedEffect]) -> bool:
    wanted = remembered(effect.after[field])
    reached = (plan.values.get(effect.name, {}) for plan in plans)
    return any(field in values and values[field] == wanted for values in reached)
