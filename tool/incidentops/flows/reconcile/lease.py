"""The right to write: claimed with the intents of a run, renewed while it works, given back with its receipts."""

from collections.abc import Callable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from incidentops.core.errors import Failed, Refused
from incidentops.flows.reconcile.plan import PlanResult
from incidentops.flows.reconcile.receipts import RunStamp, with_intents
from incidentops.plan.resource import LedgerEntry
from incidentops.store.ledger.branch import Ledger, LedgerMoved, LedgerState, WaitPolicy
from incidentops.store.ledger.format import RunMark

_ATTEMPTS = 3


class LeaseTerms(Struct, frozen=True):
    """Whose lease it is, on which ledger, and for how long."""

    ledger: Ledger
    run: str
    wait: WaitPolicy
    clock: Callable[[], datetime]


def claim(terms: LeaseTerms, state: LedgerState, planned: PlanResult) -> "Lease | LedgerMoved":
    """Mark the run and its intents in the ledger, if there is anything to do at all."""
    if not planned.within_reach:
        return Lease(terms, state, planned.entries)
    now = terms.clock()
    entries = with_intents(planned, RunStamp(terms.run, now))
    mark = RunMark(terms.run, now)
    written = terms.ledger.write(state, _changed(state, entries), mark, _message("begin", planned.entries))
    return written if isinstance(written, LedgerMoved) else Lease(terms, written, entries, mark)


class Lease:
    """A claim that is kept: renewed before half of it is over, given back at the end with everything that was done.

    `entries` are the ledger's when the run began; without a `mark` there is nothing to do but to write entries.
    """

    def __init__(
        self, terms: LeaseTerms, state: LedgerState, entries: Mapping[str, LedgerEntry], mark: RunMark | None = None
    ) -> None:
        self.entries = entries
        self.mark = mark
        self._terms = terms
        self.state = state
        self._written = terms.wait.monotonic()

    def keep(self, entries: Mapping[str, LedgerEntry]) -> None:
        """Give a heartbeat, with the receipts so far, when half the lease is over. Raises Refused if it is lost."""
        wait = self._terms.wait
        half = wait.lease.total_seconds() / 2
        if self.mark is None or not half or wait.monotonic() - self._written < half:
            return
        mark = RunMark(self._terms.run, self._terms.clock(), self.mark.beat + 1)
        changed = _changed(self.state, entries)
        written = self._terms.ledger.write(self.state, changed, mark, _message("go on", entries))
        if isinstance(written, LedgerMoved):
            raise Refused("another run has taken over; this one stops", "see the output of the other run")
        self.state, self.mark, self._written = written, mark, wait.monotonic()

    def give_back(self, entries: Mapping[str, LedgerEntry]) -> None:
        """Write down what was done and end the mark; when the ledger has moved, on top of what is there now."""
        for _ in range(_ATTEMPTS):
            changed = _changed(self.state, entries)
            if not changed and self.state.running is None:
                return
            written = self._terms.ledger.write(self.state, changed, self._foreign_mark(), _message("end", changed))
            if not isinstance(written, LedgerMoved):
                return
            self.state = self._terms.ledger.read()
            entries = {name: merged(self.state.entry(name), entry) for name, entry in entries.items()}
        raise Failed(
            "what was done could not be written to the ledger, since other runs kept writing",
            "the intents are in the ledger: the next run looks everything up before it does anything",
        )

    def _foreign_mark(self) -> RunMark | None:
        """The mark of another run that has taken over: it stays."""
        running = self.state.running
        if running is None or self.mark is None or running.run == self.mark.run:
            return None
        return running


def merged(theirs: LedgerEntry, ours: LedgerEntry) -> LedgerEntry:
    """Return an entry with the receipts of both; the record counts as carried out only if no intent is open."""
    receipts = {**theirs.receipts, **ours.receipts}
    intents = {n: i for n, i in {**theirs.intents, **ours.intents}.items() if n not in ours.receipts}
    return replace(ours, blob="" if intents else ours.blob, receipts=receipts, intents=intents)


def _changed(state: LedgerState, entries: Mapping[str, LedgerEntry]) -> dict[str, LedgerEntry]:
    return {name: entry for name, entry in entries.items() if entry != state.entry(name)}


def _message(what: str, incidents: Mapping[str, object]) -> str:
    named = sorted(name for name in incidents if name)
    shown = ", ".join(named[:3]) + (f" and {len(named) - 3} more" if len(named) > 3 else "")
    return f"{what}: {shown or 'labels and people'} [skip ci]\n"
