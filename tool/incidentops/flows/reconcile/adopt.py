"""Adopt: record in the ledger which object at a service belongs to a record."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from incidentops.core.errors import Failed, WrongUse
from incidentops.core.text import one_of, quoted
from incidentops.flows.reconcile.plan import PlanInputs
from incidentops.flows.reconcile.receipts import without_intent
from incidentops.flows.reconcile.scope import select
from incidentops.plan.resource import (
    Absent,
    LedgerEntry,
    Observed,
    Receipt,
    Resource,
    ResourceName,
    Unclear,
    remembered_fields,
)
from incidentops.providers.base import Provider, Query, RecordContext
from incidentops.store.ledger.branch import Ledger, LedgerMoved, LedgerState


class Adoption(Struct, frozen=True):
    """What to write down: this resource is that object (its number or id there), or was never made."""

    name: ResourceName
    id: str
    run: str
    now: datetime


class AdoptionTarget(Struct, frozen=True):
    """What a record wants, and the provider that can look at it."""

    resource: Resource
    provider: Provider
    since: datetime


def adoption_targets(inputs: PlanInputs, ledger: LedgerState) -> tuple[AdoptionTarget, ...]:
    """Return every resource that the chosen records want, so that a name with a typing error is refused."""
    scope = select(inputs.records, ledger, inputs.handbook, inputs.options, inputs.check)
    found = []
    for incident in scope.incidents:
        context = RecordContext(inputs.handbook, inputs.now, ledger.entry(incident.id), scope.live, late=True)
        for provider in inputs.providers:
            wanted = provider.desired(incident, context)
            found += [AdoptionTarget(resource, provider, incident.declared) for resource in wanted]
    return tuple(found)


def adopt(ledger: Ledger, state: LedgerState, targets: Sequence[AdoptionTarget], adoption: Adoption) -> bool:
    """Write a receipt for something that a person has found, with what it looks like now.

    Returns whether the object was read; without its service it is recorded unchecked. Raises WrongUse (also when it
    does not exist), Failed.
    """
    name = adoption.name
    entry = state.entry(name.incident)
    target = next((target for target in targets if target.resource.name == name), None)
    if target is None and name.short not in {*entry.receipts, *entry.intents}:
        known = sorted({*entry.receipts, *entry.intents, *(target.resource.name.short for target in targets)})
        raise WrongUse(f"{quoted(name.incident)} has no {quoted(name.short)}", f"it has {one_of(known)}")
    old = entry.receipts.get(name.short)
    if old is not None and old.id == adoption.id:
        raise WrongUse(f"the ledger has {name.short} as {quoted(old.id)} already")
    receipt = Receipt(adoption.id, "", {}, adoption.now, adoption.run, adopted=True)
    seen = _seen(target, receipt) if target and not target.provider.not_configured else None
    if seen is not None:
        receipt = replace(receipt, url=seen.url, fields=remembered_fields(seen.fields))
    receipts = {**entry.receipts, name.short: receipt}
    adopted = replace(without_intent(entry, name.short), blob="", receipts=receipts)
    _write(ledger, state, adopted, f"adopt {name.short} as {adoption.id}")
    return seen is not None


def _seen(target: AdoptionTarget, receipt: Receipt) -> Observed | None:
    """Read the object once: one that does not exist, or belongs to others, is not adopted."""
    name = target.resource.name
    sighting = target.provider.observe((Query(target.resource, receipt, None, target.since),)).get(name)
    if isinstance(sighting, Absent):
        raise WrongUse(f"there is no {name.short} {quoted(receipt.id)}", "look up its number or id and give that")
    if isinstance(sighting, Unclear):
        raise WrongUse(f"{name.short} {quoted(receipt.id)} cannot be adopted: {sighting.reason}")
    return sighting


def deny(ledger: Ledger, state: LedgerState, name: ResourceName) -> None:
    """Remove an intent of which a person knows that it was never carried out. Raises WrongUse, Failed."""
    entry = state.entry(name.incident)
    if name.short not in entry.intents:
        intended = one_of(sorted(entry.intents)) or "nothing"
        raise WrongUse(f"no run left {quoted(name.short)} open for {quoted(name.incident)}", f"open: {intended}")
    _write(ledger, state, replace(without_intent(entry, name.short), blob=""), f"{name.short} was never made")


def _write(ledger: Ledger, state: LedgerState, entry: LedgerEntry, what: str) -> None:
    message = f"{entry.incident}: {what} [skip ci]\n"
    written = ledger.write(state, {entry.incident: entry}, state.running, message)
    if isinstance(written, LedgerMoved):
        raise Failed("another run wrote to the ledger at the same moment; nothing was changed", "run it again")
