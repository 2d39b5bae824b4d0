"""Engaging a role: for oneself, or handing it to somebody."""

from pathlib import Path

from commandline import Shell


def test_whoever_engages_the_highest_role_owns_the_incident(shell: Shell, live: Path):
    ran = shell.run("engage", "imoc", "--by", "bo", "--note", "Taking over", at="14:11")
    assert 0 == ran.code
    assert "now: S2, investigating, operational, owner bo (imoc)" in ran.out.splitlines()
    assert live.read_text().endswith("{at: 2026-11-21T14:11:00Z, by: bo, engage: imoc, note: Taking over}\n")


def test_a_role_is_handed_to_somebody_else(shell: Shell, live: Path):
    ran = shell.run("engage", "eoc", "registry", "--who", "cy", "--by", "ana", at="14:11")
    assert "  + 2026-11-21T14:11:00Z  ana: engage eoc cy" in ran.out.splitlines()
    assert "now: S2, investigating, operational, owner cy (eoc)" in ran.out.splitlines()


def test_naming_oneself_says_nothing_more(shell: Shell, live: Path):
    shell.run("engage", "imoc", "--who", "bo", "--by", "bo", at="14:11")
    assert live.read_text().endswith("{at: 2026-11-21T14:11:00Z, by: bo, engage: imoc}\n")


def test_a_role_that_is_none_is_wrong_use(shell: Shell, live: Path):
    ran = shell.run("engage", "boss", "--by", "bo")
    assert 2 == ran.code
    assert "'boss' is not eoc, imoc or cmoc" in ran.err


def test_a_person_who_is_not_in_the_handbook_is_blocked(shell: Shell, live: Path):
    before = live.read_text()
    ran = shell.run("engage", "imoc", "--who", "zoe", "--by", "bo", at="14:11")
    assert 1 == ran.code
    assert "REC003 block" in ran.err
    assert before == live.read_text()
