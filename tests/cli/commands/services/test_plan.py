"""`incident plan`: everything is shown, nothing is sent."""

import json
import subprocess
from pathlib import Path

import pytest

from commandline import Shell
from e2e.place import REGISTRY, Place
from e2e.stage import DECLARED, a_file
from sandboxes import Sandbox


@pytest.fixture
def place(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("INCIDENT_NOW", "2026-11-21T15:00:00Z")
    made = Place(tmp_path, sandbox).make()
    made.land()
    made.write({REGISTRY: a_file(*DECLARED)})
    return made


@pytest.fixture
def command(place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    return Shell(place.root, capsys, monkeypatch)


def test_what_lies_in_the_folder_is_planned_with_the_customers_text_in_full(place: Place, command: Shell) -> None:
    ran = command.run("plan")
    assert ran.code == 0, ran.err
    assert "> Some image pushes are failing. We are investigating. Ref " in ran.out
    assert not place.box.writes()


def test_every_form_can_be_written_to_a_file_in_one_run(place: Place, command: Shell) -> None:
    files = {kind: place.folder / f"plan.{kind}" for kind in ("text", "json", "markdown")}
    reports = [word for kind, path in files.items() for word in ("--report", f"{kind}={path}")]
    ran = command.run("plan", *reports)
    assert ran.code == 0, ran.err
    assert ran.out.strip() == files["text"].read_text().strip()
    assert json.loads(files["json"].read_text())["version"] == 2
    assert files["markdown"].read_text().startswith("#")


@pytest.mark.parametrize("report", ["json", "json=", "yaml=x", "=x"])
def test_a_report_that_is_not_valid_is_wrong_use(command: Shell, report: str) -> None:
    ran = command.run("plan", "--report", report)
    assert ran.code == 2
    assert "write FORMAT=FILE with text, json or markdown for FORMAT" in ran.err


def test_check_ends_with_3_while_there_is_something_to_do(place: Place, command: Shell) -> None:
    assert command.run("plan", "--check").code == 3
    (place.root / REGISTRY).unlink()
    assert command.run("reconcile").code == 0
    assert command.run("plan", "--check").code == 0


def test_a_service_that_cannot_be_read_ends_with_4(command: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCIDENT_GITLAB_TOKEN", "wrong")
    ran = command.run("plan")
    assert ran.code == 4
    assert "INCIDENT_GITLAB_TOKEN" in ran.out


def test_without_any_token_it_is_planned_from_the_ledger(
    place: Place, command: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in place.box.environment():
        if name != "INCIDENT_GITLAB_URL":
            monkeypatch.delenv(name)
    ran = command.run("plan")
    assert ran.code == 0, ran.err
    assert "INCIDENT_GITLAB_TOKEN is not set" in ran.out
    assert "create gitlab.issue" in ran.out
    assert place.box.requests() == ()


def test_without_a_remote_or_with_one_that_does_not_answer_it_says_so(place: Place, command: Shell) -> None:
    for arguments, beginning in (
        (["set-url", "origin", "/nowhere/at/all"], "the ledger could not be read, so this is planned as if nothing "),
        (["remove", "origin"], "there is no ledger to compare with: this repository has no remote "),
    ):
        subprocess.run(["git", "-C", str(place.root), "remote", *arguments], check=True)
        ran = command.run("plan")
        assert ran.code == 0
        assert ran.err.startswith(beginning)
        assert "create gitlab.issue" in ran.out


def test_a_ledger_that_cannot_be_understood_is_refused(place: Place, command: Shell) -> None:
    from incidentops.store.git.repository import CommitIdentity, Repository

    repository = Repository(place.root)
    file = "incidents/2026/2026-11-21-registry-503.json"
    sha = repository.write_commit(None, {file: b"not json"}, "x\n", CommitIdentity("a", "a@example.com"))
    repository.push("origin", sha, "refs/heads/incident-ledger")
    ran = command.run("plan")
    assert ran.code == 5
    assert ran.err.startswith(f"error: the ledger entry '{file}' cannot be read: it is not JSON\n")
