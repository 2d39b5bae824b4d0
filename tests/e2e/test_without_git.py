"""A machine without git, such as a slim container image: what needs git says so, everything else works."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from make import FILE, a_record

pytestmark = pytest.mark.slow

ERROR = "error: git is not installed\n  hint: install git 2.29 or newer (Debian: apt-get install git; "
DECLARE = ("declare", "It fails", "--service", "web", "--severity", "S2", "--by", "ana")


@pytest.fixture
def run(repository: Path, tmp_path: Path):
    """Run `incident` in a repository with one record, on a path that leads nowhere."""
    (repository / FILE).write_text(json.dumps(a_record()), encoding="utf-8")
    environment = {**os.environ, "PATH": str(tmp_path / "nothing")}
    environment.pop("GIT_PYTHON_REFRESH", None)

    def run(*arguments: str) -> tuple[int, str, str]:
        command = [sys.executable, "-m", "incidentops", *arguments]
        done = subprocess.run(command, cwd=repository, env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout, done.stderr

    return run


@pytest.mark.parametrize(
    "arguments",
    [("plan",), ("reconcile",), ("validate", "--base", "main"), ("validate", "--history"), ("demo",), ("init", "new"),
     ("adopt", "registry", "gitlab.issue", "7"), (*DECLARE, "--push")],
    ids=" ".join,
)  # fmt: skip
def test_what_needs_git_says_in_one_line_that_it_is_not_installed(run, arguments):
    code, out, err = run(*arguments)
    assert (2, True) == (code, err.startswith(ERROR)), out + err
    assert 2 == len(err.splitlines())


def test_init_leaves_nothing_behind(run, repository):
    run("init", "new")
    assert not (repository / "new").exists()


@pytest.mark.parametrize("arguments", [("validate",), ("list",), ("show", "registry"), DECLARE], ids=" ".join)
def test_what_needs_no_git_works(run, arguments):
    code, out, err = run(*arguments)
    assert (0, False) == (code, "git is not installed" in out + err), out + err
