"""`incident page`: record that a role is paged."""

import click

from incidentops.cli.support import complete, writing
from incidentops.cli.support.params import word_of
from incidentops.cli.support.write_output import show_write
from incidentops.flows.write.record import EntryRequest
from incidentops.flows.write.update import update
from incidentops.model.vocabulary import Role

_EXAMPLES = """\b
Examples:
  incident page imoc
  incident page cmoc registry --note "Called by phone"
"""


@click.command(epilog=_EXAMPLES)
@writing.entry_options(click.argument("page", type=word_of(Role)), writing.NOTE)
@complete.RECORD
@writing.options
def command(*, request: EntryRequest, record: str | None, options: writing.WriteOptions) -> int:
    """Record that a role is paged.

    This version does not call a pager: page the person yourself.
    """
    session, target, request = writing.open_entry(record, request, options)
    result = update(session, target, request, options)
    code = show_write(session, result, options.form)
    if result.written:
        click.echo(f"note: this version does not call a pager, so page the {request.page} yourself", err=True)
    return code
