"""Reconcile: make the world agree with what landed, once, whatever dies or answers late on the way."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from incidentops.core.errors import Failed, Refused
from incidentops.flows.reconcile.apply import Execution, RunContext, settled, with_intents
from incidentops.flows.reconcile.plan import PlanInputs, PlanResult, make_plan
from incidentops.plan.outcome import Ending, Outcome
from incidentops.plan.plan import Plan
from incidentops.plan.resource import LedgerEntry
from incidentops.store.git.repository import Repository
from incidentops.store.ledger.branch import Ledger, LedgerMoved, LedgerState, WaitPolicy, wait_for_turn
from incidentops.store.ledger.format import RunMark

_ATTEMPTS = 3


def _as_it_is(planned: PlanResult) -> PlanResult:
    """The review of a plan that nobody has to review."""
    return planned


@dataclass(frozen=True, slots=True)
class ReconcileTask:
    """One run. `approved` are the digests of an approved plan; None when nobody asked for that guard.

    `review` marks what of a plan nobody reviewed as refused.
    """

    question: PlanInputs
    ledger: Ledger
    run: str
    patience: WaitPolicy
    clock: Callable[[], datetime]
    say: Callable[[Outcome], None]
    approved: frozenset[str] | None = None
    review: Callable[[PlanResult], PlanResult] = _as_it_is


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """What came of a run. `memories` are the ledger's pages of its records, as they are now."""

    plan: Plan
    outcomes: tuple[Outcome, ...]
    memories: Mapping[str, LedgerEntry] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether nothing failed, is unknown or was left for later."""
        return all(o.well for o in self.outcomes) and not (self.plan.unfit or self.plan.down)

    @property
    def refused(self) -> tuple[Outcome, ...]:
        """What was not done because nobody had reviewed it."""
        return tuple(outcome for outcome in self.outcomes if outcome.ending is Ending.REFUSED)


def reconcile(task: ReconcileTask) -> ReconcileReport:
    """Do what the records want and the world lacks. Raises Refused, Failed before the first effect."""
    for _ in range(_ATTEMPTS):
        book = wait_for_turn(task.ledger, task.question.now, task.patience)
        planned = task.review(make_plan(task.question, book))
        _check_approval(planned.plan, task.approved)
        claimed = _claim(task, book, planned)
        if not isinstance(claimed, LedgerMoved):
            return _work(task, planned, claimed)
        task.patience.say("another reconcile began at the same moment; starting over after it")
    raise Failed("other runs kept writing to the ledger; nothing was done", "run it again later")


def _check_approval(plan: Plan, approved: frozenset[str] | None) -> None:
    if approved is None:
        return
    surplus = plan.unapproved(approved)
    if surplus:
        names = "\n".join(f"  {effect.verb} {effect.name}" for effect in surplus)
        raise Refused(
            f"{len(surplus)} effects are not in the approved plan; nothing was done:\n{names}",
            "review the new plan and approve it: incident plan --report json=plan.json",
        )


@dataclass(frozen=True, slots=True)
class _Claim:
    """The ledger while this run is at work on it; `mark` is None when there is nothing to do but to write pages."""

    book: LedgerState
    memories: Mapping[str, LedgerEntry]
    mark: RunMark | None


def _claim(task: ReconcileTask, book: LedgerState, planned: PlanResult) -> _Claim | LedgerMoved:
    """Mark the run and its promises in the ledger, if there is anything to do at all."""
    unreachable = {*planned.plan.off, *planned.plan.down}
    if all(effect.name.provider in unreachable for effect in planned.plan.to_do):
        return _Claim(book, planned.memories, None)
    memories = with_intents(planned, task.run, task.clock())
    promised = {name: page for name, page in memories.items() if page != planned.memories[name]}
    mark = RunMark(task.run, task.clock())
    written = task.ledger.write(book, promised, mark, _message("begin", planned.memories))
    return written if isinstance(written, LedgerMoved) else _Claim(written, memories, mark)


def _work(task: ReconcileTask, planned: PlanResult, claim: _Claim) -> ReconcileReport:
    lease = _Lease(task, claim)
    around = RunContext(task.question.handbook, task.run, task.question.now, lease.keep, task.say)
    execution = Execution(planned, claim.memories, around)
    try:
        execution.run(task.question.providers)
    finally:
        lease.close(execution, planned)
    return ReconcileReport(planned.plan, tuple(execution.outcomes), execution.memories)


class _Lease:
    """Our right to write: renewed before half of it is over, given back at the end with everything that was done."""

    def __init__(self, task: ReconcileTask, claim: _Claim) -> None:
        self._task = task
        self._book = claim.book
        self._mark = claim.mark
        self._written = task.patience.monotonic()

    def keep(self, memories: Mapping[str, LedgerEntry]) -> None:
        """Give a sign of life, with the receipts so far, when half the lease is over. Raises Refused if it is lost."""
        patience = self._task.patience
        half = patience.lease.total_seconds() / 2
        if self._mark is None or not half or patience.monotonic() - self._written < half:
            return
        mark = RunMark(self._task.run, self._task.clock(), self._mark.beat + 1)
        written = self._task.ledger.write(self._book, self._changed(memories), mark, _message("go on", memories))
        if isinstance(written, LedgerMoved):
            raise Refused("another run has taken over; this one stops", "look at what the other run says")
        self._book, self._mark, self._written = written, mark, patience.monotonic()

    def close(self, execution: Execution, planned: PlanResult) -> None:
        """Write down what was done and end the mark; when the ledger has moved, on top of what is there now."""
        pages = {page.incident: page for page in settled(execution, planned, self._handbook_blob())}
        for _ in range(_ATTEMPTS):
            changed = self._changed(pages)
            running = self._book.running
            if not changed and running is None:
                return
            foreign = (
                running if running is not None and self._mark is not None and running.run != self._mark.run else None
            )
            written = self._task.ledger.write(self._book, changed, foreign, _message("end", changed))
            if not isinstance(written, LedgerMoved):
                return
            self._book = self._task.ledger.read()
            pages = {name: merged(self._book.page(name), page) for name, page in pages.items()}
        raise Failed(
            "what was done could not be written to the ledger, since other runs kept writing",
            "the promises are in the ledger: the next run looks everything up before it does anything",
        )

    def _changed(self, memories: Mapping[str, LedgerEntry]) -> dict[str, LedgerEntry]:
        return {name: page for name, page in memories.items() if page != self._book.page(name)}

    def _handbook_blob(self) -> str:
        return self._task.question.handbook.source.blob


def merged(theirs: LedgerEntry, ours: LedgerEntry) -> LedgerEntry:
    """Return a page with the receipts of both; the record counts as carried out only if nothing is promised still."""
    receipts = {**theirs.receipts, **ours.receipts}
    intents = {n: i for n, i in {**theirs.intents, **ours.intents}.items() if n not in ours.receipts}
    return LedgerEntry(
        incident=ours.incident,
        blob="" if intents else ours.blob,
        over=ours.over,
        receipts=receipts,
        intents=intents,
        held=ours.held,
    )


def _message(what: str, incidents: Mapping[str, object]) -> str:
    named = sorted(name for name in incidents if name)
    shown = ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
    return f"{what}: {shown or 'labels and people'} [skip ci]\n"


class TipState(StrEnum):
    """How a commit stands to the default branch on the server."""

    TIP = "tip"
    SUPERSEDED = "superseded"
    NOT_LANDED = "not_landed"


def tip_state(repository: Repository, remote: str, branch: str, commit: str) -> TipState:
    """Tell whether a commit is what the default branch is at now: a stale job must do nothing. Raises Failed."""
    tip = repository.remote_tip(remote, f"refs/heads/{branch}")
    if tip == commit:
        return TipState.TIP
    if tip is None:
        return TipState.NOT_LANDED
    if repository.commit(tip) is None:
        repository.fetch(remote, f"+refs/heads/{branch}:refs/incidentops/{branch}")
    return TipState.SUPERSEDED if repository.contains(tip, commit) else TipState.NOT_LANDED
