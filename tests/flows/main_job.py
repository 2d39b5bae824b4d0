"""The main job without a command line: `python main_job.py FOLDER`, with the sandbox's variables as JSON on stdin.

What a chat application or a webhook would call, in the order of an incident. Prints what came of it as JSON.
"""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from gitplace import git
from incidentops.core.pauses import Pauses
from incidentops.core.variable import values_of
from incidentops.flows.read.archive import find, open_archive
from incidentops.flows.reconcile.lease import LeaseTerms
from incidentops.flows.reconcile.plan import PlanInputs, make_plan
from incidentops.flows.reconcile.reconcile import ReconcileReport, ReconcileTask, reconcile
from incidentops.flows.setup.init import InitTarget, initialise
from incidentops.flows.validate.validate import validate
from incidentops.flows.write.push import PushResult
from incidentops.flows.write.record import Declaration, EntryRequest
from incidentops.flows.write.save import WriteResult, declare
from incidentops.flows.write.session import WriteMode, WriteSession, open_session, open_target
from incidentops.flows.write.update import resolve, update
from incidentops.model.vocabulary import Audience, Role, Severity, State, Status
from incidentops.providers.registry import build, review_text, variables
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from incidentops.store.git.repository import CommitIdentity, Repository
from incidentops.store.ledger.branch import Ledger, WaitPolicy
from incidentops.store.sources import CommitRecords

PUSH = WriteMode(push=True)
NO_PAUSES = Pauses(lambda _: None, lambda: 0.0)


@dataclass
class Job:
    """One repository with its server, and the moment of the job."""

    folder: Path
    environment: Mapping[str, str]
    clock: str = "14:02"

    @property
    def root(self) -> Path:
        return self.folder / "production"

    @property
    def server(self) -> Path:
        return self.folder / "server.git"

    @property
    def now(self) -> datetime:
        return datetime.fromisoformat(f"2026-11-21T{self.clock}:00Z")

    def session(self, clock: str, user: str) -> WriteSession:
        self.clock = clock
        return open_session(self.root, self.now, user)

    def merge(self, result: WriteResult) -> None:
        """Merge what was pushed into the default branch, as GitLab does, and bring the clone up to date."""
        assert isinstance(result.pushed, PushResult), result
        git(self.server, "update-ref", "refs/heads/main", result.pushed.sha)
        git(self.root, "checkout", "-q", "--", ".")
        git(self.root, "clean", "-qfd", "incidents")
        git(self.root, "pull", "-q", "--ff-only", "origin", "main")

    def inputs(self, repository: Repository, *, writable: bool) -> PlanInputs:
        handbook = open_archive(self.root).handbook
        rules = prepare(context(self.now, handbook))
        values = values_of(self.environment, variables())
        return PlanInputs(
            CommitRecords(repository, repository.head() or ""),
            handbook,
            build(values, handbook, NO_PAUSES, writable=writable),
            lambda incident, text: rules.check(incident, text).findings,
            self.now,
        )

    def ledger(self, repository: Repository) -> Ledger:
        return Ledger(repository, "origin", CommitIdentity("incidentops", "incidentops@localhost", at=self.now))

    def plan(self) -> list[str]:
        repository = Repository(self.root)
        plan = make_plan(self.inputs(repository, writable=False), self.ledger(repository).read()).plan
        return [effect.name.short for effect in plan.effects]

    def reconcile(self) -> ReconcileReport:
        repository = Repository(self.root)
        wait = WaitPolicy(
            timedelta(minutes=2), timedelta(minutes=15), NO_PAUSES.sleep, NO_PAUSES.monotonic, lambda _: None
        )
        task = ReconcileTask(
            self.inputs(repository, writable=True),
            LeaseTerms(self.ledger(repository), f"run at {self.clock}", wait, lambda: self.now),
            lambda _: None,
        )
        return reconcile(task)


def start(job: Job, handbook: str) -> None:
    """Create the repository, its handbook and its server."""
    git(job.folder, "init", "-q", "--bare", "-b", "main", str(job.server))
    git(job.server, "config", "receive.advertisePushOptions", "true")
    assert initialise(job.root, InitTarget("Acme", project="acme/production"), commit=True).commit
    (job.root / "incidents" / "handbook.yaml").write_text(handbook, encoding="utf-8")
    git(job.root, "commit", "-q", "-a", "-m", "Set up the handbook")
    git(job.root, "remote", "add", "origin", str(job.server))
    git(job.root, "push", "-q", "-u", "origin", "main")


def play(job: Job) -> dict[str, object]:
    """Declare, publish, validate, plan, reconcile, resolve, review, and reconcile again."""
    session = job.session("14:02", "ana")
    declared = declare(
        session,
        Declaration(
            "Registry pushes fail",
            EntryRequest(
                services=("registry",), severity=Severity.S2, audience=Audience.PUBLIC, engage=Role.EOC
            ),
        ),
        PUSH,
    )  # fmt: skip
    job.merge(declared)
    session = job.session("14:05", "ana")
    disrupted = EntryRequest(status=Status.PARTIAL, publish="Some pushes fail. We investigate.")
    job.merge(update(session, open_target(session, None, PUSH), disrupted, PUSH))
    session = job.session("14:11", "bo")
    job.merge(update(session, open_target(session, None, PUSH), EntryRequest(engage=Role.IMOC), PUSH))
    session = job.session("14:20", "bo")
    monitored = EntryRequest(state=State.MONITORING, publish="A fix is in place. We are watching it.")
    job.merge(update(session, open_target(session, None, PUSH), monitored, PUSH))
    verdict = validate(job.root, job.now)
    planned, first = job.plan(), job.reconcile()
    session = job.session("15:20", "ana")
    refused = resolve(session, open_target(session, None, PUSH), EntryRequest(publish="Pushes work again."), PUSH)
    session = job.session("15:20", "bo")
    resolved = resolve(session, open_target(session, None, PUSH), EntryRequest(publish="Pushes work again."), PUSH)
    job.merge(resolved)
    second, third = job.reconcile(), job.reconcile()
    archive = open_archive(job.root)
    incident = archive.read(find(archive, "registry")).incident
    assert incident is not None
    return {
        "record": declared.draft.id,
        "blocking": [finding.code for finding in verdict.findings if finding.blocks],
        "records": verdict.records,
        "planned": planned,
        "reconciled": [first.complete, second.complete, third.complete],
        "outcomes": [len(first.outcomes), len(second.outcomes), len(third.outcomes)],
        "refused": [finding.code for finding in refused.draft.findings if finding.blocks],
        "resolved": [resolved.written, resolved.next_step],
        "review": review_text(incident, archive.handbook),
        "loaded": sorted({name.partition(".")[0] for name in sys.modules}),
        "command_line": sorted(name for name in sys.modules if name.startswith("incidentops.cli")),
    }


if __name__ == "__main__":
    given = json.load(sys.stdin)
    this = Job(Path(sys.argv[1]), given["environment"])
    start(this, given["handbook"])
    print(json.dumps(play(this)))
