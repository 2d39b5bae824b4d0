"""A person tells the ledger what it cannot know."""

import json

import pytest

from incidentops.core.errors import Failed, WrongUse
from incidentops.flows.adopt import Adoption, adopt, deny, wanted
from incidentops.flows.plan import Question
from incidentops.flows.scope import Choice
from incidentops.plan.resource import Intent, Memory, Name
from incidentops.store.ledger import Book
from make import NOW, a_handbook, a_record, an_entry
from providers.memory import MemoryLedger, MemoryProvider, MemoryRecords, World

ISSUE = Name("2026-11-21-a", "memory", "issue")
ADOPTION = Adoption(ISSUE, "42", "ana", NOW)


@pytest.fixture
def ledger() -> MemoryLedger:
    made = MemoryLedger()
    page = Memory(ISSUE.incident, blob="b", intents={ISSUE.short: Intent("d", NOW, "run 1")})
    made.write(made.read(), {page.incident: page}, None, "")
    return made


def test_what_is_adopted_has_a_receipt_and_no_open_promise(ledger: MemoryLedger) -> None:
    adopt(ledger, ledger.read(), (), ADOPTION)
    page = ledger.read().page(ISSUE.incident)
    assert page.receipts[ISSUE.short].id == "42"
    assert page.intents == {}
    assert page.blob == ""


def test_a_resource_that_the_record_wants_can_be_adopted_before_any_run(ledger: MemoryLedger) -> None:
    records = MemoryRecords(
        {"incidents/2026/2026-11-21-a.yaml": json.dumps(a_record(an_entry(severity="S3"))).encode()}
    )
    question = Question(records, a_handbook(), [MemoryProvider(World())], lambda *_: (), NOW, Choice(("2026-11-21-a",)))
    assert wanted(question, Book(None)) == (ISSUE,)
    empty = MemoryLedger()
    adopt(empty, empty.read(), (ISSUE,), ADOPTION)
    assert ISSUE.short in empty.read().page(ISSUE.incident).receipts


def test_a_typing_error_is_said_with_what_there_is(ledger: MemoryLedger) -> None:
    with pytest.raises(WrongUse) as wrong:
        adopt(ledger, ledger.read(), (), Adoption(Name(ISSUE.incident, "memory", "isue"), "42", "ana", NOW))
    assert wrong.value.hint == "it has memory.issue"


def test_adopting_the_same_twice_is_said(ledger: MemoryLedger) -> None:
    adopt(ledger, ledger.read(), (), ADOPTION)
    with pytest.raises(WrongUse, match="already"):
        adopt(ledger, ledger.read(), (), ADOPTION)


def test_what_was_never_made_is_no_promise_any_more(ledger: MemoryLedger) -> None:
    deny(ledger, ledger.read(), ISSUE)
    assert ledger.read().page(ISSUE.incident).intents == {}
    with pytest.raises(WrongUse) as wrong:
        deny(ledger, ledger.read(), ISSUE)
    assert wrong.value.hint == "open: nothing"


def test_somebody_faster_loses_nothing(ledger: MemoryLedger) -> None:
    book = ledger.read()
    ledger.write(book, {}, None, "")
    with pytest.raises(Failed, match="nothing was changed"):
        adopt(ledger, book, (), ADOPTION)
