"""Making a repository: complete, valid, and never over anything that is there."""

import json
from pathlib import Path

from commandline import Shell
from gitplace import git


def test_a_folder_becomes_an_incident_repository(shell: Shell, tmp_path: Path):
    folder = tmp_path / "new"
    ran = shell.run("init", str(folder), "--organisation", "Zürich: Örn", "--project", "zo/ops", "--commit")
    assert 0 == ran.code
    assert "git repository created, on branch main" in ran.out
    assert "main" == git(folder, "symbolic-ref", "--short", "HEAD")
    assert "" == git(folder, "status", "--porcelain")
    handbook = (folder / "incidents" / "handbook.yaml").read_text(encoding="utf-8")
    assert 'organisation: "Zürich: Örn"\n' in handbook
    assert '  project: "zo/ops"\n' in handbook
    assert '  url: "https://gitlab.com"\n' in handbook


def test_nothing_is_committed_unless_asked_for(shell: Shell, tmp_path: Path):
    shell.run("init", str(tmp_path / "new"))
    assert "?? incidents/" in git(tmp_path / "new", "status", "--porcelain")


def test_git_merges_branches_of_one_record_by_the_driver(shell: Shell, tmp_path: Path):
    ran = shell.run("init", str(tmp_path / "new"))
    assert "git merges two branches of one record by time" in ran.out
    assert git(tmp_path / "new", "config", "merge.incidentops.driver").startswith("incident merge-driver %O %A %B %P")
    record = "incidents/2026/2026-11-21-x.yaml"
    assert git(tmp_path / "new", "check-attr", "merge", record).endswith("merge: incidentops")


def test_an_existing_repository_gets_the_merge_driver_only_with_a_commit(shell: Shell, tmp_path: Path):
    git(tmp_path, "init", "-q", "-b", "main", "mine")
    printed = json.loads(shell.run("init", str(tmp_path / "mine"), "--format", "json").out)
    assert ("existing", None, False) == (printed["git"], printed["inside"], printed["merge_driver"])
    (tmp_path / "mine" / "README.md").unlink()
    again = json.loads(shell.run("init", str(tmp_path / "mine"), "--commit", "--format", "json").out)
    assert again["merge_driver"] is True


def test_no_file_is_ever_overwritten(shell: Shell, tmp_path: Path):
    folder = tmp_path / "new"
    folder.mkdir()
    (folder / "README.md").write_text("mine\n")
    printed = json.loads(shell.run("init", str(folder), "--format", "json").out)
    assert ["README.md"] == printed["existing"]
    assert "incidents/handbook.yaml" in printed["created"]
    assert "mine\n" == (folder / "README.md").read_text()
    again = shell.run("init", str(folder))
    assert 0 == again.code
    assert "  exists   incidents/handbook.yaml" in again.out.splitlines()
    assert "created" not in again.out


def test_inside_another_work_tree_it_becomes_a_repository_of_its_own(shell: Shell):
    git(shell.root, "add", ".")
    git(shell.root, "commit", "-q", "-m", "Start")
    before = git(shell.root, "rev-parse", "HEAD")
    folder = shell.root / "deep" / "er"
    printed = json.loads(shell.run("init", str(folder), "--commit", "--format", "json").out)
    assert ("created", str(shell.root), True) == (printed["git"], printed["inside"], printed["merge_driver"])
    assert str(folder) == git(folder, "rev-parse", "--show-toplevel")
    assert printed["commit"] == git(folder, "rev-parse", "HEAD")
    assert (before, "") == (git(shell.root, "rev-parse", "HEAD"), git(shell.root, "ls-files", "deep"))
    assert "" == git(shell.root, "config", "--default", "", "merge.incidentops.driver")


def test_it_says_that_it_is_separate_from_the_work_tree_around_it(shell: Shell):
    ran = shell.run("init", "deep")
    assert "git repository created, on branch main" in ran.out
    assert f"it is a repository of its own inside {shell.root}, where nothing was added" in ran.out


def test_what_another_repository_tracks_does_not_become_one(shell: Shell):
    git(shell.root, "add", ".")
    ran = shell.run("init", "incidents")
    assert (2, "") == (ran.code, ran.out)
    assert f"error: 'incidents' belongs to the git repository '{shell.root}'" in ran.err
    assert not (shell.root / "incidents" / ".git").exists()
    assert not (shell.root / "incidents" / "README.md").exists()


def test_the_new_repository_takes_a_declaration_at_once(shell: Shell, tmp_path: Path):
    folder = tmp_path / "new"
    shell.run("init", str(folder))
    there = Shell(folder, shell.capsys, shell.monkeypatch)
    ran = there.run("declare", "It fails", "--service", "web", "--severity", "S2", "--by", "ana", at="14:02")
    assert 0 == ran.code, ran.err
    assert (folder / "schemas" / "incident.schema.json").is_file()


def test_a_value_that_would_break_the_handbook_is_wrong_use(shell: Shell, tmp_path: Path):
    ran = shell.run("init", str(tmp_path / "new"), "--organisation", "a\nb: c")
    assert 2 == ran.code
    assert not (tmp_path / "new").exists()
