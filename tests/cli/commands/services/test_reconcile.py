"""`incident reconcile`, in this process, against the sandbox and a real remote."""

import json
from pathlib import Path

import pytest

from commandline import Shell
from e2e.place import REGISTRY, Place
from e2e.stage import DECLARED, MANAGED, a_file
from sandboxes import Sandbox


@pytest.fixture
def place(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    made = Place(tmp_path, sandbox).make()
    made.land({REGISTRY: a_file(*DECLARED[:1], audience="internal")})
    return made


@pytest.fixture
def command(place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    monkeypatch.setattr("signal.signal", lambda *_: None)
    return Shell(place.root, capsys, monkeypatch)


def test_a_run_says_what_it_does_as_it_does_it_and_sums_up(place: Place, command: Shell) -> None:
    ran = command.run("reconcile")
    assert ran.code == 0, ran.err
    lines = ran.out.split("\n")
    assert f"create 2026-11-21-registry-503  gitlab.issue  {place.box.url}/acme/production/-/issues/1" in lines[-3]
    assert lines[-2].endswith(" done")


def test_as_json_it_is_one_value_and_nothing_else(command: Shell) -> None:
    value = json.loads(command.run("reconcile", "--format", "json").out)
    assert value["outcomes"][-1]["resource"] == "gitlab.issue"
    assert json.loads(command.run("reconcile", "--format", "json").out)["outcomes"] == []


def test_without_any_service_it_says_that_nothing_was_checked(
    command: Shell, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    command.run("reconcile")
    for name in sandbox.environment():
        monkeypatch.delenv(name)
    ran = command.run("reconcile")
    assert ran.out.startswith("no service is configured: nothing was checked\n")


def test_what_failed_ends_with_4_and_the_rest_is_done(
    place: Place, command: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.land({REGISTRY: a_file(*MANAGED)})
    monkeypatch.setenv("STATUSIO_API_KEY", "wrong")
    ran = command.run("reconcile")
    assert ran.code == 4
    assert "STATUSIO_API_KEY are not accepted" in ran.out
    assert len(place.box.issues()) == 1


def test_a_reason_that_many_effects_share_is_printed_once(
    place: Place, command: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.land({REGISTRY: a_file(*MANAGED)})
    monkeypatch.setenv("INCIDENT_GITLAB_TOKEN", "wrong")
    ran = command.run("reconcile")
    failed = [line for line in ran.out.split("\n") if line.startswith("failed") and "gitlab." in line]
    assert "(GitLab does not accept INCIDENT_GITLAB_TOKEN" in failed[0]
    assert len(failed) > 2
    assert all(line.endswith("(as above)") for line in failed[1:])


def test_it_takes_the_default_branch_that_the_pipeline_names(command: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_DEFAULT_BRANCH", "trunk")
    ran = command.run("reconcile")
    assert ran.code == 5
    assert "has not landed on 'trunk'" in ran.err


def test_a_lease_that_is_not_a_duration_is_wrong_use(command: Shell) -> None:
    ran = command.run("reconcile", "--lease", "soon")
    assert ran.code == 2
    assert "'soon' is not a valid duration; write 90s, 2m or 1h30m" in ran.err


def test_a_plan_to_compare_with_must_be_one(place: Place, command: Shell) -> None:
    plan = place.folder / "plan.json"
    plan.write_bytes(b"\xff")
    assert command.run("reconcile", "--approved", str(plan)).code == 5
    plan.write_text("{}")
    assert command.run("reconcile", "--approved", str(plan)).code == 5
    assert not place.box.writes()


def test_without_a_remote_is_wrong_use_with_a_hint(place: Place, command: Shell) -> None:
    import subprocess

    subprocess.run(["git", "-C", str(place.root), "remote", "remove", "origin"], check=True)
    ran = command.run("reconcile")
    assert ran.code == 2
    assert "git remote add origin URL" in ran.err
