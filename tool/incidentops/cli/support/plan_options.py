"""Options that plan and reconcile share."""

import click

from incidentops.cli.support import complete
from incidentops.cli.support.params import packed
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
"""Adds the options."""
