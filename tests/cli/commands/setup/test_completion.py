"""The scripts that shells take, and that what they call answers."""

import subprocess
import sys
from pathlib import Path

import pytest

from commandline import Shell, Terminal
from incidentops.cli.support.exits import Exit


@pytest.mark.parametrize("shell_name", ["bash", "zsh", "fish"])
def test_every_shell_gets_its_script(shell: Shell, shell_name: str):
    ran = shell.run("completion", shell_name)
    assert (Exit.DONE, "") == (ran.code, ran.err)
    assert f"_INCIDENT_COMPLETE={shell_name}_complete" in ran.out


def test_another_shell_has_none(shell: Shell):
    assert Exit.WRONG_USE == shell.run("completion", "tcsh").code


def complete(root: Path, shell_name: str, words: str, at: str) -> list[str]:
    """What the program answers to a shell that completes; it speaks the protocol of the script."""
    environment = {"_INCIDENT_COMPLETE": f"{shell_name}_complete", "COMP_WORDS": words, "COMP_CWORD": at}
    code, shown = Terminal(root, environment=environment).end()
    assert 0 == code
    return shown.splitlines()


def test_zsh_and_fish_see_what_commands_are_for(shell: Shell):
    assert ["plain", "fix", "Fix findings that have a single correct answer"] == complete(
        shell.root, "zsh", "incident fi", "1"
    )
    assert ["plain,fix\tFix findings that have a single correct answer"] == complete(
        shell.root, "fish", "incident fi", "fi"
    )


def test_people_and_ids_are_completed_in_every_shell(shell: Shell, live: Path):
    assert ["plain,ana"] == complete(shell.root, "bash", "incident update --by a", "3")
    assert ["plain", live.stem, "_"] == complete(shell.root, "zsh", "incident resolve regi", "2")
    assert [f"plain,{live.stem}"] == complete(shell.root, "fish", "incident plan 503", "503")


def test_bash_itself_completes(shell: Shell, live: Path):
    script = shell.run("completion", "bash").out.replace("$1)", f"{sys.executable} -m incidentops)")
    (shell.root / "script").write_text(script)
    ask = 'source ./script; COMP_WORDS=(incident show regi); COMP_CWORD=2; _incident_completion; echo "${COMPREPLY[@]}"'
    done = subprocess.run(["bash", "-c", ask], cwd=shell.root, capture_output=True, text=True, check=True)
    assert f"{live.stem}\n" == done.stdout


def test_names_of_commands_are_completed_without_loading_them(shell: Shell):
    program = (
        "import os, sys\n"
        "os.environ.update(_INCIDENT_COMPLETE='bash_complete', COMP_WORDS='incident v', COMP_CWORD='1')\n"
        "from incidentops.cli.main import main\n"
        "try:\n    main(prog_name='incident')\nexcept SystemExit:\n    pass\n"
        "print(sorted(name for name in sys.modules if name.startswith('incidentops')))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ["plain,validate", "['incidentops', 'incidentops.cli', 'incidentops.cli.main']"] == done.stdout.splitlines()


def test_ids_are_completed_without_reading_a_record(shell: Shell, live: Path, monkeypatch: pytest.MonkeyPatch):
    live.write_text("a: [")
    (shell.root / "incidents" / "handbook.yaml").write_text("a: [")
    assert [f"plain,{live.stem}"] == complete(shell.root, "bash", "incident show regi", "2")


def test_after_a_command_that_does_not_exist_the_commands_are_completed(shell: Shell):
    assert ["plain,declare", "plain,doctor", "plain,demo"] == complete(shell.root, "bash", "incident nothing d", "2")
