"""The demo is what the README promises, so it is a test."""

import subprocess
from pathlib import Path

import pytest

import pacing
from commandline import Shell

pytestmark = pytest.mark.slow


def test_one_incident_from_nothing_to_the_review(tmp_path: Path) -> None:
    command = [*pacing.command(), "demo", "--dir", str(tmp_path / "demo"), "--statusio-gap", "0"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for part in (
        "$ incident init production",
        "$ incident declare 'Registry pushes fail with HTTP 503'",
        "labels     Incident::Active, Service::Registry, incident, incidentops, severity::2",
        "labels     Incident::Resolved, Service::Registry, incident, incidentops, severity::2",
        "message 5  Resolved (400), Operational (100): Image pushes work again.",
        "> ## Root cause: five whys",
        "labels     Near Miss, Service::Web, incident-review, incidentops, severity::1",
        "nothing to do: every service agrees with the records",
        "got 0 requests, 0 of them writes",
        "/status/",
    ):
        assert part in done.stdout, part
    assert "sandbox-token" not in done.stdout
    assert (tmp_path / "demo" / "production" / "incidents" / "handbook.yaml").exists()


def test_a_folder_with_something_in_it_is_left_alone(shell: Shell) -> None:
    ran = shell.run("demo", "--dir", str(shell.root))
    assert ran.code == 2
    assert "is not empty" in ran.err


def test_a_port_that_is_taken_is_said(shell: Shell, sandbox) -> None:  # type: ignore[no-untyped-def]
    ran = shell.run("demo", "--port", sandbox.url.rpartition(":")[2])
    assert ran.code == 2
    assert "is taken" in ran.err
