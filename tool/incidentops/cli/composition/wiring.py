"""Puts a run together: records, handbook, ledger, providers and the rules, from the folder and the settings."""

import os
import socket
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click

from incidentops.cli.composition.environment import Settings
from incidentops.core.errors import BadConfiguration, IncidentError
from incidentops.core.finding import Finding
from incidentops.core.secret import Secret
from incidentops.flows.read.handbook import load_handbook, usable
from incidentops.flows.reconcile.plan import DEFAULT_MAX_CREATES, PlanInputs
from incidentops.flows.reconcile.scope import RecordCheck, ScopeOptions
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.providers.base import Provider
from incidentops.providers.registry import build
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from incidentops.store import records
from incidentops.store.git.repository import CommitIdentity, Repository
from incidentops.store.git.run import Login
from incidentops.store.ledger.branch import Ledger, LedgerState, WaitPolicy
from incidentops.store.sources import CommitRecords, RecordSource, WorkTreeRecords
from incidentops.store.yaml.reader import read_bytes
from incidentops.store.yaml.schema import Shape, screen

_AUTHOR = ("incidentops", "incidentops@localhost")


@dataclass(frozen=True, slots=True)
class Workspace:
    """What plan and reconcile work with. `remote` is a name or an address without credentials."""

    settings: Settings
    repository: Repository
    remote: str
    ledger: Ledger


def workspace(root: Path, settings: Settings) -> Workspace:
    """Open the repository and its ledger. Raises WrongUse when there is no remote."""
    plain = Repository(root, settings.secrets)
    name = plain.remote()
    address = plain.bare_url(name)
    over_http = urlsplit(address).scheme in ("http", "https")
    token = settings.host.token
    login = Login(_server(address), token) if over_http and token else None
    repository = Repository(root, settings.secrets, login)
    remote = address if login else name
    return Workspace(
        settings, repository, remote, Ledger(repository, remote, CommitIdentity(*_AUTHOR, at=settings.now))
    )


def _server(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def question(
    source: RecordSource, settings: Settings, choice: ScopeOptions, *, writable: bool, most: int = DEFAULT_MAX_CREATES
) -> PlanInputs:
    """Return everything that a plan depends on. Raises BadConfiguration when the handbook cannot be used."""
    handbook = the_handbook(source.handbook())
    return PlanInputs(
        records=source,
        handbook=handbook,
        providers=providers(settings, handbook, writable=writable),
        check=_record_check(handbook, settings.now),
        now=settings.now,
        options=choice,
        max_creates=most,
    )


def the_handbook(content: bytes | None) -> Handbook:
    """Return the handbook of a state of the repository. Raises BadConfiguration with the first finding."""
    if content is None:
        raise BadConfiguration(f"there is no {records.HANDBOOK}", "make one with: incident init DIR")
    return usable(load_handbook(read_bytes(content, records.HANDBOOK, Shape.HANDBOOK)))


def providers(settings: Settings, handbook: Handbook, *, writable: bool) -> tuple[Provider, ...]:
    """Return the providers, configured or not."""
    return build(settings.values, handbook, settings.pauses, writable=writable)


def _record_check(handbook: Handbook, now: datetime) -> RecordCheck:
    judge = prepare(context(now, handbook, screen))

    def judged(incident: Incident, text: str) -> Sequence[Finding]:
        return judge.check(incident, text).findings

    return judged


def landed(bench: Workspace, commit: str) -> CommitRecords:
    """Return the records of a commit."""
    return CommitRecords(bench.repository, commit)


def work_tree(root: Path) -> WorkTreeRecords:
    """Return the records as they lie in the folder."""
    return WorkTreeRecords(root)


def patience(settings: Settings, lease: timedelta, most: timedelta) -> WaitPolicy:
    """Return how long to wait for another run; what it waits for is said on standard error."""
    return WaitPolicy(lease, most, settings.pauses.sleep, settings.pauses.monotonic, say)


def run_name(settings: Settings) -> str:
    """Return a name for this run that no other run has: of the pipeline's job, else of this process."""
    pipeline, job = settings.ci.get("CI_PIPELINE_ID"), settings.ci.get("CI_JOB_ID")
    if pipeline and job:
        return f"pipeline {pipeline} job {job}"
    return f"{settings.host.user or 'somebody'}@{socket.gethostname()} process {os.getpid()} at {time.monotonic_ns()}"


def read_ledger(bench: Workspace, say: Callable[[str], None]) -> LedgerState:
    """Return the ledger for a plan; when it cannot be read, say so and plan as if nothing had been done."""
    try:
        return bench.ledger.read()
    except IncidentError as error:
        if error.exit_code != 4:
            raise
        say(f"the ledger could not be read, so this is planned as if nothing had been done yet: {error.message}")
        return LedgerState(None)


def say(text: str) -> None:
    """Tell a person what is going on, on standard error."""
    click.echo(text, err=True)


def secret_free(text: str, secrets: Sequence[Secret]) -> str:
    """Return a text without any token, as the last guard before it is printed or written."""
    for secret in secrets:
        text = secret.redact(text)
    return text
