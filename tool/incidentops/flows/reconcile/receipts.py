"""What the ledger will hold: intents before anything that cannot be repeated, receipts after it. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from incidentops.flows.reconcile.plan import PlanResult
from incidentops.plan.effect import Effect
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.resource import Intent, LedgerEntry, Receipt, ResourceName, remembered_fields
from incidentops.providers.base import Applied

_NOT_TRIED = frozenset({OutcomeStatus.REFUSED, OutcomeStatus.BLOCKED})


class RunStamp(Struct, frozen=True):
    """Which run it is, and when."""

    run: str
    now: datetime


def with_intents(planned: PlanResult, stamp: RunStamp) -> dict[str, LedgerEntry]:
    """Return the entries with an intent for everything that the plan does and that cannot be repeated."""
    entries = dict(planned.entries)
    for effect in planned.within_reach:
        if effect.needs_intent:
            entry = entries[effect.name.incident]
            intents = {**entry.intents, effect.name.short: Intent(effect.digest, stamp.now, stamp.run)}
            entries[effect.name.incident] = replace(entry, intents=intents)
    return entries


def with_receipt(entry: LedgerEntry, effect: Effect, applied: Applied, stamp: RunStamp) -> LedgerEntry:
    """Return an entry with the receipt of an effect that was carried out, and without its intent."""
    short = effect.name.short
    receipt = _receipt(effect, applied, entry.receipt(effect.name), stamp)
    return replace(without_intent(entry, short), receipts={**entry.receipts, short: receipt})


def without_intent(entry: LedgerEntry, short: str) -> LedgerEntry:
    """Return an entry without an intent: its effect was carried out, or the service did nothing."""
    return replace(entry, intents={name: intent for name, intent in entry.intents.items() if name != short})


def _receipt(effect: Effect, applied: Applied, old: Receipt | None, stamp: RunStamp) -> Receipt:
    before = old or Receipt("", "", {}, stamp.now, stamp.run)
    restored = {name: count for name, count in before.restored.items() if name not in effect.after}
    restored |= {name: before.restored.get(name, 0) + 1 for name in effect.restored}
    normalised = {name: value for name, value in before.normalised.items() if name not in effect.after}
    made = effect.found.fields if effect.found else effect.after
    return Receipt(
        id=applied.id,
        url=applied.url or before.url,
        fields={**before.fields, **remembered_fields(made)},
        at=stamp.now,
        run=stamp.run,
        normalised={**normalised, **remembered_fields(applied.normalised)},
        restored=restored,
        adopted=effect.found is not None or before.adopted,
    )


def settled(
    planned: PlanResult,
    outcomes: Iterable[Outcome],
    entries: Mapping[str, LedgerEntry],
    begun: AbstractSet[ResourceName],
    stamp: RunStamp,
    handbook_blob: str,
) -> Iterator[LedgerEntry]:
    """Yield the ledger entries after a run: without intents that were not begun, and with what is all done marked.

    `begun` are the effects that were begun with an intent.
    """
    by_incident: dict[str, list[Outcome]] = {name: [] for name in planned.entries}
    for outcome in outcomes:
        by_incident[outcome.effect.name.incident].append(outcome)
    effects = Counter(effect.name.incident for effect in planned.plan.effects)
    incidents = {incident.id: incident for incident in planned.scope.incidents}
    for name, some in by_incident.items():
        entry = entries[name]
        intents = _binding(entry, begun, stamp.run)
        incident = incidents.get(name)
        blob = incident.source.blob if incident else handbook_blob
        complete = len(some) >= effects[name] and all(outcome.ok for outcome in some)
        # what was only refused leaves a record that was carried out before as it was: nothing about it is open
        as_before = entry.blob == blob and all(o.ok or o.status in _NOT_TRIED for o in some)
        yield replace(
            entry,
            blob=blob if (complete or as_before) and not intents else "",
            intents=intents,
            over=incident is not None and not incident.live,
            skipped={o.effect.name.short: o.detail for o in some if o.status is OutcomeStatus.SKIPPED},
        )


def _binding(entry: LedgerEntry, begun: AbstractSet[ResourceName], run: str) -> Mapping[str, Intent]:
    """The intents that still bind: those of other runs, and those of this run that were begun."""
    ours = {name.short for name in begun if name.incident == entry.incident}
    return {short: intent for short, intent in entry.intents.items() if short in ours or intent.run != run}
