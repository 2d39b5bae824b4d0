"""Help for every command and option, and one page of reference that names them all."""

import click
import pytest

from commandline import command
from incidentops.cli.main import COMMANDS, SECTIONS
from paths import ROOT

REFERENCE = ROOT / "docs" / "reference" / "commands.md"


def test_every_command_stands_in_one_section_of_the_help():
    assert len(COMMANDS) == sum(len(commands) for commands in SECTIONS.values())


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name):
    assert command(name).help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_has_help(name):
    silent = [p.name for p in command(name).params if isinstance(p, click.Option) and not p.hidden and not p.help]
    assert [] == silent


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_in_the_reference(name):
    assert f"## incident {name}\n" in REFERENCE.read_text(encoding="utf-8")
