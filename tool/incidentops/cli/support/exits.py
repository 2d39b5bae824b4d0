"""Exit codes (docs/reference/exit-codes.md), and the one place where an exception becomes a line for a person."""

import sys
from collections.abc import Sequence
from enum import IntEnum
from io import StringIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import click

from incidentops.core.errors import IncidentError, WrongUse
from incidentops.core.text import visible, visible_lines

if TYPE_CHECKING:
    from incidentops.core.pauses import Pauses


class Exit(IntEnum):
    """The exit code of a command."""

    DONE = 0
    BLOCKED = 1
    WRONG_USE = 2
    PLAN_NOT_EMPTY = 3
    INCOMPLETE = 4
    REFUSED = 5
    BUG = 10
    INTERRUPTED = 130


def guarded(command: click.Command, args: Sequence[str] | None = None, pauses: "Pauses | None" = None) -> int:
    """Run a command and return its exit code; report errors on standard error, never with a traceback."""
    try:
        result = command.main(args=args, prog_name="incident", standalone_mode=False, obj=pauses)
    except click.exceptions.Abort:
        click.echo("interrupted", err=True)
        return Exit.INTERRUPTED
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        _report_use(error)
        return Exit.WRONG_USE
    except IncidentError as error:
        report(error)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return Exit.DONE
    except Exception as error:  # noqa: BLE001 - the last resort: a bug is reported in plain words, not as a traceback
        return _report_unexpected(error)
    return result if isinstance(result, int) else Exit.DONE


def _report_unexpected(error: Exception) -> Exit:
    """Report a working directory that is gone, or a bug and where it is, without values: they could hold a token."""
    import traceback  # nearly no run needs it

    if isinstance(error, FileNotFoundError) and error.filename is None:  # only the working directory has no name here
        report(WrongUse("the working directory no longer exists", "cd to an existing folder"))
        return Exit.WRONG_USE
    click.echo(f"error: this is a bug in incidentops: {type(error).__name__}", err=True)
    for frame in traceback.extract_tb(error.__traceback__)[-4:]:
        click.echo(f"  at {visible(Path(frame.filename).name)}:{frame.lineno} in {visible(frame.name)}", err=True)
    click.echo("  hint: please report it with these lines and the command", err=True)
    return Exit.BUG


def exit_of(bugs: Sequence[str], *, blocked: bool) -> Exit:
    """Return how a check of records ends: a rule that failed is a bug of ours."""
    if bugs:
        return Exit.BUG
    return Exit.BLOCKED if blocked else Exit.DONE


def print_any_character() -> None:
    """Let standard output and error escape the characters that their encoding does not have, such as in cp1252."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def report(error: IncidentError) -> None:
    """Print an error and what to do about it."""
    click.echo(f"error: {visible_lines(error.message)}", err=True)
    if error.hint:
        click.echo(f"  hint: {visible_lines(error.hint)}", err=True)


def _report_use(error: click.ClickException) -> None:
    """Print click's usage error, which repeats what was typed."""
    with StringIO() as message:
        error.show(message)
        click.echo(visible_lines(message.getvalue()), nl=False, err=True)
