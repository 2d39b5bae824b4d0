"""Measures programs: wall and processor time, and the memory of the whole process tree."""

import contextlib
import os
import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_EVERY = 0.005
"""Seconds between two samples of the memory of a tree."""


@dataclass(frozen=True)
class Program:
    """A program to measure. `ends` are the exit codes of success; `before` runs before each run and is not measured."""

    name: str
    command: Sequence[str]
    folder: Path
    ends: tuple[int, ...] = (0,)
    rounds: int | None = None
    before: Callable[[], None] = lambda: None


@dataclass(frozen=True)
class Run:
    """One run: seconds of wall and processor time, children included."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Figures:
    """The figures of a program: medians of its runs, and the peak memory of its tree in MiB, of one more run."""

    name: str
    wall: float
    cpu: float
    peak: float
    runs: int


class MeasurementFailed(Exception):
    """A program failed, so that its figures mean nothing."""


def measure(programs: Sequence[Program], rounds: int) -> tuple[Figures, ...]:
    """Run all programs in turn, round by round, so that a slow moment of the machine affects all of them."""
    runs: dict[str, list[Run]] = {program.name: [] for program in programs}
    for number in range(rounds):
        for program in programs:
            if number < (program.rounds or rounds):
                runs[program.name].append(_timed(program))
    return tuple(
        Figures(
            program.name,
            statistics.median(run.wall for run in runs[program.name]),
            statistics.median(run.cpu for run in runs[program.name]),
            _peak(program),
            len(runs[program.name]),
        )
        for program in programs
    )


def _start(program: Program, output: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        list(program.command),
        cwd=program.folder,
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=output,
        env=environment(),
        start_new_session=True,
    )


def environment() -> Mapping[str, str]:
    """Return a minimal environment, without tokens and settings of this machine."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {"PYTHONDONTWRITEBYTECODE": "", "NO_COLOR": "1"}


def _timed(program: Program) -> Run:
    program.before()
    began = time.perf_counter()
    process = _start(program, subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    _check(program, process.returncode)
    return Run(wall, usage.ru_utime + usage.ru_stime)


def _check(program: Program, code: int) -> None:
    if code not in program.ends:
        command = " ".join(program.command[:6])
        raise MeasurementFailed(f"{program.name} exited with {code}: {command} ...")


def _peak(program: Program) -> float:
    """Highest sum over the tree of each process's share of memory (PSS), sampled every few milliseconds.

    It is a separate run, because sampling takes time. The kernel's high-water mark of each process covers the time
    between two samples; `ru_maxrss` is no substitute, it starts with the memory of this program.
    """
    program.before()
    process = _start(program, subprocess.DEVNULL)
    highest = 0
    while process.poll() is None:
        tree = _tree(process.pid)
        shares = sum(_kilobytes(one, "smaps_rollup", "Pss:") for one in tree)
        marks = [_kilobytes(one, "status", "VmHWM:") for one in tree]
        highest = max(highest, shares, *marks)
        time.sleep(_EVERY)
    _check(program, process.returncode)
    return highest / 1024


def _tree(pid: int) -> list[int]:
    found = [pid]
    for parent in found:
        with contextlib.suppress(OSError):
            for task in Path(f"/proc/{parent}/task").iterdir():
                found += [int(child) for child in (task / "children").read_text().split()]
    return found


def _kilobytes(pid: int, file: str, name: str) -> int:
    """Read one figure of a process; 0 when it has exited."""
    with contextlib.suppress(OSError):
        for line in Path(f"/proc/{pid}/{file}").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1])
    return 0
