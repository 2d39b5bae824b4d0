"""Carrying out: effects in the plan's order; what fails stops what depends on it, and nothing else."""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from incidentops.core.errors import BadConfiguration, Failed, Unknown
from incidentops.flows.reconcile.plan import PlanResult, sentence
from incidentops.flows.reconcile.receipts import RunStamp, with_receipt, without_intent
from incidentops.model.handbook import Handbook
from incidentops.plan.diff import KnownState, diff
from incidentops.plan.effect import Effect
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.resource import SHARED, Absent, LedgerEntry, Observed, ResourceName, ids
from incidentops.providers.base import Applied, ApplyRequest, Provider, Query

_TRIES = 3


class RunContext(Struct, frozen=True):
    """What carrying out needs besides the plan.

    `before_once` is called before anything that cannot be repeated, `report` after each effect.
    """

    handbook: Handbook
    stamp: RunStamp
    before_once: Callable[[Mapping[str, LedgerEntry]], None]
    report: Callable[[Outcome], None]


class Execution:
    """One run over a plan, as far as it came.

    `entries` are those of the ledger after every effect so far, `begun` are the effects that were begun with an intent.
    """

    def __init__(self, planned: PlanResult, entries: Mapping[str, LedgerEntry], context: RunContext) -> None:
        self.entries = {SHARED: planned.shared, **entries}
        self.outcomes: list[Outcome] = []
        self._planned = planned
        self._incidents = {incident.id: incident for incident in planned.scope.incidents}
        self._context = context
        self._unmet: dict[ResourceName, str] = {}
        self.begun: set[ResourceName] = set()
        self._unreachable = {**planned.plan.not_configured, **planned.plan.unreachable}

    def run(self, providers: Sequence[Provider]) -> None:
        """Carry out every effect of the plan. An interruption leaves what was done so far."""
        by_name = {provider.name: provider for provider in providers}
        for effect in self._planned.plan.effects:
            self._end(self._one(by_name[effect.name.provider], effect))

    def _one(self, provider: Provider, effect: Effect) -> Outcome:
        if not effect.to_do:
            return Outcome(effect, OutcomeStatus[effect.state.name], effect.reason)
        if provider.name in self._unreachable and not effect.resource.nature.treatment.urgent:
            return Outcome(effect, OutcomeStatus.FAILED, self._unreachable[provider.name])
        blocked = self._blocked(effect)
        return Outcome(effect, OutcomeStatus.BLOCKED, blocked) if blocked else self._apply(provider, effect)

    def _end(self, outcome: Outcome) -> None:
        """Record an outcome, and the cause that blocks what depends on it, if there is one.

        A failed change to something that exists blocks nothing, nor does something that is only looked up. A cause is
        passed on by what was skipped in between.
        """
        self.outcomes.append(outcome)
        resource = outcome.effect.resource
        in_doubt = outcome.status is OutcomeStatus.UNRESOLVED or self._receipt_of(resource.name) is None
        stops = not outcome.ok and resource.nature.treatment.made and in_doubt
        cause = self._cause(outcome.effect) or (resource.name.short if stops else "")
        if cause:
            self._unmet.setdefault(resource.name, cause)
        self._context.report(outcome)

    def _cause(self, effect: Effect) -> str:
        """What was not done, of all that an effect depends on."""
        return next((self._unmet[name] for name in effect.resource.depends_on if name in self._unmet), "")

    def _blocked(self, effect: Effect) -> str:
        """Why an effect cannot be done; empty when it can."""
        cause = self._cause(effect)
        if cause:
            return f"it depends on {cause}, which was not done"
        missing = next((name for name in effect.resource.refs if self._receipt_of(name) is None), None)
        return f"it needs {missing.short}, which is not there" if missing else ""

    def _receipt_of(self, name: ResourceName) -> object:
        entry = self.entries.get(name.incident)
        return entry.receipt(name) if entry else None

    def _apply(self, provider: Provider, effect: Effect) -> Outcome:
        if effect.found is not None:
            self._remember(effect, Applied(effect.found.id, effect.found.url))
            return Outcome(effect, OutcomeStatus.DONE, effect.remark, effect.found.url)
        try:
            made = self._apply_once(provider, effect)
        except Unknown as error:
            return Outcome(effect, OutcomeStatus.UNRESOLVED, sentence(error))
        except (Failed, BadConfiguration) as error:
            if isinstance(error, BadConfiguration) or error.outage:
                self._unreachable[provider.name] = sentence(error)
            entry = self.entries[effect.name.incident]
            self.entries[effect.name.incident] = without_intent(entry, effect.name.short)
            return Outcome(effect, OutcomeStatus.FAILED, sentence(error))
        if isinstance(made, Observed):
            return self._take_over(provider, effect, made)
        self._remember(effect, made)
        return Outcome(effect, OutcomeStatus.DONE, effect.remark, made.url)

    def _take_over(self, provider: Provider, effect: Effect, seen: Observed) -> Outcome:
        """Record what a look-up found after a lost answer, and change the fields that differ from what is wanted."""
        self._remember(replace(effect, after={**effect.after, **seen.fields}), Applied(seen.id, seen.url))
        receipt = self.entries[effect.name.incident].receipt(effect.name)
        for rest in diff(effect.resource, KnownState(seen, receipt)):
            self._end(self._one(provider, rest))
        return Outcome(effect, OutcomeStatus.DONE, effect.remark, seen.url)

    def _apply_once(self, provider: Provider, effect: Effect) -> Applied | Observed:
        """Apply an effect; when its outcome is unknown, look it up, and only then do it again."""
        if not effect.once:
            return provider.apply(self._request(effect))
        for _ in range(_TRIES):
            self._context.before_once(self.entries)
            self.begun.add(effect.name)
            try:
                return provider.apply(self._request(effect))
            except Unknown as error:
                found = self._look(provider, effect, error)
                if found is not None:
                    return found
        raise Unknown(f"{effect.name.short} was tried {_TRIES} times without an answer", _adopt_hint(effect))

    def _look(self, provider: Provider, effect: Effect, error: Unknown) -> Observed | None:
        """Return what a look-up found, None when it certainly does not exist; raise Unknown otherwise."""
        entry = self.entries[effect.name.incident]
        incident = self._incidents.get(effect.name.incident)
        since = incident.declared if incident else self._context.stamp.now
        query = Query(effect.resource, None, entry.intents.get(effect.name.short), since)
        try:
            found = provider.observe((query,)).get(effect.name)
        except (Failed, BadConfiguration) as failed:
            raise Unknown(f"{error.message}, and it could not be looked up: {failed.message}", error.hint) from failed
        if isinstance(found, Observed):
            return found
        if isinstance(found, Absent):
            return None
        raise Unknown(found.reason if found else error.message, _adopt_hint(effect)) from error

    def _request(self, effect: Effect) -> ApplyRequest:
        entry = self.entries[effect.name.incident]
        incident = self._incidents.get(effect.name.incident)
        known = ids(effect.resource.needs, (entry, self.entries[SHARED]))
        return ApplyRequest(effect, incident, self._context.handbook, entry.receipt(effect.name), known)

    def _remember(self, effect: Effect, applied: Applied) -> None:
        entry = self.entries[effect.name.incident]
        self.entries[effect.name.incident] = with_receipt(entry, effect, applied, self._context.stamp)


def _adopt_hint(effect: Effect) -> str:
    return f"look it up, then record it with: incident adopt {effect.name.incident} {effect.name.short} ID"
