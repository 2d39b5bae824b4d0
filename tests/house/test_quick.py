"""`make quick` and what every run says at its end, tried on a folder of a few tests."""

import subprocess
import sys

import pytest

from house.code import ROOT

TESTS = """
import os, socket, subprocess, sys
import pytest

def test_thinks():
    assert 4 == 2 + 2

def test_starts_a_process():
    subprocess.run([sys.executable, "-c", ""], check=True)

def test_forks_and_tidies_up():
    child = None
    try:
        child = os.fork()
    finally:
        os.waitpid(child, 0)

def test_forgives_everything():
    try:
        subprocess.Popen([sys.executable, "-c", ""]).wait()
    except BaseException:
        pass

def test_serves():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))

@pytest.fixture
def sandbox():
    raise AssertionError("it is not even set up")

def test_asks_for_what_serves(sandbox):
    pass

@pytest.mark.skipif(True, reason="needs another machine")
def test_elsewhere():
    pass
"""


@pytest.fixture
def run(tmp_path, monkeypatch):
    """Run pytest on those tests and return what it printed."""
    (tmp_path / "test_some.py").write_text(TESTS, encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "tests"))

    def run(*options: str) -> str:
        command = [sys.executable, "-m", "pytest", "-p", "quick", "-p", "skips", "-p", "no:randomly", *options]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False).stdout

    return run


def test_quick_leaves_out_whatever_starts_a_process_or_a_server(run):
    output = run("--quick", "-k", "not elsewhere")
    assert "1 passed, 4 skipped, 2 deselected" in output
    assert ["skipped 1: starts a server", "skipped 3: starts a process"] == sorted(
        line for line in output.splitlines() if line.startswith("skipped")
    )


def test_any_other_run_starts_what_it_needs_and_says_what_it_skipped(run):
    output = run(
        "-k", "thinks or process or serves or elsewhere", "--deselect", "test_some.py::test_asks_for_what_serves"
    )
    assert "3 passed, 1 skipped" in output
    assert "skipped 1: needs another machine" in output
