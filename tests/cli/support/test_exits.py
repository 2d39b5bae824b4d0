"""Every end has its exit code, and no failure shows a traceback or a value."""

import sys
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path

import click
import pytest

from incidentops.cli.support.exits import Exit, guarded, print_any_character
from incidentops.core.errors import BadConfiguration, Failed, IncidentError, Refused, Unknown, WrongUse


def a_command(do: Callable[[], object]) -> click.Command:
    @click.command()
    def command() -> object:
        return do()

    return command


def raising(error: BaseException) -> click.Command:
    def do() -> None:
        raise error

    return a_command(do)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (WrongUse("a"), 2),
        (BadConfiguration("a"), 2),
        (Failed("a"), 4),
        (Unknown("a"), 4),
        (IncidentError("a"), 4),
        (Refused("a"), 5),
        (click.UsageError("a"), 2),
        (click.exceptions.Exit(3), 3),
        (KeyboardInterrupt(), 130),
        (click.Abort(), 130),
        (RuntimeError("a"), 10),
    ],
)
def test_every_failure_has_its_code(error: BaseException, code: int) -> None:
    assert guarded(raising(error), []) == code


@pytest.mark.parametrize(("value", "code"), [(None, 0), (Exit.BLOCKED, 1), (3, 3), ("words", 0)])
def test_what_a_command_returns_is_its_code(value: object, code: int) -> None:
    assert guarded(a_command(lambda: value), []) == code


def test_an_error_and_its_hint_are_escaped_lines(capsys: pytest.CaptureFixture[str]) -> None:
    guarded(raising(WrongUse("bad \x1b[31m\nsecond", "do \u202ethis")), [])
    assert capsys.readouterr().err == "error: bad \\x1b[31m\nsecond\n  hint: do \\u202ethis\n"


def test_what_was_typed_wrong_is_repeated_escaped(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(a_command(lambda: None), ["--\x1b[31m\u202e"]) == 2
    assert "--\\x1b[31m\\u202e" in capsys.readouterr().err


def test_an_error_without_a_hint_is_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    guarded(raising(WrongUse("bad")), [])
    assert capsys.readouterr().err == "error: bad\n"


def test_a_bug_names_its_line_and_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(RuntimeError("token glpat-secret")), []) == Exit.BUG
    printed = capsys.readouterr().err
    assert "this is a bug in incidentops: RuntimeError" in printed
    assert "test_exits.py:" in printed
    assert "glpat-secret" not in printed
    assert "Traceback" not in printed


def test_a_reader_that_closes_the_pipe_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", StringIO())
    assert guarded(raising(BrokenPipeError()), []) == Exit.DONE


def test_a_working_directory_that_was_deleted_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "gone"
    folder.mkdir()
    monkeypatch.chdir(folder)
    folder.rmdir()
    assert guarded(a_command(Path.cwd), []) == Exit.WRONG_USE
    assert (
        capsys.readouterr().err == "error: the working directory no longer exists\n  hint: cd to an existing folder\n"
    )


def test_characters_that_the_terminal_does_not_have_are_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    buffer = BytesIO()
    monkeypatch.setattr(sys, "stdout", TextIOWrapper(buffer, encoding="cp1252"))
    monkeypatch.setattr(sys, "stderr", StringIO())
    print_any_character()
    print("Zürich → 日", flush=True)
    assert buffer.getvalue() == "Zürich \\u2192 \\u65e5\n".encode("cp1252")


def test_a_missing_file_elsewhere_is_a_bug(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(FileNotFoundError(2, "No such file or directory", "x")), []) == Exit.BUG
    assert "this is a bug in incidentops: FileNotFoundError" in capsys.readouterr().err
