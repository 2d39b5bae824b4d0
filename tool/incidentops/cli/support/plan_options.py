"""Options that plan and reconcile share."""

from datetime import timedelta

import click

from incidentops.cli.support import complete
from incidentops.cli.support.params import Decorator, packed
from incidentops.core import duration
from incidentops.core.text import quoted
from incidentops.flows.reconcile.scope import PlanOptions

options = packed(
    "options",
    PlanOptions,
    click.argument("ids", nargs=-1, shell_complete=complete.records),
    click.option("--all", "everything", is_flag=True, help="Also check settled records for drift."),
    click.option("--late", is_flag=True, help="Also send news that was skipped because it was old."),
    click.option(
        "--max-creates",
        type=click.IntRange(min=0),
        default=PlanOptions().max_creates,
        show_default=True,
        help="Most objects to create.",
    ),
)
"""Adds what both commands take."""


def duration_option(name: str, default: str, about: str) -> Decorator:
    """Return the decorator that adds an option for a duration."""
    return click.option(name, type=duration_of, metavar="DURATION", default=default, show_default=True, help=about)


def duration_of(value: str) -> timedelta:
    """Read the duration of an option. Raises click's BadParameter."""
    try:
        return duration.parse(value)
    except ValueError as error:
        raise click.BadParameter(f"{quoted(value)} is not a valid duration; write 90s, 2m or 1h30m") from error
