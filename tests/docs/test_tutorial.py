"""The tutorial is run: every command of it, in order, in one shell, against the sandbox."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import pacing
from gitplace import git
from paths import ROOT

TUTORIAL = ROOT / "docs" / "tutorial.md"

pytestmark = pytest.mark.slow


def commands() -> str:
    """The blocks marked `sh`; those marked `sh setup` are what the test has done already."""
    return "\n".join(re.findall(r"^```sh\n(.*?)^```$", TUTORIAL.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL))


@pytest.fixture
def checkout(tmp_path) -> Path:
    """Where a reader stands: in a clone of the tool's own repository."""
    origin, folder = tmp_path / "origin.git", tmp_path / "checkout"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(origin))
    git(tmp_path, "clone", "-q", str(origin), str(folder))
    shutil.copy(ROOT / ".gitignore", folder)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "The tool")
    git(folder, "push", "-q", "origin", "HEAD:main")
    return folder


def test_every_command_of_the_tutorial_works_and_does_what_it_says(checkout, tmp_path, sandbox):
    before = git(checkout, "rev-parse", "HEAD")
    environment = {**os.environ, **sandbox.environment()}
    environment.pop("INCIDENT_NOW")
    environment["PATH"] = f"{pacing.on_path(tmp_path / 'bin')}{os.pathsep}{environment['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands()],
        cwd=checkout,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    output = done.stdout + done.stderr
    assert 0 == done.returncode, output

    titles = {issue["title"]: issue["state"] for issue in sandbox.issues()}
    assert "closed" == titles.pop("Image pushes are slow"), output
    assert ["opened"] == list(titles.values()), "the near miss has a review"
    assert "nine hours" in next(iter(titles))
    texts = [message["details"] for message in sandbox.statusio_messages()]
    beginnings = (
        "Pushing images takes longer",
        "We found the cause",
        "We enlarged a cache",
        "Pushing images is as fast",
    )
    assert [True] * 4 == [text.startswith(begin) for text, begin in zip(texts, beginnings, strict=True)], texts
    assert [True] == [one["resolved"] for one in sandbox.statusio_incidents()]
    assert "nothing to do" in output

    assert before == git(checkout, "rev-parse", "HEAD") == git(tmp_path / "origin.git", "rev-parse", "main")
    assert "" == git(checkout, "status", "--porcelain"), "the tutorial leaves the checkout as it was"
