"""Giving a role back, always with a reason."""

from pathlib import Path

from commandline import Shell, Terminal


def test_ownership_goes_back_down_the_cascade(shell: Shell, live: Path):
    shell.run("engage", "imoc", "--by", "bo", at="14:11")
    ran = shell.run("release", "imoc", "--why", "Under control", "--by", "bo", at="14:20")
    assert 0 == ran.code
    assert "now: S2, investigating, operational, owner ana (eoc)" in ran.out.splitlines()


def test_the_role_of_somebody_else_is_given_back(shell: Shell, live: Path):
    shell.run("engage", "imoc", "--by", "bo", at="14:11")
    ran = shell.run("release", "imoc", "registry", "--who", "bo", "--why", "Off duty", "--by", "ana", at="14:20")
    assert "  + 2026-11-21T14:20:00Z  ana: release imoc bo" in ran.out.splitlines()


def test_without_a_reason_it_says_so(shell: Shell, live: Path):
    ran = shell.run("release", "eoc", "--by", "ana", at="14:20")
    assert (2, "error: --why is missing") == (ran.code, ran.err.split("\n")[0])


def test_on_a_terminal_the_reason_is_asked_for(shell: Shell, live: Path):
    shell.run("engage", "imoc", "--by", "bo", at="14:11")
    terminal = Terminal(
        shell.root, "release", "imoc", "--by", "bo", environment={"INCIDENT_NOW": "2026-11-21T14:20:00Z"}
    )
    terminal.answer("Why", "  ")
    terminal.answer("it must not be empty", "Under control")
    assert 0 == terminal.end()[0]
    assert "release: imoc, why: Under control" in live.read_text()
