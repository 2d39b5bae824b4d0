"""The right to write: claimed with intents, given back with receipts, never taken from another run."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from flows.reconcile.test_reconcile import LIVE, Scene, a_file
from incidentops.core.errors import Failed
from incidentops.flows.reconcile.lease import Lease, LeaseTerms, claim, merged
from incidentops.flows.reconcile.plan import PlanResult, make_plan
from incidentops.plan.resource import Intent, LedgerEntry, Receipt
from incidentops.store.ledger.branch import LedgerMoved, LedgerState, WaitPolicy
from incidentops.store.ledger.format import RunMark, write_mark
from make import NOW
from providers.memory import MemoryLedger

ID = "2026-11-21-registry-503"


def terms(scene: Scene) -> LeaseTerms:
    wait = WaitPolicy(timedelta(minutes=2), timedelta(minutes=5), scene.clock.sleep, scene.clock.monotonic, print)
    return LeaseTerms(scene.ledger, "run 1", wait, lambda: NOW)


def planned(scene: Scene, not_configured: str = "") -> PlanResult:
    return make_plan(scene.inputs(not_configured=not_configured), scene.ledger.read())


def test_a_claim_is_in_the_ledger_with_the_intents_of_the_run() -> None:
    scene = Scene(a_file(*LIVE))
    claimed = claim(terms(scene), scene.ledger.read(), planned(scene))
    assert isinstance(claimed, Lease)
    assert claimed.mark == RunMark("run 1", NOW)
    state = scene.ledger.read()
    assert state.running == claimed.mark
    assert [short.partition("/")[0] for short in state.entry(ID).intents] == ["memory.issue", *["memory.message"] * 2]


def test_where_nothing_can_be_done_nothing_is_claimed() -> None:
    scene = Scene(a_file(*LIVE))
    claimed = claim(terms(scene), scene.ledger.read(), planned(scene, "TOKEN is not set"))
    assert isinstance(claimed, Lease)
    assert (claimed.mark, scene.ledger.pushes) == (None, 0)


def test_a_claim_on_a_ledger_that_has_moved_is_none() -> None:
    scene = Scene(a_file(*LIVE))
    state = scene.ledger.read()
    scene.ledger.count += 1
    assert isinstance(claim(terms(scene), state, planned(scene)), LedgerMoved)


def test_what_was_done_is_written_on_top_of_what_another_run_wrote_and_its_mark_stays() -> None:
    scene = Scene(a_file(*LIVE))
    claimed = claim(terms(scene), scene.ledger.read(), planned(scene))
    assert isinstance(claimed, Lease)
    rival = RunMark("rival", NOW)
    scene.ledger.files["run.json"] = write_mark(rival)
    scene.ledger.count += 1
    receipt = Receipt("7", "", {}, NOW, "run 1")
    claimed.give_back({ID: replace(claimed.entries[ID], receipts={"memory.issue": receipt})})
    state = scene.ledger.read()
    assert state.running == rival
    assert state.entry(ID).receipts == {"memory.issue": receipt}
    assert "memory.issue" not in state.entry(ID).intents


def test_a_ledger_that_never_stands_still_is_given_up_on_and_the_intents_are_in_it() -> None:
    scene = Scene(a_file(*LIVE))
    claimed = claim(terms(scene), scene.ledger.read(), planned(scene))
    assert isinstance(claimed, Lease)
    scene.ledger = _RestlessLedger(scene.ledger)
    lease = Lease(terms(scene), claimed.state, claimed.entries, claimed.mark)
    with pytest.raises(Failed, match="could not be written to the ledger") as failed:
        lease.give_back({ID: LedgerEntry(ID)})
    assert "the intents are in the ledger" in failed.value.hint


class _RestlessLedger(MemoryLedger):
    """Somebody else is faster each time."""

    def __init__(self, before: MemoryLedger) -> None:
        super().__init__()
        self.files, self.count = before.files, before.count

    def write(self, *arguments: object) -> LedgerMoved:  # type: ignore[override]
        return LedgerMoved()


def test_a_lease_without_a_mark_and_with_nothing_to_write_pushes_nothing() -> None:
    scene = Scene()
    lease = Lease(terms(scene), LedgerState(None), {})
    lease.keep({})
    lease.give_back({})
    assert scene.ledger.pushes == 0


def test_entries_written_by_two_runs_are_merged() -> None:
    receipt = Receipt("1", "", {}, NOW, "a")
    intent = Intent("d", NOW, "b")
    theirs = LedgerEntry("i", intents={"x.a": intent, "x.c": intent}, receipts={"x.b": receipt})
    joined = merged(theirs, LedgerEntry("i", blob="blob", receipts={"x.a": receipt}))
    assert joined == LedgerEntry("i", intents={"x.c": intent}, receipts={"x.a": receipt, "x.b": receipt})
