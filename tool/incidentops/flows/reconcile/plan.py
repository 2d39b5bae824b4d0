"""Plan: records and providers in, one sorted list of effects out. Reconcile starts with the very same steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from incidentops.core import moment
from incidentops.core.errors import BadConfiguration, Failed
from incidentops.flows.reconcile.scope import RecordJudge, Scope, ScopeOptions, select
from incidentops.model.handbook import Handbook
from incidentops.plan.brakes import cap_creations
from incidentops.plan.diff import KnownState, diff
from incidentops.plan.effect import Effect
from incidentops.plan.plan import Plan
from incidentops.plan.resource import SHARED, LedgerEntry, Resource, ResourceName, Sighting, Unclear
from incidentops.providers.base import Provider, Query, RecordContext
from incidentops.store.ledger.branch import LedgerState
from incidentops.store.sources import RecordSource

DEFAULT_MAX_CREATES = 5


@dataclass(frozen=True, slots=True)
class PlanInputs:
    """Everything a plan depends on."""

    records: RecordSource
    handbook: Handbook
    providers: Sequence[Provider]
    judge: RecordJudge
    now: datetime
    choice: ScopeOptions = field(default_factory=ScopeOptions)
    max_creates: int = DEFAULT_MAX_CREATES


@dataclass(frozen=True, slots=True)
class PlanResult:
    """A plan, the records it is about, and the pages of the ledger that it was made from.

    `memories` has the page of every record in scope, and the shared one when what is shared is looked at too.
    """

    plan: Plan
    scope: Scope
    memories: Mapping[str, LedgerEntry]
    shared: LedgerEntry


@dataclass(frozen=True, slots=True)
class _Wanted:
    resource: Resource
    memory: LedgerEntry
    since: datetime


def make_plan(question: PlanInputs, book: LedgerState) -> PlanResult:
    """Return what a run would do now. Only reads."""
    scope = select(question.records, book, question.handbook, question.choice, question.judge)
    memories = {incident.id: book.page(incident.id) for incident in scope.incidents}
    shared = book.page(SHARED)
    if question.choice.everything or shared.blob != question.handbook.source.blob:
        memories[SHARED] = shared
    effects: list[Effect] = []
    off, down = {}, {}
    for provider in question.providers:
        wishes = _wishes(provider, question, scope, memories)
        seen: Mapping[ResourceName, Sighting] = {}
        if provider.off:
            off[provider.name] = provider.off
        else:
            try:
                seen = _look(provider, wishes)
            except (Failed, BadConfiguration) as error:
                down[provider.name] = _sentence(error)
        effects += [effect for wish in wishes for effect in _diff(wish, seen)]
    ordered = sorted(effects, key=lambda effect: effect.name.incident)
    plan = Plan(cap_creations(ordered, question.max_creates), off, down, scope.unfit, scope.notes)
    return PlanResult(plan, scope, memories, shared)


def _sentence(error: Failed | BadConfiguration) -> str:
    return error.message + (f" ({error.hint})" if error.hint else "")


def _wishes(
    provider: Provider, question: PlanInputs, scope: Scope, memories: Mapping[str, LedgerEntry]
) -> tuple[_Wanted, ...]:
    wishes = []
    if SHARED in memories:
        shared = memories[SHARED]
        wishes += [_Wanted(resource, shared, moment.EARLIEST) for resource in provider.shared(question.handbook)]
    for incident in scope.incidents:
        memory = memories[incident.id]
        situation = RecordContext(question.handbook, question.now, memory, scope.live, question.choice.late)
        wishes += [_Wanted(wish, memory, incident.declared) for wish in provider.desired(incident, situation)]
    return tuple(wishes)


def _look(provider: Provider, wishes: Sequence[_Wanted]) -> Mapping[ResourceName, Sighting]:
    asks = tuple(_ask(wish) for wish in wishes if _worth_a_look(wish))
    seen = dict(provider.observe(asks)) if asks else {}
    for ask in asks:
        if ask.receipt is None and not ask.resource.repeatable:
            seen.setdefault(ask.resource.name, Unclear("nobody looked whether it is there already"))
    return seen


def _ask(wish: _Wanted) -> Query:
    name = wish.resource.name
    return Query(wish.resource, wish.memory.receipt(name), wish.memory.intents.get(name.short), wish.since)


def _worth_a_look(wish: _Wanted) -> bool:
    """Read what is watched and known; look up what a dead run may have made, and what is about to be made.

    A new message of an incident that the ledger knows all about is sent on its word: nobody else writes there.
    """
    name = wish.resource.name
    if wish.memory.receipt(name):
        return wish.resource.watched
    if name.short in wish.memory.intents:
        return True
    if wish.resource.hold:
        return False
    return not (wish.resource.message and wish.memory.knows_all_of(name.provider))


def _diff(wish: _Wanted, seen: Mapping[ResourceName, Sighting]) -> tuple[Effect, ...]:
    name = wish.resource.name
    side = KnownState(seen.get(name), wish.memory.receipt(name), name.short in wish.memory.intents)
    return diff(wish.resource, side)
