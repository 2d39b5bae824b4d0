"""The diff, written once for all providers: what is wanted against what was seen, or what the ledger remembers."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from incidentops.plan.effect import Effect, Verb
from incidentops.plan.nature import Nature
from incidentops.plan.resource import (
    NOTHING,
    Absent,
    Fields,
    Observed,
    Receipt,
    Resource,
    Sighting,
    Unclear,
    remembered,
    remembered_fields,
)

_CONTESTED = "contested: a person moved it again after it was restored, so it is left alone from now on"


class KnownState(Struct, frozen=True):
    """What is known of a resource: what was seen just now (None: nobody looked) and what the ledger remembers."""

    seen: Sighting | None
    receipt: Receipt | None
    intended: bool = False


def diff(resource: Resource, side: KnownState) -> tuple[Effect, ...]:
    """Return the effects that make one resource as it should be; none when it is."""
    if isinstance(side.seen, Unclear) and not resource.nature.treatment.urgent:
        after, doubt = resource.fields, side.seen.reason
        return (Effect(resource.name, _making(resource), NOTHING, after, resource, resource.skip_reason, doubt),)
    if side.receipt is None:
        return _first(resource, side)
    if isinstance(side.seen, Absent):
        gone = f"{resource.name.short} {side.receipt.id} is gone; nothing is made in its place"
        return (Effect(resource.name, Verb.MANUAL, NOTHING, NOTHING, resource, resource.skip_reason, gone),)
    if isinstance(side.seen, Observed) and resource.watched:
        return _changes(resource, remembered_fields(side.seen.fields), side.seen.fields, side.receipt)
    return _changes(resource, dict(side.receipt.fields), side.receipt.fields, None)


def _making(resource: Resource) -> Verb:
    """What is sent once is posted; the message that a thread begins with is kept true, so it is created."""
    return Verb.POST if resource.continues_thread or resource.nature is Nature.PAGE else Verb.CREATE


def _first(resource: Resource, side: KnownState) -> tuple[Effect, ...]:
    """What to do about a resource that has no receipt."""
    if isinstance(side.seen, Observed):
        return _taken_over(resource, side.seen)
    treatment = resource.nature.treatment
    if not treatment.made:
        missing = f"there is no {resource.name.short}"
        manual = Effect(resource.name, Verb.MANUAL, NOTHING, NOTHING, resource, resource.skip_reason, remark=missing)
        return (manual,) if side.seen else ()
    lost = side.intended and side.seen is None
    unresolved = "a run that did not end may have made it, and the service could not be read" if lost else ""
    doubtful = treatment.urgent and not isinstance(side.seen, Absent)
    remark = "it is not known whether it was sent before" if doubtful else ""
    verb, after = _making(resource), {**resource.initial, **resource.fields}
    return (Effect(resource.name, verb, NOTHING, after, resource, resource.skip_reason, unresolved, remark),)


def _taken_over(resource: Resource, seen: Observed) -> tuple[Effect, ...]:
    """Adopt what is there already, and bring it to what it should be in the same run."""
    adopt = Effect(
        resource.name, Verb.ADOPT, NOTHING, {"id": seen.id}, resource, remark="it already exists", found=seen
    )
    shown = [name for name in resource.fields if name in seen.fields]
    wanted = replace(resource, fields={name: resource.fields[name] for name in shown})
    return (adopt, *_changes(wanted, remembered_fields(seen.fields), seen.fields, None))


def _changes(resource: Resource, known: Fields, shown: Fields, receipt: Receipt | None) -> tuple[Effect, ...]:
    """Effects for the fields that differ: ours to set, for a person where the service cannot, or contested."""
    differing = [
        name
        for name, value in resource.fields.items()
        if known.get(name) != remembered(value) and not (receipt and _is_normalised(resource, name, known, receipt))
    ]
    ours = [name for name in differing if name not in resource.fixed]
    moved = tuple(name for name in ours if receipt and _moved(resource, name, receipt))
    contested = tuple(name for name in moved if receipt and receipt.restored.get(name, 0) >= 1)
    ours = [name for name in ours if name not in contested]
    restored = tuple(name for name in ours if name in moved)
    fixed = [name for name in differing if name in resource.fixed]

    def effect(verb: Verb, names: Sequence[str], unresolved: str = "", remark: str = "") -> Effect:
        before = {name: shown.get(name) for name in names}
        after = {name: resource.fields[name] for name in names}
        return Effect(resource.name, verb, before, after, resource, resource.skip_reason, unresolved, remark)

    effects = []
    if ours:
        update = effect(Verb.UPDATE, ours, remark="restored: a person had moved it" if restored else "")
        effects.append(replace(update, restored=restored))
    if fixed:
        effects.append(effect(Verb.MANUAL, fixed, remark="the service cannot change it"))
    if contested:
        effects.append(effect(Verb.MANUAL, contested, unresolved=_CONTESTED))
    return tuple(effects)


def _moved(resource: Resource, name: str, receipt: Receipt) -> bool:
    """Whether we had set the field to what it should be: then somebody else moved it."""
    return name in receipt.fields and receipt.fields[name] == remembered(resource.fields[name])


def _is_normalised(resource: Resource, name: str, known: Fields, receipt: Receipt) -> bool:
    """Whether the service shows what it made of the very value we want: then asking again changes nothing."""
    return (
        name in receipt.normalised and _moved(resource, name, receipt) and known.get(name) == receipt.normalised[name]
    )
