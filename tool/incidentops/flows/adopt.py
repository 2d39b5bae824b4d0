"""Adopt: a person tells the ledger which object at a service belongs to a record."""

from dataclasses import dataclass, replace
from datetime import datetime

from incidentops.core.errors import Failed, WrongUse
from incidentops.core.text import one_of, quoted
from incidentops.flows.plan import Question
from incidentops.flows.scope import select
from incidentops.plan.resource import Memory, Name, Receipt
from incidentops.providers.base import Situation
from incidentops.store.ledger import Book, Ledger, Overtaken


@dataclass(frozen=True, slots=True)
class Adoption:
    """What to write down: this resource is that object (an issue's number, a Status.io id), or was never made."""

    name: Name
    id: str
    run: str
    now: datetime


def wanted(question: Question, book: Book) -> tuple[Name, ...]:
    """Return every resource that the chosen records want, so that a typing error is seen."""
    scope = select(question.records, book, question.handbook, question.choice, question.judge)
    names = []
    for incident in scope.incidents:
        situation = Situation(question.handbook, question.now, book.page(incident.id), scope.live, late=True)
        for provider in question.providers:
            names += [resource.name for resource in provider.desired(incident, situation)]
    return tuple(names)


def adopt(ledger: Ledger, book: Book, names: tuple[Name, ...], adoption: Adoption) -> None:
    """Write a receipt for something that a person has found. Raises WrongUse, Failed."""
    name = adoption.name
    memory = book.page(name.incident)
    known = sorted({*memory.receipts, *memory.intents, *(wish.short for wish in names)})
    if name.short not in known:
        raise WrongUse(f"{quoted(name.incident)} has no {quoted(name.short)}", f"it has {one_of(known)}")
    old = memory.receipts.get(name.short)
    if old is not None and old.id == adoption.id:
        raise WrongUse(f"the ledger has {name.short} as {quoted(old.id)} already")
    receipt = Receipt(adoption.id, "", {}, adoption.now, adoption.run)
    intents = {key: intent for key, intent in memory.intents.items() if key != name.short}
    page = replace(memory, blob="", receipts={**memory.receipts, name.short: receipt}, intents=intents)
    _write(ledger, book, page, f"adopt {name.short} as {adoption.id}")


def deny(ledger: Ledger, book: Book, name: Name) -> None:
    """Take a promise back: a person has looked and knows that it was never kept. Raises WrongUse, Failed."""
    memory = book.page(name.incident)
    if name.short not in memory.intents:
        promised = one_of(sorted(memory.intents)) or "nothing"
        raise WrongUse(f"no run left {quoted(name.short)} open for {quoted(name.incident)}", f"open: {promised}")
    intents = {key: intent for key, intent in memory.intents.items() if key != name.short}
    page = replace(memory, blob="", intents=intents)
    _write(ledger, book, page, f"{name.short} was never made")


def _write(ledger: Ledger, book: Book, page: Memory, what: str) -> None:
    written = ledger.write(book, {page.incident: page}, book.running, f"{page.incident}: {what} [skip ci]\n")
    if isinstance(written, Overtaken):
        raise Failed("another run wrote to the ledger at the same moment; nothing was changed", "run it again")
