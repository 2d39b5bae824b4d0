"""How the program waits in tests: not at all, or so many times faster than it would."""

import shlex
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from incidentops.core.pauses import Pauses
from paths import TESTS


@dataclass
class StoppedClock:
    """A clock that moves only when somebody sleeps."""

    slept: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def monotonic(self) -> float:
        return self.slept


class Waits:
    """A clock that moves only when somebody sleeps, and remembers each pause."""

    def __init__(self) -> None:
        self.now = 100.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def pauses(self) -> Pauses:
        return Pauses(self.sleep, lambda: self.now)


def no_pauses() -> Pauses:
    """Nobody waits, and the clock says that they did."""
    clock = StoppedClock()
    return Pauses(clock.sleep, clock.monotonic)


def faster(times: float) -> Pauses:
    """The real clock, sped up: for processes that wait for each other."""
    return Pauses(lambda seconds: time.sleep(seconds / times), lambda: time.monotonic() * times)


def command(times: float = 100) -> list[str]:
    """The command `incident`, for a process of its own whose clock is sped up."""
    code = f"import sys; sys.path.append({str(TESTS)!r}); from pacing import faster"
    return [sys.executable, "-c", f"{code}; from incidentops.cli.main import run; run(faster({times!r}))"]


def on_path(folder: Path) -> Path:
    """A folder for PATH with that command under its name."""
    folder.mkdir()
    program = folder / "incident"
    program.write_text(f'#!/bin/sh\nexec {shlex.join(command())} "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    return folder
