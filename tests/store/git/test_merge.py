"""Git's merge of texts, and the merge driver of a clone."""

import os
import subprocess
from pathlib import Path

import pytest

from gitplace import git
from incidentops.core.errors import Failed, WrongUse
from incidentops.store.git import merge
from incidentops.store.git.merge import MergeFavour, merge_texts

BASE = b"a\nb\nc\n"
OURS, THEIRS = b"a\nours\nc\n", b"a\ntheirs\nc\n"


def test_texts_are_merged_as_git_does(repository: Path):
    assert (b"new\na\nb\nc\nend\n", True) == merge_texts(repository, BASE, b"new\n" + BASE, BASE + b"end\n")


def test_a_conflict_has_marks_with_the_names_of_the_sides(repository: Path):
    merged = b"a\n<<<<<<< ours\nours\n=======\ntheirs\n>>>>>>> theirs\nc\n"
    assert (merged, False) == merge_texts(repository, BASE, OURS, THEIRS)


@pytest.mark.parametrize(
    ("favour", "line"),
    [(MergeFavour.OURS, b"ours\n"), (MergeFavour.THEIRS, b"theirs\n")],
)
def test_a_side_can_be_favoured(repository: Path, favour, line):
    assert (b"a\n" + line + b"c\n", True) == merge_texts(repository, BASE, OURS, THEIRS, favour)


def test_what_is_no_text_cannot_be_merged(repository: Path):
    with pytest.raises(Failed, match="Cannot merge binary files"):
        merge_texts(repository, BASE, b"\0", THEIRS)


def test_the_driver_is_installed_once_and_never_overwritten(repository: Path):
    assert (False, True, True) == (
        merge.installed(repository), merge.install(repository), merge.installed(repository)
    )  # fmt: skip
    git(repository, "config", "merge.incidentops.driver", "mine %A")
    assert merge.install(repository) is False
    assert "mine %A" == git(repository, "config", "merge.incidentops.driver")


def test_the_attributes_say_who_merges_records(repository: Path):
    assert merge.used(repository) is False
    (repository / ".gitattributes").write_text(f"{merge.ATTRIBUTES}\n", encoding="utf-8")
    assert merge.used(repository) is True


def test_below_the_top_of_a_repository_attributes_count_too(repository: Path):
    below = repository / "ops"
    (below / "incidents").mkdir(parents=True)
    (below / ".gitattributes").write_text(f"{merge.ATTRIBUTES}\n", encoding="utf-8")
    assert (True, False) == (merge.used(below), merge.used(repository))


def test_outside_of_git_there_is_nothing_to_ask(tmp_path: Path):
    with pytest.raises(WrongUse, match="not in a git repository"):
        merge.installed(tmp_path)


@pytest.mark.parametrize(("status", "code"), [(0, 0), (1, 1), (10, 1)])
def test_the_shell_ends_as_the_driver_does(tmp_path: Path, status, code):
    program = tmp_path / "incident"
    program.write_text(f"#!/bin/sh\nexit {status}\n", encoding="utf-8")
    program.chmod(0o755)
    driver = merge.SETTINGS["merge.incidentops.driver"]
    ended = subprocess.run(
        ["sh", "-c", driver], env={**os.environ, "PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}, check=False
    )
    assert code == ended.returncode
