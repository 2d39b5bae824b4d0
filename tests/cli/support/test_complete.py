"""Shell completion."""

from pathlib import Path

import click
import pytest

from commandline import Shell, Terminal
from incidentops.cli.commands.read.show import command
from incidentops.cli.support import complete

HERE = (click.Context(command), command.params[0])


def test_records_are_completed_from_any_part_newest_first(shell: Shell, live: Path, monkeypatch: pytest.MonkeyPatch):
    live.with_name("2026-11-20-registry-full.yaml").write_text("")
    monkeypatch.chdir(shell.root)
    assert ["2026-11-21-registry-503", "2026-11-20-registry-full"] == complete.records(*HERE, "registry")
    assert ["2026-11-20-registry-full"] == complete.records(*HERE, "2026-11-20")


def test_services_and_people_come_from_the_handbook(shell: Shell, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(shell.root)
    assert ["registry"] == complete.services(*HERE, "r")
    assert ["ana", "bo", "cy", "dee"] == complete.people(*HERE, "")


def test_outside_of_a_repository_there_is_nothing_to_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    assert [] == complete.records(*HERE, "") == complete.services(*HERE, "") == complete.people(*HERE, "")


def test_the_shell_asks_and_is_answered(shell: Shell, live: Path):
    environment = {"_INCIDENT_COMPLETE": "bash_complete", "COMP_WORDS": "incident show reg", "COMP_CWORD": "2"}
    code, shown = Terminal(shell.root, environment=environment).end()
    assert (0, "plain,2026-11-21-registry-503\n") == (code, shown)
