"""The cost of `reconcile` with nothing to do: requests, and time, with a hundred live incidents."""

import os
import subprocess
import tempfile
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks import corpus
from benchmarks.measure import MeasurementFailed, Program, measure
from benchmarks.table import table
from benchmarks.tools import INCIDENT
from incidentops.sandbox.app import SandboxOptions
from incidentops.sandbox.server import Sandbox

LIVE = 100
PUBLIC = 3
SETTLED = 400


def report() -> str:
    """Reconcile a repository with a fresh sandbox, then measure a second run."""
    with tempfile.TemporaryDirectory() as name, Sandbox(options=SandboxOptions(statusio_gap=0, retry_after=0)) as box:
        folder = _landed(Path(name))
        variables = {**_bare(), **box.environment()}
        _run(folder, variables, "reconcile", "--max-creates", "5000")
        before = len(box.requests())
        _run(folder, variables, "reconcile")
        requests = Counter(f"{one.service} {one.method}" for one in box.requests()[before:])
        assignments = (f"{name}={value}" for name, value in variables.items())
        program = Program("incident reconcile", ["env", *assignments, INCIDENT, "reconcile"], folder)
        figures = measure([program], 3)
        title = f"reconcile with nothing to do: {LIVE} live incidents, {PUBLIC} of them public, {SETTLED} settled ones"
        calls = ", ".join(f"{count} {what}" for what, count in sorted(requests.items())) or "none"
        return f"{table(title, figures)}\n  requests: {calls} (budget: 1 GitLab GET, 1 Status.io GET, no write)"


def _landed(folder: Path) -> Path:
    """A clone of a bare repository that has all records on its default branch."""
    here, server = folder / "here", folder / "server.git"
    here.mkdir()
    corpus.write(here, SETTLED)
    moment = datetime.now(UTC).replace(microsecond=0)
    for number in range(LIVE):
        _live(here, number, moment - timedelta(minutes=9))
    _git(folder, "init", "--quiet", "--bare", "--initial-branch", "main", str(server))
    _git(here, "init", "--quiet", "--initial-branch", "main")
    _git(here, "remote", "add", "origin", str(server))
    _git(here, "add", ".")
    _git(here, "commit", "--quiet", "-m", "Records")
    _git(here, "push", "--quiet", "--set-upstream", "origin", "main")
    return here


def _live(folder: Path, number: int, start: datetime) -> None:
    public = number < PUBLIC
    publish = "\n    publish: Some requests fail. We are working on it." if public else ""
    path = folder / f"incidents/{start:%Y}/{start:%Y-%m-%d}-live-{number:03d}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"""kind: incident
title: Live incident {number}
services: [{corpus.SERVICES[number % 7]}]
audience: {"public" if public else "internal"}
timeline:
  - at: {start:%Y-%m-%dT%H:%M:%SZ}
    by: ana
    severity: S3
    engage: eoc
    state: investigating
    status: degraded_performance{publish}
"""
    )


def _bare() -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR") if name in os.environ}
    author = {f"GIT_{who}_{what}": value for who in ("AUTHOR", "COMMITTER") for what, value in _WHO.items()}
    return kept | author | {"GIT_CONFIG_GLOBAL": os.devnull}


_WHO = {"NAME": "Ana Alvarez", "EMAIL": "ana@acme.example"}


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", *arguments], cwd=folder, env=_bare(), check=True, capture_output=True)


def _run(folder: Path, variables: dict[str, str], *arguments: str) -> None:
    command = [INCIDENT, *arguments]
    done = subprocess.run(command, cwd=folder, env=variables, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MeasurementFailed(f"incident {arguments[0]} exited with {done.returncode}: {done.stderr.strip()[-400:]}")
