"""Sharing work out to several processes: they are forked, so that what was prepared is there already.

`multiprocessing` is loaded when there is a second process: it takes 8 ms, and most runs check a few files.
"""

import gc
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar, cast

from incidentops.core.errors import Failed, IncidentError

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import ForkProcess

_ENDING = (signal.SIGINT, signal.SIGTERM)
_MOST_JOBS = 8
_MANY = 600
"""From so many files or versions on, a second process is worth its start (docs/services.md: What Python costs)."""
_MOST_TURNS = 4096
"""So many turns fit into a pipe that nobody reads yet: 64 KiB by four bytes each, less a margin."""

_Batch = TypeVar("_Batch")
_Result = TypeVar("_Result")


def fitting_jobs(files: int) -> int:
    """Return how many processes are worth their start for so many files, on this machine."""
    if files <= _MANY:
        return 1
    here = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(here, _MOST_JOBS)


def run_in_processes(
    work: Callable[[Iterator[_Batch]], Iterator[_Result]], batches: Sequence[_Batch], jobs: int
) -> Iterator[_Result]:
    """Do the work on so many processes, each taking the next batch when it is free; results come in no order.

    With one process, or where none can be forked, it is done in this one. Raises what the work raises, and Failed when
    a process is killed.
    """
    count = min(jobs, len(batches))
    return _shared_out(work, batches, count) if count > 1 and hasattr(os, "fork") else work(iter(batches))


def _shared_out(
    work: Callable[[Iterator[_Batch]], Iterator[_Result]], batches: Sequence[_Batch], jobs: int
) -> Iterator[_Result]:
    import multiprocessing

    context = multiprocessing.get_context("fork")
    workers: dict[Connection, ForkProcess] = {}
    turns = _turns(min(len(batches), _MOST_TURNS))
    gc.freeze()  # so that no worker copies the pages of what was there before
    finished = False
    try:
        for _ in range(jobs):
            receiver, sender = context.Pipe(duplex=False)
            workers[receiver] = context.Process(target=_work, args=(work, batches, turns, sender), daemon=True)
            with _signals_wait():
                workers[receiver].start()
            sender.close()
        yield from _received(list(workers))
        finished = True
    finally:
        os.close(turns)
        gc.unfreeze()
        for worker in workers.values():
            if not finished:
                worker.terminate()
            worker.join()


@contextmanager
def _signals_wait() -> Iterator[None]:
    """Let signals wait, so that none reaches a new process while it would still do what this one does at them."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _turns(count: int) -> int:
    """Return a pipe with the numbers of all turns: whoever reads the next one has it."""
    reading, writing = os.pipe()
    os.write(writing, b"".join(number.to_bytes(4, "big") for number in range(count)))
    os.close(writing)
    return reading


def _taken(batches: Sequence[_Batch], turns: int) -> Iterator[_Batch]:
    """Yield the batches of the turns that this process takes."""
    step = min(len(batches), _MOST_TURNS)
    while number := os.read(turns, 4):
        yield from batches[int.from_bytes(number, "big") :: step]


def _received(open_pipes: list["Connection"]) -> Iterator[_Result]:
    from multiprocessing.connection import wait

    while open_pipes:
        for pipe in cast("list[Connection]", wait(open_pipes)):
            try:
                result: _Result | IncidentError | None = pipe.recv()
            except EOFError as error:
                raise Failed(
                    "a process that checked records was ended from outside", "run it again with --jobs 1"
                ) from error
            if isinstance(result, IncidentError):
                raise result
            if result is None:
                open_pipes.remove(pipe)
            else:
                yield result


def _work(
    work: Callable[[Iterator[_Batch]], Iterator[_Result]], batches: Sequence[_Batch], turns: int, sender: "Connection"
) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted, and ends this process
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # and it ends at once, whatever the parent does at that signal
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    gc.disable()  # values have no circles, and the process ends soon
    try:
        for result in work(_taken(batches, turns)):
            sender.send(result)
    except IncidentError as error:
        sender.send(error)
    else:
        sender.send(None)
