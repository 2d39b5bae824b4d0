"""The merge driver as git calls it, and with git itself: two clones, two responders, one record."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from commandline import Shell
from gitplace import git
from incidentops.store.yaml.reader import Shape, read_file
from make import a_handbook_data

RECORD = "incidents/2026/2026-11-21-registry-503.yaml"
TEXT = """\
kind: incident
title: Registry pushes fail with HTTP 503   # as the alert had it
services: [registry]
timeline:
  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S2, state: investigating}
  - {at: 2026-11-21T14:03:00Z, by: ana, engage: eoc}
"""
FOUND = "  - {at: 2026-11-21T14:30:00Z, by: ana, state: identified}   # the chart\n"
CALLED = "  # by phone\n  - {at: 2026-11-21T14:10:00Z, by: bo, note: Called the manager}\n"


@dataclass(frozen=True)
class Called:
    """One call of the driver, with files as git makes them."""

    shell: Shell

    def merge(self, base: str, ours: str, theirs: str, path: str = RECORD) -> tuple[int, str, str]:
        """Return exit code, what is in %A afterwards, and standard error."""
        for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
            (self.shell.root / f".merge_file_{name}").write_text(text, encoding="utf-8")
        ran = self.shell.run("merge-driver", ".merge_file_base", ".merge_file_ours", ".merge_file_theirs", path)
        assert "" == ran.out
        return ran.code, (self.shell.root / ".merge_file_ours").read_text(encoding="utf-8"), ran.err


@pytest.fixture
def driver(shell: Shell) -> Called:
    return Called(shell)


def test_two_branches_are_merged_by_time_with_their_comments(driver: Called):
    assert (0, TEXT + CALLED + FOUND, "") == driver.merge(TEXT, TEXT + FOUND, TEXT + CALLED)
    assert (0, TEXT + CALLED + FOUND, "") == driver.merge(TEXT, TEXT + CALLED, TEXT + FOUND)


def test_two_states_at_once_are_refused_with_the_lines_of_both_sides(driver: Called):
    other = FOUND.replace("identified", "monitoring").replace("ana", "bo")
    code, text, stderr = driver.merge(TEXT, TEXT + FOUND, TEXT + CALLED + other)
    assert 1 == code
    assert f"<<<<<<< ours\n{FOUND}=======\n{CALLED}{other}>>>>>>> theirs\n" in text
    assert [
        f"{RECORD}: conflict: state is 'identified' in ours and 'monitoring' in theirs, both at 14:30Z",
        "  see: ours line 7; theirs line 9",
        f"  hint: edit the file until it says what happened, then: git add {RECORD}",
        f"  each side as it was: git show :2:{RECORD} (ours), git show :3:{RECORD} (theirs)",
    ] == stderr.splitlines()


def test_an_owners_decision_that_is_no_longer_the_owners_is_refused(driver: Called):
    resolved = "  - {at: 2026-11-21T15:00:00Z, by: ana, state: resolved, note: All is well}\n"
    engaged = "  - {at: 2026-11-21T14:40:00Z, by: bo, engage: imoc}\n"
    code, _, stderr = driver.merge(TEXT, TEXT + resolved, TEXT + engaged)
    assert 1 == code
    assert "conflict: together they break OWN001: resolved by 'ana', but 'bo' owns the incident since 14:40Z" in stderr
    assert "  see: ours line 7; theirs line 7\n" in stderr


def test_what_cannot_be_read_is_left_to_a_person_and_nothing_is_lost(driver: Called):
    code, text, stderr = driver.merge(TEXT, TEXT + FOUND, TEXT + "  - {at: oops\n")
    assert 1 == code
    assert FOUND in text
    assert "  - {at: oops\n" in text
    assert f"{RECORD}: conflict: theirs is not a valid record: YML001 at " in stderr


def test_a_comment_that_cannot_be_kept_is_named(driver: Called):
    ours = TEXT.replace("as the alert had it", "as ana saw it")
    theirs = TEXT.replace("as the alert had it", "as bo saw it")
    code, text, stderr = driver.merge(TEXT, ours + FOUND, theirs + CALLED)
    assert 0 == code
    assert "# as ana saw it" in text
    assert f"{RECORD}: merged, but a comment of theirs could not be kept: '# as bo saw it'\n" == stderr


def test_other_files_get_gits_own_merge(driver: Called):
    book = "incidents/handbook.yaml"
    assert (0, "a\nb\nc\nd\ne\n", "") == driver.merge("b\nc\nd\n", "a\nb\nc\nd\n", "b\nc\nd\ne\n", path=book)
    code, text, _ = driver.merge("a\n", "b\n", "c\n", path=book)
    assert (1, "<<<<<<< ours\nb\n=======\nc\n>>>>>>> theirs\n") == (code, text)


def test_a_handbook_that_cannot_be_used_leaves_gits_own_merge(driver: Called):
    (driver.shell.root / "incidents" / "handbook.yaml").write_text("a: [", encoding="utf-8")
    code, text, stderr = driver.merge(TEXT, TEXT + FOUND, TEXT + CALLED)
    assert 2 == code
    assert f"<<<<<<< ours\n{FOUND}=======\n{CALLED}>>>>>>> theirs\n" in text
    assert "the handbook cannot be used" in stderr


def test_a_file_that_is_not_there_is_wrong_use(shell: Shell):
    ran = shell.run("merge-driver", "no", "no", "no", RECORD)
    assert (2, True) == (ran.code, "'no' cannot be read" in ran.err)


@dataclass(frozen=True)
class Clones:
    """Two clones of one server, each with its branch of the record."""

    ana: Path
    bo: Path

    def git(self, clone: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run git with `incident` on the path; how it ends is looked at by the test."""
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["git", *arguments],
            cwd=clone, env={**os.environ, "PATH": path}, capture_output=True, text=True, check=False,
        )  # fmt: skip

    def write(self, clone: Path, text: str) -> None:
        file = clone / RECORD
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        git(clone, "add", RECORD)
        git(clone, "commit", "-q", "-m", "Write it down")


