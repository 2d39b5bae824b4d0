"""People are called first: before a turn, a list, an intent or another service, and written down after."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from incidentops.core.errors import Failed, Refused
from incidentops.flows.reconcile.lease import LeaseTerms
from incidentops.flows.reconcile.plan import PlanInputs
from incidentops.flows.reconcile.reconcile import ReconcileReport, ReconcileTask, reconcile
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.plan.outcome import OutcomeStatus
from incidentops.plan.resource import ResourceName, Sighting
from incidentops.providers.base import Applied, ApplyRequest, Provider, Query
from incidentops.store.ledger.branch import LedgerState, WaitPolicy
from incidentops.store.ledger.format import RunMark, write_mark
from make import NOW, a_handbook, a_record, an_entry
from providers.chat_and_pager import Bell, Pager
from providers.memory import Clock, MemoryLedger, MemoryProvider, MemoryRecords, World

ID = "2026-11-21-registry-503"
ENTRIES = (an_entry("15:40", severity="S1", state="investigating"), an_entry("15:45", page="imoc"))


@dataclass
class Tower:
    """A repository with a pager and another service."""

    bell: Bell = field(default_factory=Bell)
    world: World = field(default_factory=World)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    entries: Sequence[Mapping[str, object]] = ENTRIES
    pager: type[Pager] = Pager
    max_creates: int = 5

    def run(self, most: timedelta = timedelta(0), approved: frozenset[str] | None = None) -> ReconcileReport:
        clock = Clock(NOW)
        records = MemoryRecords({f"incidents/2026/{ID}.yaml": json.dumps(a_record(*self.entries)).encode()})
        providers: list[Provider] = [MemoryProvider(self.world), self.pager(self.bell)]
        inputs = PlanInputs(
            records, a_handbook(), providers, lambda *_: (), NOW, PlanOptions(max_creates=self.max_creates)
        )
        wait = WaitPolicy(timedelta(minutes=2), most, clock.sleep, clock.monotonic, lambda _: None)
        terms = LeaseTerms(self.ledger, "run 1", wait, lambda: NOW)
        return reconcile(ReconcileTask(inputs, terms, lambda _: None, approved))

    @property
    def receipts(self) -> list[str]:
        return [short for short in self.ledger.read().entry(ID).receipts if short.startswith("pager.")]


def test_a_page_goes_out_first_and_is_written_down_after() -> None:
    tower = Tower()
    report = tower.run()
    assert report.complete
    assert report.outcomes[0].effect.name.kind == "page"
    assert (len(tower.bell.calls), len(tower.receipts)) == (1, 1)
    assert tower.run().plan.empty


def test_it_does_not_wait_for_another_run_and_is_found_again_by_the_next() -> None:
    tower = Tower()
    tower.ledger.files["run.json"] = write_mark(RunMark("another", NOW))
    tower.ledger.count = 1
    with pytest.raises(Failed, match="still at work"):
        tower.run()
    assert (len(tower.bell.calls), tower.receipts, tower.world.writes) == (1, [], [])
    tower.ledger.files.clear()
    assert tower.run().complete
    assert (len(tower.bell.calls), len(tower.receipts)) == (1, 1)


def test_it_rings_with_the_ledger_away() -> None:
    class Away(MemoryLedger):
        def read(self) -> LedgerState:
            raise Failed("no answer from the git server", outage=True)

    tower = Tower(ledger=Away())
    with pytest.raises(Failed, match="git server"):
        tower.run()
    assert len(tower.bell.calls) == 1


def test_it_rings_with_the_ledger_damaged() -> None:
    tower = Tower()
    tower.ledger.files[f"incidents/2026/{ID}.json"] = b"not json"
    tower.ledger.count = 1
    with pytest.raises(Refused, match="the ledger entry"):
        tower.run()
    assert len(tower.bell.calls) == 1


def test_it_rings_when_the_pager_cannot_tell_whether_it_rang_and_says_so() -> None:
    class Deaf(Pager):
        def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
            raise Failed("no answer in time", outage=True)

    tower = Tower(pager=Deaf)
    report = tower.run()
    assert report.outcomes[0].detail == "it is not known whether it was sent before"
    assert (len(tower.bell.calls), len(tower.receipts)) == (1, 1)


def test_no_cap_leaves_it() -> None:
    tower = Tower(max_creates=0)
    tower.run()
    assert len(tower.bell.calls) == 1


def test_a_page_that_an_approved_plan_does_not_have_does_not_ring() -> None:
    tower = Tower()
    with pytest.raises(Refused, match="not in the approved plan"):
        tower.run(approved=frozenset())
    assert tower.bell.calls == {}


def test_what_is_late_or_over_or_answered_rings_nobody() -> None:
    old = [{**entry, "at": str(entry["at"]).replace("T15", "T11")} for entry in ENTRIES]
    over = [*ENTRIES, an_entry("15:50", state="resolved", status="operational")]
    answered = [*ENTRIES, an_entry("15:50", by="bo", engage="imoc")]
    for entries in (old, over, answered):
        tower = Tower(entries=entries)
        report = tower.run()
        assert (tower.bell.calls, report.complete) == ({}, True)
        assert OutcomeStatus.SKIPPED in {o.status for o in report.outcomes if o.effect.name.kind == "page"}


def test_a_pager_that_says_no_is_tried_again_and_the_rest_is_done() -> None:
    asked: list[str] = []

    class Engaged(Pager):
        def apply(self, request: ApplyRequest) -> Applied:
            asked.append(request.effect.name.kind)
            raise Failed("the line is engaged")

    tower = Tower(pager=Engaged)
    report = tower.run()
    assert asked == ["page", "page"]
    assert [o.status for o in report.outcomes if o.effect.name.kind == "page"] == [OutcomeStatus.FAILED]
    assert len(tower.world.made(f"{ID} memory.issue")) == 1


def test_without_a_pager_the_ledger_is_read_once() -> None:
    class Counted(MemoryLedger):
        reads = 0

        def read(self) -> LedgerState:
            self.reads += 1
            return super().read()

    class Silent(Pager):
        rings = False

    tower = Tower(ledger=Counted(), pager=Silent)
    tower.run()
    assert tower.ledger.reads == 1  # type: ignore[attr-defined]
