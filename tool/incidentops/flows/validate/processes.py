"""Sharing work out to several processes: they are forked, so that what was prepared is there already."""

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from multiprocessing.connection import Connection, wait
from typing import TYPE_CHECKING, TypeVar, cast

from incidentops.core.errors import Failed, IncidentError

if TYPE_CHECKING:
    from multiprocessing.context import ForkProcess  # not every system has it

_MOST_JOBS = 8

_Batch = TypeVar("_Batch")
_Result = TypeVar("_Result")


def fitting_jobs() -> int:
    """Return how many processes this machine has room for."""
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(here, _MOST_JOBS)


def run_in_processes(
    work: Callable[[Sequence[_Batch]], Iterator[_Result]], batches: Sequence[_Batch], jobs: int
) -> Iterator[_Result]:
    """Do the work on so many processes, each with its part of the batches; results come in no order.

    With one process, or where none can be forked, it is done in this one. Raises what the work raises, and Failed when
    a process is killed.
    """
    count = min(jobs, len(batches))
    if count < 2 or "fork" not in multiprocessing.get_all_start_methods():
        return work(batches)
    return _shared_out(work, batches, count)


def _shared_out(
    work: Callable[[Sequence[_Batch]], Iterator[_Result]], batches: Sequence[_Batch], jobs: int
) -> Iterator[_Result]:
    context = multiprocessing.get_context("fork")
    workers: dict[Connection, ForkProcess] = {}
    try:
        for number in range(jobs):
            receiver, sender = context.Pipe(duplex=False)
            workers[receiver] = context.Process(target=_work, args=(work, batches[number::jobs], sender), daemon=True)
            workers[receiver].start()
            sender.close()
        yield from _received(list(workers))
    finally:
        for worker in workers.values():
            worker.terminate()
            worker.join()


def _received(open_pipes: list[Connection]) -> Iterator[_Result]:
    while open_pipes:
        for pipe in cast("list[Connection]", wait(open_pipes)):
            try:
                result: _Result | IncidentError | None = pipe.recv()
            except EOFError as error:
                raise Failed(
                    "a process that judged records was ended from outside", "run it again with --jobs 1"
                ) from error
            if isinstance(result, IncidentError):
                raise result
            if result is None:
                open_pipes.remove(pipe)
            else:
                yield result


def _work(work: Callable[[Sequence[_Batch]], Iterator[_Result]], batches: Sequence[_Batch], sender: Connection) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and ends this process
    try:
        for result in work(batches):
            sender.send(result)
    except IncidentError as error:
        sender.send(error)
    else:
        sender.send(None)
