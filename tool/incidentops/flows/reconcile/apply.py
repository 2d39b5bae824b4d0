"""Carrying out: effects in order, providers apart, each ending as done, held, failed or unknown, and said so."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from incidentops.core.errors import BadConfiguration, Failed, IncidentError, Unknown
from incidentops.flows.reconcile.plan import PlanResult
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.plan.diff import KnownState, diff
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.outcome import Ending, Outcome
from incidentops.plan.resource import (
    SHARED,
    Absent,
    Intent,
    LedgerEntry,
    Observed,
    Receipt,
    ResourceName,
    remembered_fields,
)
from incidentops.providers.base import Applied, ApplyRequest, Provider, Query

_TRIES = 3
_NOT_TRIED = frozenset({Ending.REFUSED, Ending.WAITING})


@dataclass(frozen=True, slots=True)
class RunContext:
    """What carrying out needs besides the plan. `before_once` is called before anything that cannot be repeated."""

    handbook: Handbook
    run: str
    now: datetime
    before_once: Callable[[Mapping[str, LedgerEntry]], None]
    say: Callable[[Outcome], None]


class Execution:
    """One run over a plan. `memories` are the ledger's pages as they stand after every effect so far."""

    def __init__(self, planned: PlanResult, memories: Mapping[str, LedgerEntry], surroundings: RunContext) -> None:
        self.memories = dict(memories)
        self.outcomes: list[Outcome] = []
        self._planned = planned
        self._incidents: Mapping[str, Incident] = {i.id: i for i in planned.scope.incidents}
        self._around = surroundings
        self._stopped: dict[tuple[str, str], str] = {}
        self._begun: set[ResourceName] = set()
        self._down = {**planned.plan.off, **planned.plan.down}

    def run(self, providers: Sequence[Provider]) -> None:
        """Carry out every effect of the plan. Interrupted, it leaves `memories` and `outcomes` as far as it came."""
        for provider in providers:
            for effect in self._planned.plan.effects:
                if effect.name.provider == provider.name:
                    self._end(self._one(provider, effect))

    def _end(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)
        name = outcome.effect.name
        if not outcome.well:
            self._stopped.setdefault((name.provider, name.incident), name.short)
        self._around.say(outcome)

    def _one(self, provider: Provider, effect: Effect) -> Outcome:
        name = effect.name
        stopped = self._stopped.get((name.provider, name.incident))
        if effect.unknown:
            return Outcome(effect, Ending.UNKNOWN, effect.unknown)
        if effect.refused:
            return Outcome(effect, Ending.REFUSED, effect.refused)
        if effect.held:
            return Outcome(effect, Ending.HELD, effect.held)
        if effect.verb is Verb.MANUAL:
            return Outcome(effect, Ending.MANUAL, effect.remark)
        if name.provider in self._down:
            return Outcome(effect, Ending.FAILED, self._down[name.provider])
        if stopped and name.incident != SHARED:
            return Outcome(effect, Ending.WAITING, f"{stopped} comes first")
        return self._apply(provider, effect)

    def _apply(self, provider: Provider, effect: Effect) -> Outcome:
        if effect.found is not None:
            self._remember(effect, Applied(effect.found.id, effect.found.url))
            return Outcome(effect, Ending.DONE, effect.remark, effect.found.url)
        try:
            made = self._surely(provider, effect)
        except Unknown as error:
            return Outcome(effect, Ending.UNKNOWN, _sentence(error))
        except (Failed, BadConfiguration) as error:
            if isinstance(error, BadConfiguration) or error.outage:
                self._down[provider.name] = _sentence(error)
            self._forget_intent(effect)
            return Outcome(effect, Ending.FAILED, _sentence(error))
        if isinstance(made, Observed):
            return self._take_over(provider, effect, made)
        self._remember(effect, made)
        return Outcome(effect, Ending.DONE, effect.remark, made.url)

    def _take_over(self, provider: Provider, effect: Effect, seen: Observed) -> Outcome:
        """Remember what a look-up found after a lost answer, as it is, and change what is not as it should be."""
        self._remember(replace(effect, after={**effect.after, **seen.fields}), Applied(seen.id, seen.url))
        receipt = self.memories[effect.name.incident].receipt(effect.name)
        for rest in diff(effect.resource, KnownState(seen, receipt)):
            self._end(self._one(provider, rest))
        return Outcome(effect, Ending.DONE, effect.remark, seen.url)

    def _surely(self, provider: Provider, effect: Effect) -> Applied | Observed:
        """Apply an effect; when nobody can tell whether it was done, look, and only then do it again."""
        if not effect.once:
            return provider.apply(self._job(effect))
        for _ in range(_TRIES):
            self._around.before_once(self.memories)
            self._begun.add(effect.name)
            try:
                return provider.apply(self._job(effect))
            except Unknown as error:
                found = self._look(provider, effect, error)
                if found is not None:
                    return found
        raise Unknown(f"{effect.name.short} was tried {_TRIES} times without an answer", _ask_a_person(effect))

    def _look(self, provider: Provider, effect: Effect, error: Unknown) -> Observed | None:
        """Return what a look-up found, None when it surely is not there; raise Unknown when that cannot be told."""
        memory = self.memories[effect.name.incident]
        incident = self._incidents.get(effect.name.incident)
        since = incident.declared if incident else self._around.now
        ask = Query(effect.resource, None, memory.intents.get(effect.name.short), since)
        try:
            sight = provider.observe((ask,)).get(effect.name)
        except Failed as failed:
            raise Unknown(f"{error.message}, and it could not be looked up: {failed.message}", error.hint) from failed
        if isinstance(sight, Observed):
            return sight
        if isinstance(sight, Absent):
            return None
        raise Unknown(sight.reason if sight else error.message, _ask_a_person(effect)) from error

    def _job(self, effect: Effect) -> ApplyRequest:
        memory = self.memories[effect.name.incident]
        shared = self.memories.get(SHARED, self._planned.shared)
        return ApplyRequest(
            effect,
            self._incidents.get(effect.name.incident),
            self._around.handbook,
            memory.receipt(effect.name),
            memory.receipts,
            shared.receipts,
        )

    def _remember(self, effect: Effect, applied: Applied) -> None:
        memory = self.memories[effect.name.incident]
        short = effect.name.short
        receipts = {**memory.receipts, short: self._receipt(effect, applied, memory.receipt(effect.name))}
        for other, identity in applied.also.items():
            receipts[other] = Receipt(identity, "", {}, self._around.now, self._around.run)
        intents = {name: intent for name, intent in memory.intents.items() if name not in {short, *applied.also}}
        self.memories[effect.name.incident] = replace(memory, receipts=receipts, intents=intents)

    def _receipt(self, effect: Effect, applied: Applied, old: Receipt | None) -> Receipt:
        made = effect.found.fields if effect.found else effect.after
        known = dict(old.fields) if old else {}
        restored = {n: c for n, c in (old.restored if old else {}).items() if n not in effect.after}
        for name in effect.put_back:
            restored[name] = (old.restored.get(name, 0) if old else 0) + 1
        kept = {n: v for n, v in (old.kept if old else {}).items() if n not in effect.after}
        return Receipt(
            id=applied.id,
            url=applied.url or (old.url if old else ""),
            fields={**known, **remembered_fields(made)},
            at=self._around.now,
            run=self._around.run,
            kept={**kept, **remembered_fields(applied.kept)},
            restored=restored,
            adopted=effect.found is not None or (old is not None and old.adopted),
        )

    def _forget_intent(self, effect: Effect) -> None:
        """The service did nothing: the promise is taken back, so that no later run has to look for it."""
        memory = self.memories[effect.name.incident]
        intents = {name: intent for name, intent in memory.intents.items() if name != effect.name.short}
        self.memories[effect.name.incident] = replace(memory, intents=intents)

    def kept_intents(self, memory: LedgerEntry) -> Mapping[str, Intent]:
        """Return the promises that still bind: those of other runs, and those of this run that were begun."""
        begun = {name.short for name in self._begun if name.incident == memory.incident}
        return {n: i for n, i in memory.intents.items() if n in begun or i.run != self._around.run}


