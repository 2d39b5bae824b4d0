"""Every end has its exit code, and no failure shows a traceback or a value."""

import sys
from collections.abc import Callable
from io import StringIO

import click
import pytest

from incidentops.cli.support.exits import Exit, guarded
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


def test_a_bug_tells_where_it_is_and_no_value(capsys: pytest.CaptureFixture[str]) -> None:
    assert guarded(raising(RuntimeError("token glpat-secret")), []) == Exit.BUG
    said = capsys.readouterr().err
    assert "this is a bug in incidentops: RuntimeError" in said
    assert "test_exits.py:" in said
    assert "glpat-secret" not in said
    assert "Traceback" not in said


def test_a_reader_that_closes_the_pipe_is_no_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", StringIO())
    assert guarded(raising(BrokenPipeError()), []) == Exit.DONE
