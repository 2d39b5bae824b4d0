"""The sizes that the budgets name. They take a minute, so they run by `make soak` alone."""

import subprocess
import sys

import pytest

from benchmarks import corpus

pytestmark = pytest.mark.soak

RECORDS = 10_000
MOST_MEMORY = 150 * 1024
"""KiB, of the largest process."""
PEAK = """
import resource, subprocess, sys
subprocess.run([sys.executable, "-m", "incidentops", "validate", "--no-cache"], capture_output=True, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Run by a small process: a new one counts the memory of the one that started it, and this one is large."""


@pytest.fixture(scope="module")
def repository(tmp_path_factory):
    folder = tmp_path_factory.mktemp("soak") / "repository"
    folder.mkdir()
    corpus.write(folder, RECORDS)
    return folder


def validate(folder, *options: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "incidentops", "validate", *options],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert 0 == done.returncode, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_ten_thousand_records_are_valid_whatever_the_number_of_processes(repository):
    outputs = {validate(repository, "--no-cache", "--jobs", str(jobs)) for jobs in (1, 2, 3)}
    assert 1 == len(outputs)
    assert "0 blocking" in outputs.pop()


def test_ten_thousand_records_need_no_more_memory_than_their_budget(repository):
    done = subprocess.run([sys.executable, "-c", PEAK], cwd=repository, capture_output=True, text=True, check=True)
    assert int(done.stdout) < MOST_MEMORY


def test_what_the_cache_says_is_what_a_fresh_run_says(repository):
    subprocess.run(["git", "init", "-q", str(repository)], check=True)
    first, again = validate(repository), validate(repository)
    assert first == again == validate(repository, "--no-cache")
