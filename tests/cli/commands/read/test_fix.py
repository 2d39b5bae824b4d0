"""`incident fix`: shows, asks, writes; a filter with `-`."""

import json
from pathlib import Path

import pytest

from commandline import Shell, Terminal
from incidentops.cli.support.exits import Exit
from make import FILE, MODELINE, RECORD_TEXT

BROKEN = RECORD_TEXT.replace("15:50:00Z", "16:50:00+01:00")
HEAD = f"--- {FILE}\n+++ {FILE}\n@@ "


@pytest.fixture
def broken(shell: Shell) -> Path:
    path = shell.root / FILE
    path.write_text(BROKEN, encoding="utf-8")
    return path


def test_it_shows_the_change_and_writes_it(shell: Shell, broken: Path):
    ran = shell.run("fix", "--yes")
    assert Exit.DONE == ran.code
    assert f"--- {FILE}\n+++ {FILE}\n@@ " in ran.out
    assert "\n-  - {at: 2026-11-21T16:50:00+01:00," in ran.out
    assert "\n+  - {at: 2026-11-21T15:50:00Z," in ran.out
    assert ran.err == (
        f"{FILE}: timeline.0.at: '2026-11-21T16:50:00+01:00' → '2026-11-21T15:50:00Z'\n1 record written\n"
    )
    assert RECORD_TEXT == broken.read_text()
    assert (Exit.DONE, "", "nothing to fix\n") == ((ran := shell.run("fix")).code, ran.out, ran.err)


@pytest.mark.parametrize("option", ["--dry-run", "--diff"])
def test_a_dry_run_writes_nothing(shell: Shell, broken: Path, option: str):
    ran = shell.run("fix", option, FILE)
    assert (Exit.DONE, BROKEN) == (ran.code, broken.read_text())
    assert ran.out.startswith(HEAD)
    assert ran.err.endswith("1 record to fix, nothing written\n")


def test_without_a_terminal_nothing_is_written_unasked(shell: Shell, broken: Path):
    ran = shell.run("fix")
    assert (Exit.WRONG_USE, BROKEN) == (ran.code, broken.read_text())
    assert ran.out.startswith(HEAD)
    assert "hint: --yes writes it, --dry-run only shows it" in ran.err


@pytest.mark.parametrize(("answer", "written"), [("y", RECORD_TEXT), ("n", BROKEN), ("", BROKEN)])
def test_on_a_terminal_it_asks(shell: Shell, broken: Path, answer: str, written: str):
    terminal = Terminal(shell.root, "fix")
    terminal.answer("Write 1 record [y/N]", answer)
    assert Exit.DONE == terminal.end()[0]
    assert written == broken.read_text()


def test_what_is_left_is_counted_and_what_cannot_be_read_is_listed(shell: Shell, broken: Path):
    broken.write_text(BROKEN.replace("by: ana", "by: zoe", 1))
    (other := broken.with_name("2026-11-21-other.yaml")).write_text("a: [")
    broken.with_name("2026-11-21-link.yaml").symlink_to(broken)
    ran = shell.run("fix", "--yes")
    assert Exit.BLOCKED == ran.code
    assert "2026-11-21-other.yaml:2:1: YML001 block: " in ran.err
    assert "YML006 block: not a regular file but a symbolic link" in ran.err
    assert ran.err.endswith("1 record written; left in it: 1 blocking, 0 advice; 1 record cannot be read\n")
    assert "a: [" == other.read_text()


def test_programs_get_what_was_done(shell: Shell, broken: Path):
    ran = shell.run("fix", "--yes", "--format", "json")
    value = json.loads(ran.out)
    assert [FILE] == [file["file"] for file in value["files"]]
    assert value["files"][0]["written"]
    assert value["files"][0]["diff"].startswith("--- ")
    assert [] == value["files"][0]["findings"]


def test_a_filter_for_editors(shell: Shell):
    ran = shell.run("fix", "-", given=BROKEN.encode())
    assert (Exit.DONE, RECORD_TEXT) == (ran.code, ran.out)
    assert ran.err.startswith("-: timeline.0.at: ")


def test_a_filter_knows_where_the_record_is_to_lie(shell: Shell):
    ran = shell.run("fix", "-", "--stdin-name", "incidents/x.yaml", given=RECORD_TEXT.removeprefix(MODELINE).encode())
    assert ran.out.startswith("# yaml-language-server: $schema=../schemas/")


def test_a_filter_gives_back_what_it_cannot_read(shell: Shell):
    ran = shell.run("fix", "-", given=b"a: [")
    assert (Exit.BLOCKED, "a: [") == (ran.code, ran.out)
    assert ran.err.startswith("-:2:1: YML001 block: cannot be read as YAML: ")


def test_a_file_that_cannot_be_written_says_why(shell: Shell, broken: Path, monkeypatch: pytest.MonkeyPatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("incidentops.cli.commands.read.fix.write_atomically", full)
    ran = shell.run("fix", "--yes")
    assert Exit.INCOMPLETE == ran.code
    assert "cannot be written: no space left on device" in ran.err
