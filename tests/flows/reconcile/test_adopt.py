"""A person tells the ledger what it cannot know."""

import json

import pytest
from msgspec.structs import replace

from incidentops.core.errors import Failed, WrongUse
from incidentops.flows.reconcile.adopt import Adoption, AdoptionTarget, adopt, adoption_targets, deny
from incidentops.flows.reconcile.plan import PlanInputs
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.plan.resource import Intent, LedgerEntry, ResourceName, Unclear
from incidentops.store.ledger.branch import LedgerState
from make import NOW, a_handbook, a_record, an_entry
from providers.memory import MemoryLedger, MemoryProvider, MemoryRecords, Thing, World

ISSUE = ResourceName("2026-11-21-a", "memory", "issue")
ADOPTION = Adoption(ISSUE, "42", "ana", NOW)


@pytest.fixture
def ledger() -> MemoryLedger:
    made = MemoryLedger()
    page = LedgerEntry(ISSUE.incident, blob="b", intents={ISSUE.short: Intent("d", NOW, "run 1")})
    made.write(made.read(), {page.incident: page}, None, "")
    return made


def test_what_is_adopted_has_a_receipt_and_no_open_intent(ledger: MemoryLedger) -> None:
    adopt(ledger, ledger.read(), (), ADOPTION)
    page = ledger.read().entry(ISSUE.incident)
    assert page.receipts[ISSUE.short].id == "42"
    assert page.intents == {}
    assert page.blob == ""


def a_question(world: World, not_configured: str = "") -> PlanInputs:
    records = {"incidents/2026/2026-11-21-a.yaml": json.dumps(a_record(an_entry(severity="S3"))).encode()}
    provider = MemoryProvider(world, not_configured=not_configured)
    return PlanInputs(
        MemoryRecords(records), a_handbook(), [provider], lambda *_: (), NOW, PlanOptions(("2026-11-21-a",))
    )


def the_targets(world: World, not_configured: str = "") -> tuple[AdoptionTarget, ...]:
    return adoption_targets(a_question(world, not_configured), LedgerState(None))


def a_world() -> World:
    return World({"42": Thing("2026-11-21-a memory.issue", {"title": "As a person called it", "state": "opened"})})


def test_a_resource_that_the_record_wants_can_be_adopted_before_any_run_with_how_it_looks() -> None:
    wanted = the_targets(a_world())
    assert [target.resource.name for target in wanted] == [ISSUE]
    empty = MemoryLedger()
    assert adopt(empty, empty.read(), wanted, ADOPTION)
    receipt = empty.read().entry(ISSUE.incident).receipts[ISSUE.short]
    assert receipt.fields == {"title": "As a person called it", "state": "opened"}


def test_what_is_not_there_is_not_adopted() -> None:
    empty = MemoryLedger()
    with pytest.raises(WrongUse, match=r"there is no memory\.issue '42'"):
        adopt(empty, empty.read(), the_targets(World()), ADOPTION)
    assert empty.read().tip is None


def test_what_is_somebody_elses_is_not_adopted() -> None:
    class Wary(MemoryProvider):
        def observe(self, asks):  # type: ignore[no-untyped-def]
            return {ISSUE: Unclear("it belongs to somebody else")}

    [target] = the_targets(World())
    empty = MemoryLedger()
    with pytest.raises(WrongUse, match="cannot be adopted: it belongs to somebody else"):
        adopt(empty, empty.read(), [replace(target, provider=Wary(World()))], ADOPTION)


def test_without_the_service_a_persons_word_is_taken() -> None:
    empty = MemoryLedger()
    assert not adopt(empty, empty.read(), the_targets(World(), not_configured="TOKEN is not set"), ADOPTION)
    assert ISSUE.short in empty.read().entry(ISSUE.incident).receipts


def test_an_unknown_resource_is_wrong_use_that_lists_those_there_are(ledger: MemoryLedger) -> None:
    with pytest.raises(WrongUse) as wrong:
        adopt(ledger, ledger.read(), (), Adoption(ResourceName(ISSUE.incident, "memory", "isue"), "42", "ana", NOW))
    assert wrong.value.hint == "it has memory.issue"


def test_adopting_the_same_twice_is_wrong_use(ledger: MemoryLedger) -> None:
    adopt(ledger, ledger.read(), (), ADOPTION)
    with pytest.raises(WrongUse, match="already"):
        adopt(ledger, ledger.read(), (), ADOPTION)


def test_what_was_never_made_is_no_intent_any_more(ledger: MemoryLedger) -> None:
    deny(ledger, ledger.read(), ISSUE)
    assert ledger.read().entry(ISSUE.incident).intents == {}
    with pytest.raises(WrongUse) as wrong:
        deny(ledger, ledger.read(), ISSUE)
    assert wrong.value.hint == "open: nothing"


def test_somebody_faster_loses_nothing(ledger: MemoryLedger) -> None:
    book = ledger.read()
    ledger.write(book, {}, None, "")
    with pytest.raises(Failed, match="nothing was changed"):
        adopt(ledger, book, (), ADOPTION)
