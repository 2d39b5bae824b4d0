"""Carrying out: what fails stops what depends on it, and nothing else."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from incidentops.core.errors import BadConfiguration, Failed, IncidentError, Unknown
from incidentops.flows.reconcile.apply import Execution, RunContext
from incidentops.flows.reconcile.plan import PlanResult
from incidentops.flows.reconcile.receipts import RunStamp
from incidentops.flows.reconcile.scope import Scope
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.nature import Nature
from incidentops.plan.outcome import OutcomeStatus
from incidentops.plan.plan import Plan
from incidentops.plan.resource import (
    SHARED,
    Absent,
    Intent,
    LedgerEntry,
    Observed,
    Receipt,
    Ref,
    Resource,
    ResourceName,
    Sighting,
    Unclear,
)
from incidentops.providers.base import Applied, ApplyRequest, Query
from make import NOW, a_handbook

ID = "2026-11-21-a"
OTHER = "2026-11-21-b"
DONE, FAILED, BLOCKED = OutcomeStatus.DONE, OutcomeStatus.FAILED, OutcomeStatus.BLOCKED
UNRESOLVED, SKIPPED = OutcomeStatus.UNRESOLVED, OutcomeStatus.SKIPPED


def named(kind: str, incident: str = ID) -> ResourceName:
    return ResourceName(incident, "service", kind)


def an_effect(kind: str, *needs: str, verb: Verb = Verb.CREATE, incident: str = ID, **changes: object) -> Effect:
    """An effect; `needs` are kinds of the same record that it depends on."""
    about = {name: changes.pop(name) for name in ("nature", "idempotent") if name in changes}
    fields = changes.pop("fields", {})
    name = named(kind, incident)
    depends_on = tuple(named(need, incident) for need in needs)
    resource = Resource(name, fields, depends_on=depends_on, **about)  # type: ignore[arg-type]
    return Effect(name, verb, {}, {}, resource, **changes)  # type: ignore[arg-type]


@dataclass
class Service:
    """Does what it is asked, but for the kinds that go wrong; `seen` is what a look-up finds, or how it fails."""

    name: str = "service"
    not_configured: str = ""
    rings: bool = False
    wrong: dict[str, IncidentError] = field(default_factory=dict)
    seen: Callable[[], Sighting] = Absent
    asked: list[ApplyRequest] = field(default_factory=list)

    def apply(self, request: ApplyRequest) -> Applied:
        self.asked.append(request)
        if request.effect.name.kind in self.wrong:
            raise self.wrong[request.effect.name.kind]
        return Applied("7", "")

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        return {query.resource.name: self.seen() for query in queries}


def carried_out(service: Service, *effects: Effect, **entries: LedgerEntry) -> Execution:
    known = {ID: LedgerEntry(ID), OTHER: LedgerEntry(OTHER), **{e.incident: e for e in entries.values()}}
    planned = PlanResult(Plan(effects), Scope((), ()), known, LedgerEntry(SHARED))
    context = RunContext(a_handbook(), RunStamp("run 1", NOW), lambda _: None, lambda _: None)
    execution = Execution(planned, known, context)
    execution.run([service])  # type: ignore[list-item]
    return execution


def statuses(execution: Execution) -> dict[str, OutcomeStatus]:
    return {outcome.effect.name.kind: outcome.status for outcome in execution.outcomes}


def known(*kinds: str) -> LedgerEntry:
    return LedgerEntry(ID, receipts={f"service.{kind}": Receipt("1", "", {}, NOW, "run 0") for kind in kinds})


NO = Failed("the service says no")


def test_what_fails_stops_what_depends_on_it_and_nothing_else() -> None:
    effects = [an_effect("a"), an_effect("b", "a"), an_effect("c", "b"), an_effect("d")]
    execution = carried_out(Service(wrong={"a": NO}), *effects)
    assert statuses(execution) == {"a": FAILED, "b": BLOCKED, "c": BLOCKED, "d": DONE}
    assert {o.detail for o in execution.outcomes[1:3]} == {"it depends on service.a, which was not done"}


@pytest.mark.parametrize("why", [{"unresolved": "who knows"}, {"refused": "nobody reviewed it"}])
def test_so_does_what_is_unresolved_or_refused(why: dict[str, str]) -> None:
    execution = carried_out(Service(), an_effect("a", **why), an_effect("b", "a"))
    assert statuses(execution)["b"] is BLOCKED


def test_what_is_skipped_or_left_to_a_person_stops_nothing() -> None:
    effects = [an_effect("a", skip_reason="late"), an_effect("b", verb=Verb.MANUAL), an_effect("c", "a", "b")]
    assert statuses(carried_out(Service(), *effects))["c"] is DONE


def test_what_is_skipped_passes_on_what_stopped_before_it() -> None:
    """Of three messages the first fails and the second is late: the third would come before the first."""
    effects = [an_effect("a"), an_effect("b", "a", skip_reason="late"), an_effect("c", "b")]
    assert statuses(carried_out(Service(wrong={"a": NO}), *effects)) == {"a": FAILED, "b": SKIPPED, "c": BLOCKED}


def test_what_is_there_stays_there_when_a_change_to_it_fails() -> None:
    effects = [an_effect("a", verb=Verb.UPDATE), an_effect("b", "a")]
    assert statuses(carried_out(Service(wrong={"a": NO}), *effects, entry=known("a"))) == {"a": FAILED, "b": DONE}


def test_what_is_there_and_in_doubt_stops_what_depends_on_it() -> None:
    effects = [an_effect("a", verb=Verb.MANUAL, unresolved="it is gone"), an_effect("b", "a")]
    assert statuses(carried_out(Service(), *effects, entry=known("a")))["b"] is BLOCKED


def test_others_do_without_what_can_only_be_looked_up() -> None:
    effects = [an_effect("user", nature=Nature.LOOKUP, unresolved="no member is shown"), an_effect("issue", "user")]
    assert statuses(carried_out(Service(), *effects))["issue"] is DONE


def test_what_a_field_refers_to_has_to_be_there() -> None:
    link = an_effect("link", fields={"to": Ref(named("review"))})
    execution = carried_out(Service(), link)
    assert execution.outcomes[0].detail == "it needs service.review, which is not there"
    elsewhere = an_effect("link", fields={"to": Ref(named("review", "2026-11-21-nowhere"))})
    assert carried_out(Service(), elsewhere).outcomes[0].status is BLOCKED


def test_the_provider_is_given_the_ids_of_what_is_needed_those_of_this_run_included() -> None:
    service = Service()
    link = an_effect("link", "a", fields={"to": Ref(named("b"))})
    carried_out(service, an_effect("b"), link, entry=known("a"))
    assert service.asked[-1].ids == {named("a"): "1", named("b"): "7"}


def test_an_outage_ends_the_talking_but_never_the_ringing() -> None:
    page = an_effect("page", verb=Verb.POST, nature=Nature.PAGE)
    away = Service(wrong={"a": Failed("out of order", outage=True)})
    assert statuses(carried_out(away, an_effect("a"), an_effect("b"), page)) == {"a": FAILED, "b": FAILED, "page": DONE}


LOST = Unknown("the answer was lost")


@pytest.mark.parametrize("error", [Failed("busy"), BadConfiguration("the token is not accepted any more")])
def test_what_cannot_be_looked_up_after_a_lost_answer_is_unresolved_and_its_intent_stays(error: IncidentError) -> None:
    def seen() -> Sighting:
        raise error

    intents = {"service.a": Intent("d", NOW, "run 1")}
    service = Service(wrong={"a": LOST}, seen=seen)
    execution = carried_out(service, an_effect("a"), entry=LedgerEntry(ID, intents=intents))
    assert statuses(execution) == {"a": UNRESOLVED}
    assert "it could not be looked up: " in execution.outcomes[0].detail
    assert execution.entries[ID].intents == intents
    assert execution.begun == {named("a")}


@pytest.mark.parametrize("seen", [lambda: Unclear("two carry the marker"), lambda: None])
def test_a_look_up_without_a_clear_answer_is_unresolved(seen: Callable[[], Sighting]) -> None:
    execution = carried_out(Service(wrong={"a": LOST}, seen=seen), an_effect("a"))
    assert statuses(execution) == {"a": UNRESOLVED}
    assert "then record it with: incident adopt" in execution.outcomes[0].detail


def test_a_refusal_takes_the_intent_back() -> None:
    intents = {"service.a": Intent("d", NOW, "run 1")}
    execution = carried_out(Service(wrong={"a": NO}), an_effect("a"), entry=LedgerEntry(ID, intents=intents))
    assert execution.entries[ID].intents == {}


def test_what_a_look_up_finds_after_a_lost_answer_has_a_receipt_and_is_corrected() -> None:
    made = an_effect("a", fields={"title": "new"})
    execution = carried_out(Service(wrong={"a": LOST}, seen=lambda: Observed("9", "u", {"title": "old"})), made)
    assert [(str(o.effect.verb), o.status) for o in execution.outcomes] == [("update", UNRESOLVED), ("create", DONE)]
    assert execution.entries[ID].receipts["service.a"].id == "9"


def test_it_is_tried_three_times_when_it_surely_is_not_there() -> None:
    service = Service(wrong={"a": LOST})
    execution = carried_out(service, an_effect("a"))
    assert (len(service.asked), statuses(execution)) == (3, {"a": UNRESOLVED})
    assert "incident adopt 2026-11-21-a service.a ID" in execution.outcomes[0].detail


def test_what_may_be_repeated_is_not_looked_up() -> None:
    service = Service(wrong={"a": LOST})
    assert statuses(carried_out(service, an_effect("a", idempotent=True))) == {"a": UNRESOLVED}
    assert len(service.asked) == 1
