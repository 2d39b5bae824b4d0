"""Options that plan and reconcile share."""

from datetime import timedelta

import click

from incidentops.cli.support import complete
from incidentops.cli.support.params import Command
from incidentops.core import duration


class DurationType(click.ParamType[timedelta]):
    """A duration as the handbook writes it: `90s`, `2m`."""

    name = "duration"

    def convert(
        self,
        value: str | timedelta,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> timedelta:
        """Read it, or say how it is written."""
        if isinstance(value, timedelta):
            return value
        try:
            return duration.parse(value)
        except ValueError:
            self.fail(f"{value!r} is not a valid duration; write it as 90s, 2m or 1h30m", param, ctx)


def choices(command: Command) -> Command:
    """Add what both commands can be asked for."""
    for option in (
        click.option(
            "--max-creates",
            type=click.IntRange(min=0),
            default=5,
            show_default=True,
            help="Make at most this many new objects.",
        ),
        click.option("--late", is_flag=True, help="Send news that was skipped because it was old."),
        click.option("--all", "everything", is_flag=True, help="Look at settled records too, for drift."),
        click.argument("ids", nargs=-1, shell_complete=complete.records),
    ):
        command = option(command)
    return command
