"""The ledger: a branch of the repository that remembers what was done, one JSON file an incident.

It is read and written without a checkout and pushed as a fast-forward only, so two runs can never both win. A run
marks itself in it while it is at work and gives heartbeats; a run without one for a whole lease is taken for dead
(docs/decisions: the ledger).
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from incidentops.core.errors import Failed, Refused
from incidentops.core.text import visible
from incidentops.plan.resource import SHARED, LedgerEntry
from incidentops.store.git.repository import NO_OBJECT, CommitIdentity, Pushed, RejectionReason, Repository
from incidentops.store.ledger import format as ledger_format
from incidentops.store.ledger.format import RunMark

BRANCH = "incident-ledger"
_REF = f"refs/heads/{BRANCH}"
_HERE = "refs/incidentops/ledger"
_MARK = "run.json"
_SHARED = "shared.json"
_ABOUT = "README.md"
_TEXT = b"""# Ledger of incidentops

Written by incidentops alone: what it did at each service, and what it is about to do.
Do not edit it by hand; `incident adopt` tells it what it cannot know. Protect this branch so that only the bot pushes.
"""
_STALE_AFTER = timedelta(minutes=15)


class LedgerState(Struct, frozen=True):
    """The ledger at one commit. Entries are read when they are asked for."""

    tip: str | None
    files: Mapping[str, bytes] = {}

    @property
    def running(self) -> RunMark | None:
        """The run that is at work, or that died at it."""
        content = self.files.get(_MARK)
        return None if content is None else ledger_format.read_mark(_MARK, content)

    def entry(self, incident: str) -> LedgerEntry:
        """Return what is remembered of an incident (or of SHARED); an empty entry when nothing is. Raises Refused."""
        file = _file(incident)
        content = self.files.get(file)
        if content is None:
            return LedgerEntry(incident)
        entry = ledger_format.read(file, content)
        if entry.incident != incident:
            raise Refused(f"the ledger entry {file!r} is about {entry.incident!r}")
        return entry

    def settled(self) -> Iterator[tuple[str, str]]:
        """Yield id and blob of every incident that is over and was carried out in full; cheap for thousands."""
        for file, content in self.files.items():
            if file.startswith("incidents/") and b'"over": true' in content:
                found = ledger_format.read_settled(file, content)
                if found is not None:
                    yield found

    def incidents(self) -> Iterator[str]:
        """Yield the id of every incident that has an entry."""
        for file in self.files:
            if file.startswith("incidents/"):
                yield file.rpartition("/")[2].removesuffix(".json")


def _file(incident: str) -> str:
    return _SHARED if incident == SHARED else f"incidents/{incident[:4]}/{incident}.json"


class LedgerMoved(Struct, frozen=True):
    """Somebody else wrote to the ledger first; nothing of ours was written."""


class Ledger:
    """The ledger of one repository, at its remote."""

    def __init__(self, repository: Repository, remote: str, author: CommitIdentity) -> None:
        self._repository = repository
        self._remote = remote
        self._author = author

    def tip(self) -> str | None:
        """Return the ledger's newest commit on the server; None before the first. Raises Failed."""
        return self._repository.remote_tip(self._remote, _REF)

    def read(self) -> LedgerState:
        """Read the ledger as the server has it. Raises Failed, Refused."""
        tip = self.tip()
        if tip is None:
            return LedgerState(None)
        if self._repository.commit(tip) is None:
            self._repository.fetch(self._remote, f"+{_REF}:{_HERE}")
        names = {file: blob for file, blob in self._repository.blob_ids(tip).items() if file.endswith(".json")}
        contents = dict(self._repository.read_blobs(dict.fromkeys(names.values())))
        return LedgerState(tip, {file: contents[blob] for file, blob in names.items()})

    def write(
        self, state: LedgerState, entries: Mapping[str, LedgerEntry], mark: RunMark | None, message: str
    ) -> LedgerState | LedgerMoved:
        """Push entries and the mark of a run on top of a state (mark None: no run is at work any more).

        Returns the new state, or LedgerMoved when somebody was faster. Raises Failed when it cannot be written.
        """
        changes: dict[str, bytes | None] = {_file(name): ledger_format.write(entry) for name, entry in entries.items()}
        if mark is not None:
            changes[_MARK] = ledger_format.write_mark(mark)
        elif _MARK in state.files:
            changes[_MARK] = None
        if state.tip is None:
            changes[_ABOUT] = _TEXT
        at = mark.at if mark else self._author.at
        sha = self._repository.write_commit(state.tip, changes, message, replace(self._author, at=at))
        if not self._push(sha, state.tip):
            return LedgerMoved()
        files = {**state.files, **changes}.items()
        return LedgerState(sha, {file: there for file, there in files if there is not None and file.endswith(".json")})

    def _push(self, sha: str, before: str | None) -> bool:
        """Return whether the commit is on the server; False when somebody was faster."""
        for _ in range(3):
            ended = self._repository.push(self._remote, sha, _REF, ("ci.skip",), expect=before or NO_OBJECT)
            if not isinstance(ended, Pushed) and ended.reason is RejectionReason.NO_OPTIONS:
                ended = self._repository.push(self._remote, sha, _REF, expect=before or NO_OBJECT)
            if isinstance(ended, Pushed):
                return True
            if ended.reason is RejectionReason.DENIED:
                raise Failed(
                    f"the ledger could not be pushed: {visible(' '.join(ended.messages))}",
                    f"the token needs write_repository and must be allowed to push to the branch {BRANCH}",
                    outage=True,
                )
            there = self.tip()
            if there == sha:
                return True
            if there != before:
                return False
        raise Failed("the ledger could not be pushed: no answer from the git server", outage=True)


class WaitPolicy(Struct, frozen=True):
    """How to wait for another run: `lease` is the longest time without a heartbeat, `most` the longest wait at all."""

    lease: timedelta
    most: timedelta
    sleep: Callable[[float], None]
    monotonic: Callable[[], float]
    say: Callable[[str], None]


def wait_for_turn(ledger: Ledger, now: datetime, policy: WaitPolicy) -> LedgerState:
    """Return the ledger once no other run is at work on it, or the other one gave no heartbeat for a whole lease.

    Raises Failed when the other run is still at work after the longest wait.
    """
    state = ledger.read()
    mark = state.running
    started = silent_since = policy.monotonic()
    if mark is not None and now - mark.at < _STALE_AFTER and policy.lease:
        policy.say(
            f"another reconcile ({visible(mark.run)}) is at work since {mark.at:%H:%MZ}; "
            f"waiting until it ends, or gives no heartbeat for {policy.lease.total_seconds():g} s"
        )
        while mark is not None and policy.monotonic() - silent_since < policy.lease.total_seconds():
            if policy.monotonic() - started > policy.most.total_seconds():
                raise Failed(
                    f"another reconcile ({visible(mark.run)}) is still at work; nothing was done", "run it again later"
                )
            policy.sleep(min(2.0, policy.lease.total_seconds() / 4))
            if ledger.tip() != state.tip:
                state, silent_since = ledger.read(), policy.monotonic()
                mark = state.running
    if mark is not None:
        policy.say(f"the reconcile {visible(mark.run)} did not end; taking over what it left")
    return state
