"""Work on several processes: everything comes back, and an error in one of them is raised here."""

import os
import signal

import pytest

from incidentops.core.errors import Failed
from incidentops.flows.validate.processes import fitting_jobs, run_in_processes


def doubled(batches):
    for batch in batches:
        yield sum(batch) * 2


def whose(batches):
    for _ in batches:
        yield os.getpid()


def present(batches):
    yield os.getpid()


@pytest.mark.parametrize("jobs", [1, 2, 3, 50])
def test_every_batch_is_done_once_on_any_number_of_processes(jobs):
    assert [2, 6, 10, 14] == sorted(run_in_processes(doubled, [[1], [3], [5], [7]], jobs))


def test_nothing_to_do_gives_nothing():
    assert [] == list(run_in_processes(doubled, [], 2))


def test_one_job_or_one_batch_needs_no_other_process():
    assert {os.getpid()} == set(run_in_processes(whose, [1, 2], 1)) == set(run_in_processes(whose, [1], 4))


def test_two_jobs_are_two_other_processes():
    found = set(run_in_processes(present, [1, 2, 3, 4], 2))
    assert 2 == len(found)
    assert os.getpid() not in found


def test_more_batches_than_turns_are_all_done_once():
    assert 10_000 * 2 == sum(run_in_processes(doubled, [[1]] * 10_000, 2))


def test_what_a_process_cannot_go_on_with_is_raised_here_with_its_hint():
    def failing(batches):
        yield from ()
        raise Failed("git has no blob 'abc'", "fetch it")

    with pytest.raises(Failed, match="git has no blob") as raised:
        list(run_in_processes(failing, [1, 2], 2))
    assert "fetch it" == raised.value.hint


def test_a_process_that_is_killed_is_an_error_and_no_silence():
    def killed(batches):
        yield from ()
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(Failed, match="ended from outside"):
        list(run_in_processes(killed, [1, 2], 2))


def test_processes_are_ended_when_nobody_wants_more():
    results = run_in_processes(whose, [1, 2, 3, 4], 2)
    one = next(results)
    results.close()
    with pytest.raises(ProcessLookupError):
        os.kill(one, 0)


def test_few_files_are_for_one_process_and_many_for_as_many_as_fit():
    assert 1 == fitting_jobs(600)
    assert 1 <= fitting_jobs(601) <= 8


def test_a_process_ends_also_when_this_one_catches_the_signal():
    def stuck(batches):
        yield os.getpid()
        signal.pause()

    before = signal.signal(signal.SIGTERM, lambda *_: signal.pause())
    try:
        results = run_in_processes(stuck, [1, 2], 2)
        child = next(results)
        results.close()
    finally:
        signal.signal(signal.SIGTERM, before)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_signal_in_the_very_moment_of_its_start_ends_a_process_too():
    at_once = [True]
    os.register_at_fork(after_in_child=lambda: at_once and os.kill(os.getpid(), signal.SIGTERM))

    before = signal.signal(signal.SIGTERM, lambda *_: signal.pause())
    try:
        with pytest.raises(Failed, match="ended from outside"):
            list(run_in_processes(whose, [1, 2], 2))
    finally:
        at_once.clear()
        signal.signal(signal.SIGTERM, before)
