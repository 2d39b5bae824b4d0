"""How the program waits in tests: not at all, or so many times faster than it would."""

import time
from dataclasses import dataclass

from incidentops.core.pauses import Pauses


@dataclass
class StoppedClock:
    """A clock that moves only when somebody sleeps."""

    slept: float = 0.0

    def sleep(self, seconds: float) -> None:
        self.slept += seconds

    def monotonic(self) -> float:
        return self.slept


def no_pauses() -> Pauses:
    """Nobody waits, and the clock says that they did."""
    clock = StoppedClock()
    return Pauses(clock.sleep, clock.monotonic)


def faster(times: float) -> Pauses:
    """The real clock, sped up: for processes that wait for each other."""
    return Pauses(lambda seconds: time.sleep(seconds / times), lambda: time.monotonic() * times)


def child(times: float = 100) -> str:
    """The program `incident` for `python -c`, in a process of its own, with the clock sped up."""
    return f"from incidentops.cli.main import run; from pacing import faster; run(faster({times!r}))"
