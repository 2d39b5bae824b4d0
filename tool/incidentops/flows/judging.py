"""Reading and judging files one by one, on several processes when there are many. Nothing piles up but findings."""

import multiprocessing
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import cast

from incidentops.core.errors import Failed
from incidentops.core.finding import Finding
from incidentops.model import build
from incidentops.rules.across import Summary, summary
from incidentops.rules.runner import Judge
from incidentops.store.schema import Shape
from incidentops.store.yamlfile import read_file

_BATCH = 100
_MANY = 600
"""From so many files on, a second process is worth its start (facts/performance.md)."""
_MOST_JOBS = 8


@dataclass(frozen=True, slots=True)
class Courtroom:
    """Where the records are, and the judge."""

    root: Path
    judge: Judge


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of some files."""

    findings: tuple[Finding, ...] = ()
    records: int = 0
    summaries: tuple[Summary, ...] = ()
    bugs: tuple[str, ...] = ()

    def plus(self, other: "Outcome") -> "Outcome":
        """Return both together."""
        return Outcome(
            self.findings + other.findings,
            self.records + other.records,
            self.summaries + other.summaries,
            self.bugs + tuple(code for code in other.bugs if code not in self.bugs),
        )


def judge_files(room: Courtroom, files: Sequence[str], jobs: int | None = None) -> Iterator[Outcome]:
    """Judge files in batches. `jobs` is the number of processes; None chooses by the number of files."""
    batches = [files[i : i + _BATCH] for i in range(0, len(files), _BATCH)]
    count = min(_fitting_jobs(len(files)) if jobs is None else jobs, len(batches))
    if count < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return (_judge_batch(room, batch) for batch in batches)
    return _share_out(room, batches, count)


def judge_file(room: Courtroom, file: str) -> Outcome:
    """Judge one file: it stops at its first bad stage."""
    read = read_file(room.root, file, Shape.INCIDENT)
    if read.document is None:
        return Outcome(read.findings, 1)
    incident = build.incident(read.document, room.judge.context.handbook.ownership)
    judgement = room.judge.judge(incident, read.text)
    known = summary(incident)
    return Outcome(judgement.findings, 1, (known,) if known else (), judgement.bugs)


def _judge_batch(room: Courtroom, files: Sequence[str]) -> Outcome:
    outcome = Outcome()
    for file in files:
        outcome = outcome.plus(judge_file(room, file))
    return outcome


def _fitting_jobs(files: int) -> int:
    if files <= _MANY:
        return 1
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(here, _MOST_JOBS)


def _share_out(room: Courtroom, batches: Sequence[Sequence[str]], jobs: int) -> Iterator[Outcome]:
    """Judge on several processes. They are forked, so that the handbook and the schema are there already."""
    context = multiprocessing.get_context("fork")
    workers: dict[Connection, ForkProcess] = {}
    try:
        for number in range(jobs):
            receiver, sender = context.Pipe(duplex=False)
            workers[receiver] = context.Process(target=_work, args=(room, batches[number::jobs], sender), daemon=True)
            workers[receiver].start()
            sender.close()
        yield from _received(list(workers))
    finally:
        for worker in workers.values():
            worker.terminate()
            worker.join()


def _received(open_pipes: list[Connection]) -> Iterator[Outcome]:
    while open_pipes:
        for pipe in cast("list[Connection]", wait(open_pipes)):
            try:
                outcome: Outcome | None = pipe.recv()
            except EOFError as error:
                raise Failed(
                    "a process that judged records was ended from outside", "run it again with --jobs 1"
                ) from error
            if outcome is None:
                open_pipes.remove(pipe)
            else:
                yield outcome


def _work(room: Courtroom, batches: Sequence[Sequence[str]], sender: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and ends this process
    for batch in batches:
        sender.send(_judge_batch(room, batch))
    sender.send(None)
