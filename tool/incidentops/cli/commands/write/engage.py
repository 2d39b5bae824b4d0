"""`incident engage`: take over a role, or hand it over."""

import click

from incidentops.cli.support import complete, writing
from incidentops.cli.support.params import word_of
from incidentops.cli.support.write_output import show_write
from incidentops.flows.write.record import EntryRequest
from incidentops.flows.write.update import update
from incidentops.model.vocabulary import Role

_EXAMPLES = """\b
Examples:
  incident engage imoc                   take over as incident manager and owner
  incident engage eoc registry --who bo  hand the engineer's role to bo
"""


@click.command(epilog=_EXAMPLES)
@writing.entry_options(
    click.argument("engage", type=word_of(Role)),
    click.option("--who", shell_complete=complete.people, help="Who takes the role.  [default: you]"),
    writing.NOTE,
)
@complete.RECORD
@writing.options
def command(*, request: EntryRequest, record: str | None, options: writing.WriteOptions) -> int:
    """Take over a role, or hand it over with --who.

    The highest engaged role owns the incident: cmoc before imoc before eoc.
    """
    session, target, request = writing.open_entry(record, request, options)
    return show_write(session, update(session, target, request, options), options.form)
