"""A real repository with a real remote, and the command as a real process against the sandbox."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import pacing
import snapshot
from commandline import incident
from e2e.stage import REGISTRY, the_scenario
from incidentops.sandbox.seed import PAIRS, STATUSIO_PAGE
from sandboxes import Sandbox

HANDBOOK = f"""\
organisation: Acme
people:
  ana: {{name: Ana Alvarez}}
  bo: {{name: Bo Berg}}
services:
  registry: {{name: Registry, statusio: [{PAIRS["Container Registry"]}]}}
  web: {{name: Web, statusio: [{PAIRS["Website"]}]}}
gitlab: {{project: acme/production}}
statusio: {{page: {STATUSIO_PAGE}, notify: {{email: true}}}}
"""


@dataclass
class Place:
    """A clone of a bare remote, and an environment that points at a sandbox."""

    folder: Path
    box: Sandbox
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def root(self) -> Path:
        return self.folder / "here"

    @property
    def remote(self) -> Path:
        return self.folder / "remote.git"

    def make(self, handbook: str = HANDBOOK) -> "Place":
        snapshot.clone().write(self.folder)
        self.write({"incidents/handbook.yaml": handbook.encode()})
        return self

    def write(self, files: Mapping[str, bytes]) -> None:
        for file, content in files.items():
            path = self.root / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    def land(self, files: Mapping[str, bytes] | None = None) -> None:
        """Write, commit and push to the default branch."""
        self.write(files or {})
        for arguments in (["add", "-A"], ["commit", "-q", "-m", "Landed"], ["push", "-q", "origin", "HEAD:main"]):
            subprocess.run(["git", "-C", str(self.root), *arguments], check=True)

    def land_step(self, step: int) -> None:
        self.land(the_scenario()[step])

    def variables(self, **changes: str) -> dict[str, str]:
        """The environment of a command: that of the sandbox with some changes; an empty value takes one away."""
        here = {**os.environ, **self.box.environment(), "INCIDENT_NOW": "2026-11-21T15:30:00Z"}
        here |= {**self.environment, **changes}
        return {name: value for name, value in here.items() if value}

    def start(self, *arguments: str, root: Path | None = None, times: float = 100) -> "subprocess.Popen[str]":
        """Start `incident ARGUMENTS` in a process of its own, whose clock runs so many times faster."""
        return subprocess.Popen(
            [*pacing.command(times), *arguments],
            cwd=root or self.root,
            env={**self.variables(), "PYTHONWARNINGS": "error"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str, root: Path | None = None, **changes: str) -> tuple[int, str, str]:
        """Run `incident ARGUMENTS` in this process: exit code, output, standard error."""
        ran = incident(root or self.root, *arguments, environment=self.variables(**changes))
        return ran.code, ran.out, ran.err

    def ledger(self) -> str:
        """Everything that ever stood in the ledger."""
        log = ["git", "-C", str(self.remote), "log", "-p", "incident-ledger"]
        return subprocess.run(log, check=True, capture_output=True, text=True).stdout


__all__ = ["HANDBOOK", "REGISTRY", "Place"]