def with_intents(planned: PlanResult, run: str, now: datetime) -> dict[str, LedgerEntry]:
    """Return the pages with a promise for everything that the plan does and that cannot be repeated."""
    memories = dict(planned.memories)
    unreachable = {*planned.plan.off, *planned.plan.down}
    for effect in planned.plan.to_do:
        if effect.once and effect.name.provider not in unreachable:
            memory = memories[effect.name.incident]
            intents = {**memory.intents, effect.name.short: Intent(effect.digest, now, run)}
            memories[effect.name.incident] = replace(memory, intents=intents)
    return memories


def settled(execution: Execution, planned: PlanResult, handbook_blob: str) -> Iterator[LedgerEntry]:
    """Yield the pages as they are to be kept: promises not begun are gone, and what is all done says so."""
    by_incident: dict[str, list[Outcome]] = {name: [] for name in planned.memories}
    for outcome in execution.outcomes:
        by_incident[outcome.effect.name.incident].append(outcome)
    planned_for: dict[str, int] = dict.fromkeys(planned.memories, 0)
    for effect in planned.plan.effects:
        planned_for[effect.name.incident] += 1
    incidents = {incident.id: incident for incident in planned.scope.incidents}
    for name, outcomes in by_incident.items():
        memory = execution.memories[name]
        intents = execution.kept_intents(memory)
        complete = len(outcomes) >= planned_for[name] and all(outcome.well for outcome in outcomes)
        incident = incidents.get(name)
        blob = incident.source.blob if incident else handbook_blob
        # what was only refused leaves a record that was carried out before as it was: nothing about it is open
        as_before = memory.blob == blob and all(o.well or o.ending in _NOT_TRIED for o in outcomes)
        yield replace(
            memory,
            blob=blob if (complete or as_before) and not intents else "",
            intents=intents,
            over=incident is not None and not incident.live,
            held={o.effect.name.short: o.said for o in outcomes if o.ending is Ending.HELD},
        )


def _sentence(error: IncidentError) -> str:
    return error.message + (f" ({error.hint})" if error.hint else "")


def _ask_a_person(effect: Effect) -> str:
    return f"look for it; then say what it is with: incident adopt {effect.name.incident} {effect.name.short} ID"
