"""Reconcile: make the world agree with what landed, once, whatever dies or answers late on the way."""

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from incidentops.core.errors import Failed, Refused
from incidentops.core.text import numbered
from incidentops.flows.reconcile.apply import Execution, RunContext
from incidentops.flows.reconcile.lease import Lease, LeaseTerms, claim
from incidentops.flows.reconcile.plan import PlanInputs, PlanResult, make_plan
from incidentops.flows.reconcile.receipts import RunStamp, settled
from incidentops.flows.reconcile.ring import Rung, ring
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.plan import Plan
from incidentops.plan.resource import LedgerEntry
from incidentops.store.ledger.branch import LedgerMoved, wait_for_turn

_ATTEMPTS = 3


class ReconcileTask(Struct, frozen=True):
    """One run. `approved` are the digests of an approved plan, `review` marks effects without a review as refused."""

    inputs: PlanInputs
    terms: LeaseTerms
    report: Callable[[Outcome], None]
    approved: frozenset[str] | None = None
    review: Callable[[PlanResult], PlanResult] | None = None

    @property
    def stamp(self) -> RunStamp:
        """Which run it is, and when."""
        return RunStamp(self.terms.run, self.inputs.now)

    def context(self, before_once: Callable[[Mapping[str, LedgerEntry]], None]) -> RunContext:
        """Return what carrying out needs besides the plan."""
        return RunContext(self.inputs.handbook, self.stamp, before_once, self.report)


class ReconcileReport(Struct, frozen=True):
    """What came of a run. `entries` are the ledger's of its records, as they are now."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    entries: Mapping[str, LedgerEntry] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether nothing failed, is unresolved or was left for later."""
        return all(o.ok for o in self.outcomes) and not (self.plan.invalid_records or self.plan.unreachable)

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """What was not done because nobody had reviewed it."""
        return tuple(outcome for outcome in self.outcomes if outcome.status is OutcomeStatus.REFUSED)


def reconcile(task: ReconcileTask) -> ReconcileReport:
    """Carry out what the records want. Raises Refused or Failed only before the first effect, pages aside."""
    rung = ring(task.inputs, task.terms.ledger, task.context(lambda _: None), task.approved)
    for _ in range(_ATTEMPTS):
        state = wait_for_turn(task.terms.ledger, task.inputs.now, task.terms.wait)
        planned = make_plan(task.inputs, state, rung.receipts)
        if task.review:
            planned = task.review(planned)
        _check_approval(planned.plan, task.approved)
        lease = claim(task.terms, state, planned)
        if not isinstance(lease, LedgerMoved):
            return _carry_out(task, planned, lease, rung)
        task.terms.wait.say("another reconcile began at the same moment; starting over after it")
    raise Failed("other runs kept writing to the ledger; nothing was done", "run it again later")


def _carry_out(task: ReconcileTask, planned: PlanResult, lease: Lease, rung: Rung) -> ReconcileReport:
    """Apply each effect in order, and write the receipts down whatever interrupts it."""
    execution = Execution(planned, lease.entries, task.context(lease.keep))
    try:
        execution.run(task.inputs.providers)
    finally:
        blob = task.inputs.handbook.source.blob
        entries = settled(planned, execution.outcomes, execution.entries, execution.begun, task.stamp, blob)
        lease.give_back({entry.incident: entry for entry in entries})
    return ReconcileReport(planned.plan, (*rung.outcomes, *execution.outcomes), execution.entries)


def _check_approval(plan: Plan, approved: frozenset[str] | None) -> None:
    if approved is None:
        return
    surplus = plan.unapproved(approved)
    if surplus:
        names = "\n".join(f"  {effect.verb} {effect.name}" for effect in surplus)
        raise Refused(
            f"{numbered(len(surplus), 'effect')} not in the approved plan; nothing was done:\n{names}",
            "review the new plan and approve it: incident plan --report json=plan.json",
        )
