"""Ringing: people are called before anything waits for a turn, a list, an intent or another service.

It is written down after. A run that dies in between leaves no trace, so the next one asks the pager whether it rang.
"""

from collections.abc import Mapping

from msgspec import Struct
from msgspec.structs import replace

from incidentops.core.errors import Failed, Refused
from incidentops.flows.reconcile.apply import Execution, RunContext
from incidentops.flows.reconcile.plan import NO_RECEIPTS, NewReceipts, PlanInputs, PlanResult, make_plan
from incidentops.plan.nature import Nature
from incidentops.plan.outcome import Outcome
from incidentops.plan.resource import LedgerEntry
from incidentops.store.ledger.branch import Ledger, LedgerState


class Rung(Struct, frozen=True):
    """What rang, and the receipts that the ledger does not have yet."""

    outcomes: tuple[Outcome, ...] = ()
    receipts: NewReceipts = NO_RECEIPTS


def ring(inputs: PlanInputs, ledger: Ledger, context: RunContext, approved: frozenset[str] | None) -> Rung:
    """Ring what is to be rung, but for what an approved plan does not have. What fails is tried again later."""
    pagers = tuple(provider for provider in inputs.providers if provider.rings)
    if not pagers:
        return Rung()
    planned = _pages(_plan(replace(inputs, providers=pagers), ledger), approved)
    execution = Execution(planned, planned.entries, context)
    execution.run(pagers)
    done = tuple(outcome for outcome in execution.outcomes if outcome.ok)
    return Rung(done, _receipts(done, execution.entries))


def _plan(inputs: PlanInputs, ledger: Ledger) -> PlanResult:
    """Plan the pages. When git does not answer, or the ledger is damaged, only the pagers know what rang."""
    try:
        return make_plan(inputs, ledger.read())
    except (Failed, Refused):
        return make_plan(inputs, LedgerState(None))


def _pages(planned: PlanResult, approved: frozenset[str] | None) -> PlanResult:
    pages = (effect for effect in planned.plan.to_do if effect.resource.nature is Nature.PAGE)
    wanted = tuple(effect for effect in pages if approved is None or effect.digest in approved or effect.found)
    return replace(planned, plan=replace(planned.plan, effects=wanted))


def _receipts(done: tuple[Outcome, ...], entries: Mapping[str, LedgerEntry]) -> NewReceipts:
    found = ((name, entries[name.incident].receipt(name)) for name in (outcome.effect.name for outcome in done))
    return {name: receipt for name, receipt in found if receipt is not None}
