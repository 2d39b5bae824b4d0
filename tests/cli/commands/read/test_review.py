"""Printing the review (RCA) of a record."""

import json
from pathlib import Path

from commandline import Shell


def test_the_review_of_the_incident_resolved_last_is_printed(shell: Shell, live: Path):
    shell.run("resolve", "--by", "ana", at="14:20")
    ran = shell.run("review")
    assert 0 == ran.code
    assert ran.out.startswith("Filled in from `incidents/2026/2026-11-21-registry-503.yaml`")
    assert "<!--" not in ran.out.split("\n")[0]
    assert "Registry pushes fail with HTTP 503" in ran.out


def test_any_record_can_be_named(shell: Shell, live: Path):
    printed = json.loads(shell.run("review", "registry", "--format", "json").out)
    assert "2026-11-21-registry-503" == printed["id"]
    assert "Registry pushes fail" in printed["markdown"]


def test_without_a_resolved_incident_one_must_be_named(shell: Shell, live: Path):
    ran = shell.run("review")
    assert (2, "error: no incident is resolved") == (ran.code, ran.err.split("\n")[0])


def test_a_record_that_cannot_be_read_shows_why(shell: Shell, live: Path):
    live.write_text("kind: accident\n")
    ran = shell.run("review", "registry")
    assert 1 == ran.code
    assert "SCH001 block" in ran.err
