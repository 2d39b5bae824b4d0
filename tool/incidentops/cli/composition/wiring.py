"""Puts a run together: records, handbook, ledger, providers and the rules, from the folder and the settings."""

import os
import socket
import time
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import click
from msgspec import Struct

from incidentops.cli.composition.environment import Settings
from incidentops.core.errors import BadConfiguration, Failed, WrongUse
from incidentops.flows.read.archive import record_check
from incidentops.flows.read.handbook import load_handbook, usable
from incidentops.flows.reconcile.plan import PlanInputs
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.model.handbook import Handbook
from incidentops.providers.registry import build
from incidentops.store import records
from incidentops.store.git.repository import CommitIdentity, Repository
from incidentops.store.git.run import Login
from incidentops.store.ledger.branch import Ledger, LedgerState, WaitPolicy
from incidentops.store.schema.shape import Shape
from incidentops.store.sources import RecordSource
from incidentops.store.yaml.reader import read_bytes


class Workspace(Struct, frozen=True):
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
    server, token = urlsplit(address), settings.host.token
    over_http = server.scheme in ("http", "https")
    login = Login(f"{server.scheme}://{server.netloc}", token) if over_http and token else None
    repository = Repository(root, settings.secrets, login)
    remote = address if login else name
    ledger = Ledger(repository, remote, CommitIdentity("incidentops", "incidentops@localhost", at=settings.now))
    return Workspace(settings, repository, remote, ledger)


def plan_inputs(source: RecordSource, settings: Settings, options: PlanOptions, *, writable: bool) -> PlanInputs:
    """Return everything that a plan depends on. Raises BadConfiguration when the handbook cannot be used."""
    handbook = handbook_from(source.handbook())
    return PlanInputs(
        records=source,
        handbook=handbook,
        providers=build(settings.values, handbook, settings.pauses, writable=writable),
        check=record_check(handbook, settings.now),
        now=settings.now,
        options=options,
    )


def handbook_from(content: bytes | None) -> Handbook:
    """Return the handbook of a state of the repository. Raises BadConfiguration with the first finding."""
    if content is None:
        raise BadConfiguration(f"there is no {records.HANDBOOK}", "make one with: incident init DIR")
    return usable(load_handbook(read_bytes(content, records.HANDBOOK, Shape.HANDBOOK)))


def wait_policy(settings: Settings, lease: timedelta, most: timedelta) -> WaitPolicy:
    """Return how long to wait for another run; what it waits for is printed on standard error."""
    return WaitPolicy(lease, most, settings.pauses.sleep, settings.pauses.monotonic, say)


def run_name(settings: Settings) -> str:
    """Return a name for this run that no other run has: of the pipeline's job, else of this process."""
    pipeline, job = settings.ci.get("CI_PIPELINE_ID"), settings.ci.get("CI_JOB_ID")
    if pipeline and job:
        return f"pipeline {pipeline} job {job}"
    return f"{settings.host.user or 'somebody'}@{socket.gethostname()} process {os.getpid()} at {time.monotonic_ns()}"


def read_ledger(root: Path, settings: Settings) -> LedgerState:
    """Return the ledger for a plan. Without a remote, or when it cannot be read, it is empty, and a message says so."""
    try:
        return workspace(root, settings).ledger.read()
    except WrongUse as error:
        say(f"there is no ledger to compare with: {error.message}")
    except Failed as error:
        say(f"the ledger could not be read, so this is planned as if nothing had been done yet: {error.message}")
    return LedgerState(None)


def say(text: str) -> None:
    """Print a message on standard error."""
    click.echo(text, err=True)
