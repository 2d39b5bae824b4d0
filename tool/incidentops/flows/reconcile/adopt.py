"""Adopt: a person tells the ledger which object at a service belongs to a record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from incidentops.core.errors import Failed, WrongUse
from incidentops.core.text import one_of, quoted
from incidentops.flows.reconcile.plan import PlanInputs
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


@dataclass(frozen=True, slots=True)
class Adoption:
    """What to write down: this resource is that object (its number or id there), or was never made."""

    name: ResourceName
    id: str
    run: str
    now: datetime


@dataclass(frozen=True, slots=True)
class AdoptionTarget:
    """What a record wants, and the provider that can look at it."""

    resource: Resource
    provider: Provider
    since: datetime


def adoption_targets(question: PlanInputs, book: LedgerState) -> tuple[AdoptionTarget, ...]:
    """Return every resource that the chosen records want, so that a typing error is seen."""
    scope = select(question.records, book, question.handbook, question.choice, question.judge)
    found = []
    for incident in scope.incidents:
        situation = RecordContext(question.handbook, question.now, book.page(incident.id), scope.live, late=True)
        for provider in question.providers:
            wanted = provider.desired(incident, situation)
            found += [AdoptionTarget(resource, provider, incident.declared) for resource in wanted]
    return tuple(found)


def adopt(ledger: Ledger, book: LedgerState, wanted: Sequence[AdoptionTarget], adoption: Adoption) -> bool:
    """Write a receipt for something that a person has found, with what it looks like now.

    Returns whether the object could be looked at; when its service is off, the person's word is taken. Raises
    WrongUse (also when it is not there), Failed.
    """
    name = adoption.name
    memory = book.page(name.incident)
    wish = next((wish for wish in wanted if wish.resource.name == name), None)
    if wish is None and name.short not in {*memory.receipts, *memory.intents}:
        known = sorted({*memory.receipts, *memory.intents, *(wish.resource.name.short for wish in wanted)})
        raise WrongUse(f"{quoted(name.incident)} has no {quoted(name.short)}", f"it has {one_of(known)}")
    old = memory.receipts.get(name.short)
    if old is not None and old.id == adoption.id:
        raise WrongUse(f"the ledger has {name.short} as {quoted(old.id)} already")
    receipt = Receipt(adoption.id, "", {}, adoption.now, adoption.run, adopted=True)
    seen = _seen(wish, receipt) if wish and not wish.provider.off else None
    if seen is not None:
        receipt = replace(receipt, url=seen.url, fields=remembered_fields(seen.fields))
    intents = {key: intent for key, intent in memory.intents.items() if key != name.short}
    page = replace(memory, blob="", receipts={**memory.receipts, name.short: receipt}, intents=intents)
    _write(ledger, book, page, f"adopt {name.short} as {adoption.id}")
    return seen is not None


def _seen(wish: AdoptionTarget, receipt: Receipt) -> Observed | None:
    """Look at the object once: what is not there, or is somebody else's, is not adopted."""
    name = wish.resource.name
    sighting = wish.provider.observe((Query(wish.resource, receipt, None, wish.since),)).get(name)
    if isinstance(sighting, Absent):
        raise WrongUse(f"there is no {name.short} {quoted(receipt.id)}", "look its number up, and say that one")
    if isinstance(sighting, Unclear):
        raise WrongUse(f"{name.short} {quoted(receipt.id)} cannot be adopted: {sighting.reason}")
    return sighting


def deny(ledger: Ledger, book: LedgerState, name: ResourceName) -> None:
    """Take a promise back: a person has looked and knows that it was never kept. Raises WrongUse, Failed."""
    memory = book.page(name.incident)
    if name.short not in memory.intents:
        promised = one_of(sorted(memory.intents)) or "nothing"
        raise WrongUse(f"no run left {quoted(name.short)} open for {quoted(name.incident)}", f"open: {promised}")
    intents = {key: intent for key, intent in memory.intents.items() if key != name.short}
    page = replace(memory, blob="", intents=intents)
    _write(ledger, book, page, f"{name.short} was never made")


def _write(ledger: Ledger, book: LedgerState, page: LedgerEntry, what: str) -> None:
    written = ledger.write(book, {page.incident: page}, book.running, f"{page.incident}: {what} [skip ci]\n")
    if isinstance(written, LedgerMoved):
        raise Failed("another run wrote to the ledger at the same moment; nothing was changed", "run it again")