@pytest.fixture
def clones(shell: Shell, tmp_path: Path) -> Clones:
    """Made by `incident init --commit`; the second clone runs the hint that doctor prints for the driver."""
    ana, bo, server = tmp_path / "ana", tmp_path / "bo", tmp_path / "server.git"
    assert 0 == shell.run("init", str(ana), "--commit").code
    both = Clones(ana, bo)
    (ana / "incidents" / "handbook.yaml").write_text(json.dumps(a_handbook_data()), encoding="utf-8")
    git(ana, "add", ".")
    both.write(ana, TEXT)
    git(tmp_path, "clone", "-q", "--bare", str(ana), str(server))
    git(tmp_path, "clone", "-q", str(server), str(bo))
    git(ana, "remote", "add", "origin", str(server))
    printed = json.loads(Shell(bo, shell.capsys, shell.monkeypatch).run("doctor", "--format", "json").out)
    hint = next(check["hint"] for check in printed["checks"] if check["name"] == "merge driver")
    subprocess.run(["sh", "-ec", hint], cwd=bo, check=True)
    return both


@pytest.mark.slow
def test_git_merges_and_rebases_what_two_responders_wrote(clones: Clones):
    clones.write(clones.ana, TEXT + FOUND)
    git(clones.ana, "push", "-q", "origin", "HEAD:main")
    clones.write(clones.bo, TEXT + CALLED)
    git(clones.bo, "fetch", "-q")
    git(clones.bo, "branch", "other")

    merged = clones.git(clones.bo, "merge", "-q", "--no-edit", "origin/main")
    assert 0 == merged.returncode, merged.stdout + merged.stderr
    assert TEXT + CALLED + FOUND == (clones.bo / RECORD).read_text(encoding="utf-8")

    git(clones.bo, "checkout", "-q", "other")
    rebased = clones.git(clones.bo, "rebase", "-q", "origin/main")
    assert 0 == rebased.returncode, rebased.stdout + rebased.stderr
    assert TEXT + CALLED + FOUND == (clones.bo / RECORD).read_text(encoding="utf-8")
    assert () == read_file(clones.bo, RECORD, Shape.INCIDENT).findings


@pytest.mark.slow
def test_git_stops_where_two_responders_contradict_each_other(clones: Clones):
    clones.write(clones.ana, TEXT + FOUND)
    git(clones.ana, "push", "-q", "origin", "HEAD:main")
    clones.write(clones.bo, TEXT + FOUND.replace("identified", "monitoring"))
    git(clones.bo, "fetch", "-q")
    for command, ours, theirs in (
        (("merge", "--no-edit"), "monitoring", "identified"), (("rebase",), "identified", "monitoring"),
    ):  # fmt: skip
        ended = clones.git(clones.bo, *command, "origin/main")
        assert 1 == ended.returncode
        assert f"conflict: state is '{ours}' in ours and '{theirs}' in theirs, both at 14:30Z\n" in ended.stderr
        assert "  see: ours line 7; theirs line 7\n" in ended.stderr
        assert f"UU {RECORD}" == git(clones.bo, "status", "--porcelain")
        for stage in (2, 3):
            assert "14:30:00Z" in git(clones.bo, "show", f":{stage}:{RECORD}")
        git(clones.bo, command[0], "--abort")


@pytest.mark.slow
def test_without_the_command_git_merges_texts_and_keeps_both_sides(clones: Clones):
    clones.write(clones.ana, TEXT + FOUND)
    git(clones.ana, "push", "-q", "origin", "HEAD:main")
    clones.write(clones.bo, TEXT + CALLED)
    git(clones.bo, "fetch", "-q")
    driver = git(clones.bo, "config", "merge.incidentops.driver")
    git(clones.bo, "config", "merge.incidentops.driver", driver.replace("incident ", "no-such-incident "))
    assert 1 == clones.git(clones.bo, "merge", "--no-edit", "origin/main").returncode
    text = (clones.bo / RECORD).read_text(encoding="utf-8")
    assert FOUND in text
    assert CALLED in text
    assert "<<<<<<<" in text


@pytest.mark.slow
def test_a_record_that_both_made_anew_is_merged_too(clones: Clones):
    other = RECORD.replace("registry-503", "web-down")
    for clone, more in ((clones.ana, FOUND), (clones.bo, CALLED)):
        (clone / other).write_text(TEXT + more, encoding="utf-8")
        git(clone, "add", other)
        git(clone, "commit", "-q", "-m", "Declare")
    git(clones.ana, "push", "-q", "origin", "HEAD:main")
    git(clones.bo, "fetch", "-q")
    merged = clones.git(clones.bo, "merge", "--no-edit", "origin/main")
    assert 0 == merged.returncode, merged.stdout + merged.stderr
    assert TEXT + CALLED + FOUND == (clones.bo / other).read_text(encoding="utf-8")
