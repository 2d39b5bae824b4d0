"""What the ledger will hold: intents before, receipts after, and when a record counts as carried out."""

import pytest
from msgspec.structs import replace

from flows.reconcile.test_reconcile import LIVE, Scene, a_file
from incidentops.flows.reconcile.plan import PlanResult, make_plan
from incidentops.flows.reconcile.receipts import (
    RunStamp,
    settled,
    with_intents,
    with_receipt,
    without_intent,
)
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.resource import Intent, LedgerEntry, Observed, Receipt, Resource, ResourceName
from incidentops.providers.base import Applied
from make import NOW

NAME = ResourceName("i", "gitlab", "issue")
STAMP = RunStamp("run 2", NOW)
INTENT = Intent("d", NOW, "run 1")


def an_effect(verb: Verb = Verb.UPDATE, **changes: object) -> Effect:
    return replace(Effect(NAME, verb, {}, {"title": "new"}, Resource(NAME, {})), **changes)  # type: ignore[arg-type]


def receipt_of(effect: Effect, applied: Applied, old: Receipt | None = None) -> Receipt:
    entry = LedgerEntry("i", receipts={NAME.short: old} if old else {}, intents={NAME.short: INTENT})
    written = with_receipt(entry, effect, applied, STAMP)
    assert written.intents == {}
    return written.receipts[NAME.short]


def test_a_receipt_has_the_id_and_the_fields_and_says_who_and_when() -> None:
    made = receipt_of(an_effect(Verb.CREATE), Applied("7", "https://x/7", {"people": ("a",)}))
    assert made == Receipt("7", "https://x/7", {"title": "new"}, NOW, "run 2", {"people": ("a",)})


def test_a_change_adds_to_what_was_known() -> None:
    old = Receipt("7", "https://x/7", {"title": "old", "state": "opened"}, NOW, "run 1", {"title": "cut", "by": "b"})
    changed = receipt_of(an_effect(), Applied("7", ""), old)
    assert changed == Receipt("7", "https://x/7", {"title": "new", "state": "opened"}, NOW, "run 2", {"by": "b"})


def test_it_counts_how_often_a_field_was_restored_until_something_else_is_wanted() -> None:
    restored = receipt_of(an_effect(restored=("title",)), Applied("7", ""), Receipt("7", "", {}, NOW, "run 1"))
    assert restored.restored == {"title": 1}
    again = receipt_of(an_effect(restored=("title",)), Applied("7", ""), restored)
    assert again.restored == {"title": 2}
    assert receipt_of(an_effect(), Applied("7", ""), again).restored == {}


def test_what_was_found_is_remembered_as_it_is_and_stays_adopted() -> None:
    found = an_effect(Verb.ADOPT, after={"id": "7"}, found=Observed("7", "u", {"title": "theirs"}))
    adopted = receipt_of(found, Applied("7", "u"))
    assert (adopted.fields, adopted.adopted) == ({"title": "theirs"}, True)
    assert receipt_of(an_effect(), Applied("7", ""), adopted).adopted


def test_an_intent_is_taken_back_alone() -> None:
    entry = LedgerEntry("i", intents={"a.b": INTENT, "a.c": INTENT})
    assert without_intent(entry, "a.b").intents == {"a.c": INTENT}


ID = "2026-11-21-registry-503"


@pytest.fixture
def planned() -> PlanResult:
    scene = Scene(a_file(*LIVE))
    return make_plan(scene.inputs(), scene.ledger.read())


def test_intents_are_for_what_cannot_be_repeated(planned: PlanResult) -> None:
    entries = with_intents(planned, STAMP)
    once = {effect.name.short: effect.digest for effect in planned.plan.effects if effect.name.kind != "label"}
    assert {short: intent.digest for short, intent in entries[ID].intents.items()} == once
    assert entries[""].intents == {}


def test_no_intent_is_written_for_a_service_that_cannot_be_talked_to(planned: PlanResult) -> None:
    away = replace(planned, plan=replace(planned.plan, unreachable={"memory": "no answer"}))
    assert with_intents(away, STAMP)[ID].intents == {}


def the_entry(planned: PlanResult, status: OutcomeStatus, *, begun: bool = False, **changes: object) -> LedgerEntry:
    """The record's entry after a run in which all of its effects ended alike."""
    own = [effect for effect in planned.plan.effects if effect.name.incident]
    entries = {**planned.entries, ID: replace(planned.entries[ID], **changes)}  # type: ignore[arg-type]
    outcomes, names = [Outcome(effect, status, "why") for effect in own], {own[0].name} if begun else set()
    return next(e for e in settled(planned, outcomes, entries, names, STAMP, "handbook") if e.incident == ID)


def test_a_record_counts_as_carried_out_when_everything_is(planned: PlanResult) -> None:
    blob = planned.scope.incidents[0].source.blob
    assert the_entry(planned, OutcomeStatus.DONE).blob == blob
    assert the_entry(planned, OutcomeStatus.FAILED).blob == ""
    assert the_entry(planned, OutcomeStatus.DONE).over is False


def test_what_was_skipped_is_named(planned: PlanResult) -> None:
    assert set(the_entry(planned, OutcomeStatus.SKIPPED).skipped.values()) == {"why"}


def test_what_was_only_refused_leaves_a_record_carried_out_as_it_was(planned: PlanResult) -> None:
    blob = planned.scope.incidents[0].source.blob
    for status, entries in ((OutcomeStatus.REFUSED, blob), (OutcomeStatus.BLOCKED, blob), (OutcomeStatus.FAILED, "")):
        assert the_entry(planned, status, blob=blob).blob == entries


def test_an_intent_binds_when_it_was_begun_or_is_another_runs(planned: PlanResult) -> None:
    first = next(effect.name for effect in planned.plan.effects if effect.name.incident)
    ours = {first.short: replace(INTENT, run="run 2")}
    assert the_entry(planned, OutcomeStatus.DONE, intents=ours).intents == {}
    begun = the_entry(planned, OutcomeStatus.UNRESOLVED, begun=True, intents=ours)
    assert (begun.intents, begun.blob) == (ours, "")
    theirs = {"memory.other": INTENT}
    assert the_entry(planned, OutcomeStatus.DONE, intents=theirs).intents == theirs


def test_what_is_shared_is_carried_out_with_the_handbook(planned: PlanResult) -> None:
    labels = [effect for effect in planned.plan.effects if not effect.name.incident]
    for status, blob in ((OutcomeStatus.DONE, "handbook"), (OutcomeStatus.FAILED, "")):
        outcomes = [Outcome(effect, status) for effect in labels]
        entries = settled(planned, outcomes, planned.entries, frozenset(), STAMP, "handbook")
        shared = next(entry for entry in entries if not entry.incident)
        assert (shared.blob, shared.over) == (blob, False)
