"""An effect in words: how it stands, and each field before and after. Shared by the text and the Markdown of a plan."""

import difflib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from incidentops.core.text import numbered, quoted
from incidentops.plan.approval import ReviewedEffect, Unreviewed
from incidentops.plan.effect import Effect, EffectState
from incidentops.plan.plan import Plan
from incidentops.plan.resource import SHARED, Value, plain

CUSTOMERS = "customers will read"

_SHORT = 160
_DIFF_LINES = 40
_DIGEST = "sha256:"


class FieldChange(Struct, frozen=True):
    """One field. Short values stand in `before` and `after`; of a long text `lines` are shown, whole or as a diff.

    Nothing here is escaped: that is for whoever shows it.
    """

    field: str
    before: str
    after: str
    lines: tuple[str, ...] = ()
    for_customers: bool = False


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
    size = numbered(len(_split(after.rstrip())), "line")
    if not known or not isinstance(before, str):
        return FieldChange(name, "", size)
    if before.startswith(_DIGEST):
        return FieldChange(name, "another text", size)
    return FieldChange(name, "", "", tuple(_difference(before, after)))


def shown(value: Value) -> str:
    """Return a value in words."""
    value = plain(value)
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
        yield f"... and {numbered(len(lines) - _DIFF_LINES, 'more line')}"


def counted(effects: Iterable[Effect]) -> str:
    """Return how many effects stand how, as in `3 to do, 1 skipped`."""
    counts = Counter(effect.state for effect in effects)
    return ", ".join(f"{counts[one]} {one}" for one in EffectState if counts[one])


def summary(plan: Plan) -> str:
    """Return the plan in one line."""
    parts = [counted(plan.effects), *(f"{name} is unreachable" for name in sorted(plan.unreachable))]
    if plan.invalid_records:
        parts.append(numbered(len(plan.invalid_records), "invalid record"))
    return ", ".join(filter(None, parts)) or nothing_to_do(plan)


def nothing_to_do(plan: Plan) -> str:
    """Return why a plan has no effects: the services agree, or none was asked."""
    if plan.unchecked:
        return "no service is configured: nothing was checked"
    return "nothing to do: every service agrees with the records"


def remarks(plan: Plan) -> Iterator[tuple[str, str]]:
    """Yield what else a person should know about a plan: a subject and the reason or note."""
    yield from ((f"{name} is not configured", reason) for name, reason in sorted(plan.not_configured.items()))
    yield from ((f"{name} is unreachable", reason) for name, reason in sorted(plan.unreachable.items()))
    yield from ((f"invalid record {incident}", reason) for incident, reason in sorted(plan.invalid_records.items()))
    yield from (("note", note) for note in plan.notes)


def by_incident(effects: Iterable[Effect]) -> Mapping[str, tuple[Effect, ...]]:
    """Return effects by the record that they belong to, each in the plan's order; what is shared comes first."""
    found: dict[str, list[Effect]] = {}
    for effect in effects:
        found.setdefault(effect.name.incident, []).append(effect)
    return {incident: tuple(found[incident]) for incident in sorted(found, key=lambda one: one != SHARED)}


def identity(effect: Effect) -> dict[str, object]:
    """Return what names an effect in JSON."""
    name = effect.name
    return {"incident": name.incident, "resource": name.short, "verb": effect.verb, "digest": effect.digest}


def obstacles(plan: Plan) -> dict[str, object]:
    """Return what stands in the way of a plan, as plain values for JSON."""
    return {
        "not_configured": dict(plan.not_configured),
        "unreachable": dict(plan.unreachable),
        "invalid_records": dict(plan.invalid_records),
        "notes": plan.notes,
    }


def unreviewed(effect: Effect, gap: Unreviewed, plans: Sequence[ReviewedEffect]) -> str:
    """Return what nobody reviewed of an effect, on one line."""
    made = [f"that {effect.name.short} is made at all"] if gap.making else []
    return "; ".join([*made, *(_field(effect, name, plans) for name in gap.fields)])


def _field(effect: Effect, name: str, plans: Sequence[ReviewedEffect]) -> str:
    before = f"{_words(effect.before[name])} -> " if name in effect.before else ""
    reviewed = [plan.values[effect.name][name] for plan in plans if name in plan.values.get(effect.name, {})]
    instead = f" (reviewed: {_words(reviewed[0])})" if reviewed else ""
    return f"{name} {before}{_words(effect.after[name])}{instead}"


def _words(value: Value) -> str:
    return quoted(" ".join(shown(value).split()), 120)
