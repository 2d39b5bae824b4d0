"""The command line for tests: run in this process, or on a pseudo terminal as a person would."""

import io
import os
import pty
import select
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from unittest import mock

import click
import pytest

from incidentops.cli.main import main
from incidentops.cli.support.exits import guarded
from pacing import no_pauses

TIMEOUT = 30.0  # seconds: far more than any answer takes, so that a test that hangs ends


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


def command(name: str) -> click.Command:
    """A command, loaded as `main` does."""
    found = main.get_command(click.Context(main), name)
    assert found is not None
    return found


def incident(root: Path, *arguments: str, environment: Mapping[str, str]) -> Ran:
    """Run `incident ARGUMENTS` in this process, in a folder, with nothing but this environment, without waiting."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="", write_through=True) for _ in range(2))
    with (
        chdir(root),
        mock.patch.dict(os.environ, environment, clear=True),
        redirect_stdout(out),
        redirect_stderr(err),
        signals_kept(),
    ):
        code = guarded(main, arguments, no_pauses())
    return Ran(int(code), *(text.buffer.getvalue().decode("utf-8") for text in (out, err)))


@contextmanager
def signals_kept() -> Iterator[None]:
    """Whatever the program does on SIGTERM, it does it no longer afterwards."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@dataclass(frozen=True)
class Shell:
    """Runs commands in a repository, in this process."""

    root: Path
    capsys: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    def run(self, *arguments: str, given: bytes | None = None, at: str = "", user: str = "") -> Ran:
        """Run `incident ARGUMENTS`. `given` is standard input, `at` the moment, `user` the GitLab login."""
        with self.monkeypatch.context() as patch:
            patch.chdir(self.root)
            patch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given or b"")))
            if at:
                patch.setenv("INCIDENT_NOW", at if "T" in at else f"2026-11-21T{at}:00Z")
            if user:
                patch.setenv("GITLAB_USER_LOGIN", user)
            self.capsys.readouterr()
            code = guarded(main, arguments, no_pauses())
        out, err = self.capsys.readouterr()
        return Ran(int(code), out, err)


class Terminal:
    """A command on a pseudo terminal: wait for what it asks, answer, look at how it ended."""

    def __init__(self, root: Path, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
        self._leader, follower = pty.openpty()
        self._process = subprocess.Popen(
            [sys.executable, "-c", "from incidentops.cli.main import run; run()", *arguments],
            cwd=root, stdin=follower, stdout=follower, stderr=follower,
            env={**os.environ, "PYTHONWARNINGS": "error", "TERM": "dumb", **(environment or {})},
        )  # fmt: skip
        os.close(follower)
        self.shown = ""

    def answer(self, question: str, answer: str) -> None:
        """Wait until the question is shown after all that was answered, and type the answer."""
        while question not in self.shown.rpartition("\x00")[2]:
            if not self._read():
                raise AssertionError(f"ended without asking {question!r}: {self.shown}")
        self.shown += "\x00"
        os.write(self._leader, answer.encode() + b"\n")

    def end(self) -> tuple[int, str]:
        """Wait for the end; return the exit code and all that was shown."""
        while self._read():
            pass
        os.close(self._leader)
        return self._process.wait(TIMEOUT), self.shown.replace("\x00", "").replace("\r\n", "\n")

    def _read(self) -> bool:
        ready, _, _ = select.select([self._leader], [], [], TIMEOUT)
        if not ready:
            self._process.kill()
            self._process.wait()
            raise AssertionError(f"nothing more for {TIMEOUT:g} seconds: {self.shown}")
        try:
            more = os.read(self._leader, 65536)
        except OSError:  # Linux: the other side is closed
            return False
        self.shown += more.decode("utf-8", "replace")
        return bool(more)
