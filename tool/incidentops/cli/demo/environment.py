"""The environment of the demo: a folder, a git remote, the sandbox, and a clock that the scenario moves."""

import shlex
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import cast

import click
import requests
from msgspec import Struct

from incidentops.cli.composition.environment import child_environment, settings
from incidentops.core import moment
from incidentops.core.errors import Failed
from incidentops.core.text import visible_lines
from incidentops.sandbox.seed import STATUSIO_PAGE

JsonObject = Mapping[str, object]
_AUTHORS = {"ana": "Ana Alvarez", "bo": "Bo Berg"}


class DemoEnvironment(Struct):
    """Runs commands as a person would, and reads from the services over HTTP."""

    folder: Path
    url: str
    environment: Mapping[str, str]
    statusio_gap: float
    now: datetime | None = None
    program: Sequence[str] = (sys.executable, "-m", "incidentops")

    @property
    def repository(self) -> Path:
        """The incident repository of the scenario."""
        return self.folder / "production"

    def section(self, title: str) -> None:
        """Print the heading of a section."""
        click.echo()
        click.secho(f"== {title}", bold=True)

    def incident(self, *arguments: str, by: str = "", at: str = "", expect: Sequence[int] = (0,)) -> None:
        """Run `incident ...` and show what it printed; `at` moves the clock of the scenario.

        Everything happens yesterday, so that nothing is in the future.
        """
        if at:
            yesterday = settings().now - timedelta(days=1)
            self.now = moment.parse(f"{yesterday:%Y-%m-%d}T{at}:00Z")
        self._run(["incident", *arguments], [*self.program, *arguments], by, expect)

    def git(self, *arguments: str, by: str = "", folder: Path | None = None) -> None:
        """Run `git ...`; it prints nothing when it succeeds."""
        self._run(["git", *arguments], ["git", *arguments], by, (0,), folder)

    def land(self, message: str, by: str) -> None:
        """Commit everything and push it to the default branch, as the merge of a merge request does."""
        self.git("add", "--all", by=by)
        self.git("commit", "--quiet", "-m", message, by=by)
        self.git("push", "--quiet", "origin", "main", by=by)

    def _run(
        self, shown: Sequence[str], real: Sequence[str], by: str, expect: Sequence[int], folder: Path | None = None
    ) -> None:
        clock = f"{moment.clock(self.now)} {by:<4}" if self.now and by else " " * 10
        click.secho(f"{clock}$ {shlex.join(shown)}", fg="cyan")
        where = folder or (self.repository if self.repository.exists() else self.folder)
        done = subprocess.run(  # noqa: S603 - our own commands, on words of our own
            list(real), cwd=where, env=self._environment(by), stdin=subprocess.DEVNULL, capture_output=True, check=False
        )
        printed = (done.stdout + done.stderr).decode("utf-8", "replace").rstrip("\n")
        for line in visible_lines(printed).split("\n") if printed else ():
            click.echo(f"          | {line}".rstrip())
        if done.returncode not in expect:
            raise Failed(f"the demo stopped: {shlex.join(shown)} ended with {done.returncode}")

    def _environment(self, by: str) -> dict[str, str]:
        author = by or "ana"
        identity = {f"GIT_{role}_NAME": _AUTHORS[author] for role in ("AUTHOR", "COMMITTER")}
        identity |= {f"GIT_{role}_EMAIL": f"{author}@acme.example" for role in ("AUTHOR", "COMMITTER")}
        clock = {"INCIDENT_NOW": moment.show(self.now)} if self.now else {}
        user = {"GITLAB_USER_LOGIN": by} if by else {}
        settings = {"GIT_CONFIG_NOSYSTEM": "1", "COLUMNS": "110", "NO_COLOR": "1"}
        return child_environment({**self.environment, **identity, **clock, **user, **settings})

    def issues(self) -> list[JsonObject]:
        """Return every issue as GitLab's API shows it, oldest first."""
        return cast("list[JsonObject]", self._get("/api/v4/projects/acme%2Fproduction/issues?sort=asc&per_page=100"))

    def page_incidents(self) -> list[JsonObject]:
        """Return the active and resolved incidents of the status page."""
        found: list[JsonObject] = []
        for kind in ("active", "resolved"):
            time.sleep(self.statusio_gap)
            answer = cast("JsonObject", self._get(f"/statusio/v2/incident/list/{kind}/{STATUSIO_PAGE}?page=1"))
            found += cast("list[JsonObject]", answer["result"])
        time.sleep(self.statusio_gap)
        return found

    def requests_made(self) -> tuple[int, int]:
        """Return how many requests the services got, and how many of them wrote."""
        log = cast("list[JsonObject]", self._get("/sandbox/requests.json"))
        return len(log), sum(bool(entry["write"]) for entry in log)

    def _get(self, path: str) -> object:
        headers = {
            "PRIVATE-TOKEN": self.environment["INCIDENT_GITLAB_TOKEN"],
            "x-api-id": self.environment["STATUSIO_API_ID"],
            "x-api-key": self.environment["STATUSIO_API_KEY"],
        }
        answer = requests.get(self.url + path, headers=headers, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def wait(self) -> None:
        """Keep the sandbox running until Ctrl-C."""
        try:
            while True:
                time.sleep(3600)
        except KeyboardInterrupt:
            click.echo()
