"""The frame of the command line."""

import click
import pytest
from click.testing import CliRunner

from incidentops import __version__
from incidentops.cli import main as frame
from incidentops.cli.main import COMMANDS, main, run


def test_help_names_every_command_in_its_section() -> None:
    result = CliRunner().invoke(main, ["--help"])
    assert result.exit_code == 0
    for name in COMMANDS:
        assert f"  {name} " in result.output
    assert result.output.index("Write:") < result.output.index("Check and read:") < result.output.index("Carry out:")


def test_the_version_is_the_packages() -> None:
    assert __version__ in CliRunner().invoke(main, ["--version"]).output


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("declre", "Did you mean 'declare'?"),
        ("reconcil", "Did you mean 'reconcile'?"),
        ("zzz", "No such command 'zzz'.\n"),
    ],
)
def test_an_unknown_command_is_wrong_use_that_names_similar_ones(typed: str, message: str) -> None:
    result = CliRunner().invoke(main, [typed])
    assert result.exit_code == 2
    assert message in result.output


def test_an_unknown_command_is_none_and_a_module_without_one_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    context = click.Context(main)
    assert main.get_command(context, "nothing") is None
    monkeypatch.setitem(frame.SECTIONS[("Write", "write")], "__init__", "x")
    with pytest.raises(AttributeError):
        main.get_command(context, "__init__")
    assert list(COMMANDS) == main.list_commands(context)


def test_a_process_ends_with_the_exit_code(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr("sys.argv", ["incident", "declre"])
    with pytest.raises(SystemExit) as ended:
        run()
    assert ended.value.code == 2
    assert capsys.readouterr().err.endswith("Error: No such command 'declre'. Did you mean 'declare'?\n")
