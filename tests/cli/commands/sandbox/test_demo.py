"""The demo is what the README promises, so it is a test."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from commandline import Shell, incident
from incidentops.cli.demo import scenario
from incidentops.cli.demo.environment import DemoEnvironment
from sandboxes import Sandbox

pytestmark = pytest.mark.slow


def test_one_incident_from_nothing_to_the_review(
    tmp_path: Path, sandbox: Sandbox, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The whole scenario. Its commands run in this process, without waiting, as they would in one of their own."""
    folder = tmp_path / "demo"
    run = subprocess.run

    def in_this_process(command: list[str], *, cwd: Path, env: dict[str, str], **options: Any) -> Any:
        if command[0] != "incident":
            return run(command, cwd=cwd, env=env, **options)
        ran = incident(cwd, *command[1:], environment=env)
        return subprocess.CompletedProcess(command, ran.code, ran.out.encode(), ran.err.encode())

    with monkeypatch.context() as patch:
        patch.setattr(subprocess, "run", in_this_process)
        scenario.run(DemoEnvironment(folder, sandbox.url, sandbox.environment(), 0, program=["incident"]))
    shown = capsys.readouterr().out
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
        assert part in shown, part
    assert "sandbox-token" not in shown
    assert (folder / "production" / "incidents" / "handbook.yaml").exists()


def test_the_command_plays_it_on_a_sandbox_of_its_own_and_waits(
    shell: Shell, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(scenario, "run", lambda demo: print(f"on {demo.url} in {demo.folder}"))
    monkeypatch.setattr("time.sleep", interrupted)
    ran = shell.run("demo", "--serve", "--dir", str(tmp_path / "new"))
    url = ran.out.split()[1]
    assert f"on {url} in {tmp_path / 'new'}\n" == ran.out.partition("\n")[0] + "\n"
    assert f"The sandbox runs at {url} until you press Ctrl-C" in ran.out
    assert 0 == ran.code


def test_a_folder_with_something_in_it_is_left_alone(shell: Shell) -> None:
    ran = shell.run("demo", "--dir", str(shell.root))
    assert ran.code == 2
    assert ran.err == f"error: the folder '{shell.root}' is not empty\n  hint: name an empty or new folder\n"


def test_a_port_that_is_taken_is_wrong_use(shell: Shell, sandbox) -> None:  # type: ignore[no-untyped-def]
    port = sandbox.url.rpartition(":")[2]
    ran = shell.run("demo", "--port", port)
    assert ran.code == 2
    assert ran.err == f"error: port {port} is taken\n  hint: leave out --port to use a free one\n"
