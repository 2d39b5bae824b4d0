"""Showing a record: now, at a moment, for people and for programs."""

import json
from pathlib import Path

from commandline import Shell


def test_the_live_incident_is_shown_without_naming_it(shell: Shell, live: Path):
    ran = shell.run("show", at="14:10")
    assert 0 == ran.code
    assert "owner     ana (eoc) since 2026-11-21T14:02:00Z" in ran.out.splitlines()
    assert "  imoc  nobody engaged, ana acts" in ran.out.splitlines()
    assert "  2026-11-21T14:17:00Z  the imoc is paged or engages (in 7m)" in ran.out.splitlines()


def test_it_is_shown_as_it_stood_at_a_moment(shell: Shell, live: Path):
    shell.run("engage", "imoc", "--by", "bo", at="14:11")
    assert "owner     bo (imoc)" in shell.run("show", "registry", at="14:20").out
    then = shell.run("show", "registry", "--at", "14:05", at="14:20")
    assert "owner     ana (eoc)" in then.out
    assert "engage imoc" not in then.out
    assert "next due" not in then.out


def test_before_it_was_declared_there_is_nothing_to_show(shell: Shell, live: Path):
    ran = shell.run("show", "registry", "--at", "14:00", at="14:20")
    assert 2 == ran.code
    assert "2026-11-21-registry-503 was declared at 2026-11-21T14:02:00Z, after 2026-11-21T14:00:00Z" in ran.err


def test_programs_get_json(shell: Shell, live: Path):
    printed = json.loads(shell.run("show", "registry", "--format", "json", at="14:10").out)
    assert {"engaged": None, "since": None, "acting": "ana"} == printed["roles"]["imoc"]
    assert {"role": "eoc", "person": "ana", "since": "2026-11-21T14:03:00Z", "until": None, "seconds": 420} == printed[
        "role_intervals"
    ][0]
    assert 3 == len(printed["next_due"])


def test_a_record_that_cannot_be_read_shows_why(shell: Shell, live: Path):
    live.write_text("kind: accident\n")
    ran = shell.run("show", "registry")
    assert 1 == ran.code
    assert "SCH001 block" in ran.err


def test_nothing_in_a_record_can_steer_the_terminal(shell: Shell, live: Path):
    live.write_text(live.read_text().replace("Paged by", r'"\e[31m\u202ePaged'.replace('"', "")))
    live.write_text(live.read_text().replace(r"note: \e[31m", r'note: "\e[31m').replace("ErrorRatio}", 'ErrorRatio"}'))
    ran = shell.run("show", "registry", at="14:10")
    assert r"\x1b[31m\u202ePaged RegistryErrorRatio" in ran.out
    assert "\x1b" not in ran.out
