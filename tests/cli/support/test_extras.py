"""Commands that need an extra: without it they say what to install."""

import subprocess
import sys

import pytest

from incidentops.cli.support.extras import need_sandbox

WITHOUT = """
import sys
for name in {gone}:
    sys.modules[name] = None
from incidentops.cli.support.exits import guarded
from incidentops.cli.main import main
raise SystemExit(guarded(main, {arguments}))
"""


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
