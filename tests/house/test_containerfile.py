"""The image, as far as it can be tried without an engine: its files, its package; its installs are in test_old_pip."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from gitplace import git
from house import containerfile
from house.code import ROOT
from scripts import package


@pytest.fixture
def image(tmp_path) -> Path:
    """The folder that the package is installed from, with what is copied there and nothing else."""
    folder = tmp_path / "image"
    for source, target in containerfile.copied():
        into = folder / target / source if target == "./" else folder / target
        for name in git(ROOT, "ls-files", source).splitlines():
            place = into / Path(name).relative_to(source)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / name, place, follow_symlinks=False)
    return folder


def test_the_package_builds_from_what_is_copied_and_is_whole(image, tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path / "dist")]
    done = subprocess.run(command, cwd=image, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    (wheel,) = (tmp_path / "dist").iterdir()
    with zipfile.ZipFile(wheel) as archive:
        assert set() == package._expected() - set(archive.namelist())


def test_the_builder_is_given_what_is_copied_and_nothing_else():
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    assert "*" == lines[1]
    assert sorted(source for source, _ in containerfile.copied()) == [line[1:] for line in lines if line[0] == "!"]


def test_every_step_is_one_that_is_tried_somewhere():
    """Two installs, which test_old_pip runs, and one of Debian packages, which nobody runs here; the rest copies."""
    names = [name for name, _ in containerfile.steps()]
    assert ["FROM", "RUN", "WORKDIR", "COPY", "RUN", "COPY", "COPY", "COPY", "RUN", "WORKDIR", "CMD"] == names
    debian, *pips = containerfile.runs()
    assert debian.startswith("apt-get update && apt-get install --yes --no-install-recommends git ")
    assert [True, True] == [line.startswith("pip install ") for line in pips]


def test_it_is_built_on_a_python_that_is_supported_and_names_no_host():
    ((_, base),) = (step for step in containerfile.steps() if step[0] == "FROM")
    assert re.fullmatch(r"python:3\.1[1-9]-slim", base)


def test_it_runs_the_command_of_the_package():
    ((_, command),) = (step for step in containerfile.steps() if step[0] == "CMD")
    assert ["incident", "--help"] == json.loads(command)
    assert (Path(sys.executable).parent / "incident").exists()
