import os
import signal
import socket
import subprocess
import sys

import pytest
import requests
from click.testing import CliRunner

from incidentops.cli.commands.sandbox.sandbox import command, need_sandbox
from incidentops.cli.support.exits import guarded

WITHOUT = """
import sys
for name in {gone}:
    sys.modules[name] = None
from incidentops.cli.support.exits import guarded
from incidentops.cli.main import main
raise SystemExit(guarded(main, {arguments}))
"""


def test_help_says_which_faults_there_are():
    shown = "".join(CliRunner().invoke(command, ["--help"]).output.split())
    for fault in ("lost-reply", "503", "409", "429", "empty-list", "slow", "free-tier"):
        assert fault in shown


@pytest.mark.slow
def test_it_says_where_to_look_and_what_to_set_and_ends_with_ctrl_c():
    # A job in the background has Ctrl-C switched off; nobody's terminal has.
    code = (
        "import signal as s; s.signal(s.SIGINT, s.default_int_handler); "
        "from incidentops.cli.commands.sandbox.sandbox import command as c; "
        "c(['--port', '0', '--user', 'zoe', '--fault', 'slow:0'])"
    )
    with subprocess.Popen(
        [sys.executable, "-u", "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(os.environ),
    ) as process:
        lines = []
        for line in process.stdout:
            lines.append(line.strip())
            if line.startswith("Ctrl-C"):
                break
        variables = dict(line.removeprefix("export ").split("=", 1) for line in lines if line.startswith("export "))
        users = requests.get(f"{variables['INCIDENT_GITLAB_URL']}/sandbox/seed.json").json()["users"]
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    assert "zoe" in users
    assert f"{variables['INCIDENT_GITLAB_URL']}/statusio/v2" == variables["STATUSIO_API_URL"]
    assert ("sandbox stopped\n", 0) == (rest, process.returncode)


def test_a_fault_that_does_not_exist_is_named(capsys):
    assert 2 == guarded(command, ["--port", "0", "--fault", "nonsense"])
    assert "no fault 'nonsense': allowed are lost-reply" in capsys.readouterr().err


def test_a_port_that_is_taken_is_named(capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert 2 == guarded(command, ["--port", port])
    assert f"port {port} cannot be used" in capsys.readouterr().err


def test_a_file_that_is_no_database_is_named(tmp_path, capsys):
    path = tmp_path / "notes.txt"
    path.write_text("no database " * 100, encoding="utf-8")
    assert 2 == guarded(command, ["--port", "0", "--db", str(path)])
    assert "--db" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["demo", "sandbox"])
@pytest.mark.parametrize("gone", ["starlette", "uvicorn", "graphql", "markdown_it"])
def test_without_the_extra_the_command_says_what_to_install(command, gone):
    code = WITHOUT.format(gone=[gone], arguments=[command])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (2, "") == (done.returncode, done.stdout)
    first, second = done.stderr.splitlines()
    assert f"error: the sandbox is not installed: {gone} is missing" == first
    assert second.startswith("  hint: install the extra 'sandbox' of incidentops")


@pytest.mark.parametrize("command", [["validate", "--help"], ["plan", "--help"], ["reconcile", "--help"]], ids=" ".join)
def test_nothing_else_needs_it(command):
    code = WITHOUT.format(gone=["starlette", "uvicorn", "graphql"], arguments=command)
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (0, "") == (done.returncode, done.stderr)


def test_with_the_extra_there_is_nothing_to_say():
    assert None is need_sandbox()
