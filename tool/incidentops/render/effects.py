"""An effect in words: how it stands, and each field before and after. Shared by the text and the Markdown of a plan."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from incidentops.plan.effect import Effect, Verb
from incidentops.plan.plan import Plan
from incidentops.plan.resource import Value

CUSTOMERS = "customers will read"
NOTHING_TO_DO = "nothing to do: every service agrees with the records"

_SHORT = 160
_DIFF_LINES = 40
_DIGEST = "sha256:"


class EffectState(StrEnum):
    """What becomes of an effect in a run."""

    TO_DO = "to do"
    HELD = "held back"
    UNKNOWN = "needs a person"
    REFUSED = "refused"
    MANUAL = "for a person"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field. Short values stand in `before` and `after`; of a long text `lines` are shown, whole or as a diff.

    Nothing here is escaped: that is for whoever shows it.
    """

    field: str
    before: str
    after: str
    lines: tuple[str, ...] = ()
    for_customers: bool = False


def standing(effect: Effect) -> EffectState:
    """Return what becomes of an effect."""
    if effect.unknown:
        return EffectState.UNKNOWN
    if effect.refused:
        return EffectState.REFUSED
    if effect.held:
        return EffectState.HELD
    return EffectState.MANUAL if effect.verb is Verb.MANUAL else EffectState.TO_DO


def why(effect: Effect) -> str:
    """Return the reason for how an effect stands, or what is to be said about it."""
    return effect.unknown or effect.refused or effect.held or effect.remark


def changes(effect: Effect) -> Iterator[FieldChange]:
    """Yield the fields that an effect changes, what customers read first."""
    public = effect.resource.customers_read
    fields = sorted(effect.after, key=lambda name: name not in public)
    for name in fields:
        if name == "subject" and effect.after.get("name") == effect.after[name]:
            continue  # the same words once more: the subject of the mail is the title
        yield _change(
            name, effect.before.get(name), effect.after[name], customers=name in public, known=name in effect.before
        )


def _change(name: str, before: Value, after: Value, *, customers: bool, known: bool) -> FieldChange:
    old = shown(before) if known else ""
    if isinstance(after, str) and customers:
        return FieldChange(name, old, "", tuple(_split(after)), for_customers=True)
    if not isinstance(after, str) or (len(after) <= _SHORT and "\n" not in after):
        return FieldChange(name, old, shown(after))
    size = f"{len(_split(after.rstrip()))} lines"
    if not known or not isinstance(before, str):
        return FieldChange(name, "", size)
    if before.startswith(_DIGEST):
        return FieldChange(name, "another text", size)
    return FieldChange(name, "", "", tuple(_difference(before, after)))


def shown(value: Value) -> str:
    """Return a value in words."""
    if value is None or value == ():
        return "nothing"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(shown(item) for item in value)
    text = str(value)
    if text.startswith(_DIGEST):
        return "another text"
    return text if len(text) <= _SHORT else f"{text[:_SHORT]}…"


def _split(text: str) -> list[str]:
    return text.replace("\r\n", "\n").split("\n")


def _difference(before: str, after: str) -> Iterator[str]:
    lines = list(difflib.unified_diff(_split(before), _split(after), lineterm="", n=1))[2:]
    yield from lines[:_DIFF_LINES]
    if len(lines) > _DIFF_LINES:
        yield f"... and {len(lines) - _DIFF_LINES} more lines"


def counted(effects: Iterable[Effect]) -> str:
    """Return how many effects stand how, as in `3 to do, 1 held back`."""
    counts = Counter(standing(effect) for effect in effects)
    return ", ".join(f"{counts[one]} {one}" for one in EffectState if counts[one])


def summary(plan: Plan) -> str:
    """Return the plan in one line."""
    told = counted(plan.effects)
    stopped = [f"{name} could not be read" for name in sorted(plan.down)]
    if plan.unfit:
        stopped.append(f"{len(plan.unfit)} record{'s' * (len(plan.unfit) > 1)} left alone")
    return ", ".join(filter(None, [told, *stopped])) or NOTHING_TO_DO


def remarks(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what else a person should know about a plan: a subject and what is to be said of it."""
    yield from ((f"{name} is off", reason) for name, reason in sorted(plan.off.items()))
    yield from ((f"{name} could not be read", reason) for name, reason in sorted(plan.down.items()))
    yield from ((f"left alone: {incident}", reason) for incident, reason in sorted(plan.unfit.items()))
    yield from (("note", note) for note in plan.notes)
