"""Plan: records and providers in, one ordered list of effects out. Reconcile starts with the very same steps."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from incidentops.core import moment
from incidentops.core.errors import BadConfiguration, Failed, IncidentError
from incidentops.flows.read.archive import RecordCheck
from incidentops.flows.reconcile.scope import PlanOptions, Scope, select
from incidentops.model.handbook import Handbook
from incidentops.plan.diff import KnownState, diff
from incidentops.plan.effect import Effect
from incidentops.plan.order import in_order
from incidentops.plan.plan import Plan, cap_creations
from incidentops.plan.resource import (
    SHARED,
    LedgerEntry,
    NewsPolicy,
    Receipt,
    Resource,
    ResourceName,
    Sighting,
    Unclear,
    skip_reason,
)
from incidentops.providers.base import Provider, Query, RecordContext
from incidentops.store.ledger.branch import LedgerState
from incidentops.store.sources import RecordSource

NewReceipts = Mapping[ResourceName, Receipt]
NO_RECEIPTS: NewReceipts = MappingProxyType({})


class PlanInputs(Struct, frozen=True):
    """Everything a plan depends on."""

    records: RecordSource
    handbook: Handbook
    providers: Sequence[Provider]
    check: RecordCheck
    now: datetime
    options: PlanOptions = PlanOptions()


class PlanResult(Struct, frozen=True):
    """A plan, the records it is about, and the ledger entries that it was made from.

    `entries` has that of every record in scope, and the shared one when what is shared is looked at too.
    """

    plan: Plan
    scope: Scope
    entries: Mapping[str, LedgerEntry]
    shared: LedgerEntry

    @property
    def within_reach(self) -> tuple[Effect, ...]:
        """What is to be done at services that can be talked to."""
        unreachable = {*self.plan.not_configured, *self.plan.unreachable}
        return tuple(effect for effect in self.plan.to_do if effect.name.provider not in unreachable)


def make_plan(inputs: PlanInputs, ledger: LedgerState, new: NewReceipts = NO_RECEIPTS) -> PlanResult:
    """Return what a run would do now. Only reads. `new` are receipts that are not in the ledger yet."""
    scope = select(inputs.records, ledger, inputs.handbook, inputs.options, inputs.check)
    entries = {incident.id: _with(ledger.entry(incident.id), new) for incident in scope.incidents}
    shared = ledger.entry(SHARED)
    if inputs.options.everything or shared.blob != inputs.handbook.source.blob:
        entries[SHARED] = shared
    effects: list[Effect] = []
    not_configured, unreachable = {}, {}
    for provider in inputs.providers:
        queries = tuple(_queries(provider, inputs, scope, entries))
        seen: Mapping[ResourceName, Sighting] = {}
        if provider.not_configured:
            not_configured[provider.name] = provider.not_configured
        else:
            try:
                seen = _look(provider, queries, entries)
            except (Failed, BadConfiguration) as error:
                unreachable[provider.name] = sentence(error)
        effects += [effect for query in queries for effect in _diff(query, seen)]
    ordered = in_order(effects, {incident.id: incident for incident in scope.incidents})
    capped = cap_creations(ordered, inputs.options.max_creates)
    unchecked = all(provider.not_configured for provider in inputs.providers)
    plan = Plan(capped, not_configured, unreachable, scope.invalid_records, scope.notes, unchecked)
    return PlanResult(plan, scope, entries, shared)


def _with(entry: LedgerEntry, new: NewReceipts) -> LedgerEntry:
    """An entry with the new receipts of its incident."""
    receipts = {name.short: receipt for name, receipt in new.items() if name.incident == entry.incident}
    return replace(entry, receipts={**entry.receipts, **receipts}) if receipts else entry


def sentence(error: IncidentError) -> str:
    """Return an error with its hint in one line."""
    return error.message + (f" ({error.hint})" if error.hint else "")


def _queries(
    provider: Provider, inputs: PlanInputs, scope: Scope, entries: Mapping[str, LedgerEntry]
) -> Iterator[Query]:
    """Yield what is wanted, with what the ledger has of it."""
    if SHARED in entries:
        for resource in provider.shared(inputs.handbook):
            yield _query(resource, entries[SHARED], moment.EARLIEST)
    for incident in scope.incidents:
        entry = entries[incident.id]
        context = RecordContext(inputs.handbook, inputs.now, entry, scope.live, inputs.options.late)
        for resource in provider.desired(incident, context):
            yield _query(_unless_late(resource, entry, context.news_policy), entry, incident.declared)


def _query(resource: Resource, entry: LedgerEntry, since: datetime) -> Query:
    return Query(resource, entry.receipt(resource.name), entry.intents.get(resource.name.short), since)


def _unless_late(resource: Resource, entry: LedgerEntry, policy: NewsPolicy) -> Resource:
    """Skip what is not news any more. Something that was sent is not skipped: its fields are kept true."""
    if resource.news is None or resource.skip_reason or entry.receipt(resource.name):
        return resource
    return replace(resource, skip_reason=skip_reason(resource.news, policy))


def _look(
    provider: Provider, wanted: Sequence[Query], entries: Mapping[str, LedgerEntry]
) -> Mapping[ResourceName, Sighting]:
    queries = tuple(query for query in wanted if _worth_a_look(query, entries[query.resource.name.incident]))
    seen = dict(provider.observe(queries)) if queries else {}
    for query in queries:
        if query.receipt is None and not query.resource.idempotent:
            seen.setdefault(query.resource.name, Unclear("it was not checked whether it exists already"))
    return seen


def _worth_a_look(query: Query, entry: LedgerEntry) -> bool:
    """Read what is watched and known; look up what a dead run may have made, and what is about to be made.

    A new message of a thread that the ledger knows all about is sent without a look: only this program writes there.
    """
    resource = query.resource
    if query.receipt:
        return resource.watched
    if query.intent:
        return True
    if resource.skip_reason:
        return False
    return not (resource.continues_thread and entry.knows_all_of(resource.name.provider))


def _diff(query: Query, seen: Mapping[ResourceName, Sighting]) -> tuple[Effect, ...]:
    known = KnownState(seen.get(query.resource.name), query.receipt, query.intent is not None)
    return diff(query.resource, known)
