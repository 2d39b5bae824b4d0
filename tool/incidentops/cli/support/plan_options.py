"""Options that plan and reconcile share."""

from datetime import timedelta

import click

from incidentops.cli.support import complete
from incidentops.cli.support.params import Command
from incidentops.core import duration
from incidentops.core.text import quoted


def duration_of(value: str) -> timedelta:
    """Read the duration of an option. Raises click's BadParameter."""
    try:
        return duration.parse(value)
    except ValueError as error:
        raise click.BadParameter(f"{quoted(value)} is not a valid duration; write 90s, 2m or 1h30m") from error


def choices(command: Command) -> Command:
    """Add the options of both commands."""
    for option in (
        click.option(
            "--max-creates", type=click.IntRange(min=0), default=5, show_default=True, help="Limit of new objects."
        ),
        click.option("--late", is_flag=True, help="Send news that was skipped because it was old."),
        click.option("--all", "everything", is_flag=True, help="Also check settled records for drift."),
        click.argument("ids", nargs=-1, shell_complete=complete.records),
    ):
        command = option(command)
    return command
