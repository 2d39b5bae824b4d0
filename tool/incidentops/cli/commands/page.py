"""`incident page`: record that a role is paged."""

import click

from incidentops.cli.support import complete
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.write_output import show_write
from incidentops.cli.support.writing import WriteOptions, ask_author, given_moment, open_session, open_target, writing
from incidentops.flows.write.update import EntryRequest, update
from incidentops.model.vocabulary import Role

_EXAMPLES = """\b
Examples:
  incident page imoc
  incident page cmoc registry --note "Called by phone"
"""


@click.command("page", epilog=_EXAMPLES)
@click.argument("role", type=word_of(Role))
@click.argument("record", metavar="[ID]", required=False, shell_complete=complete.records)
@click.option("--note", type=TEXT, help="Note for colleagues; - reads standard input.")
@writing
def command(*, options: WriteOptions, role: Role, record: str | None, note: str | None) -> int:
    """Record that a role is paged.

    This version does not call a pager: page the person yourself.
    """
    session = open_session()
    target = open_target(session, record, options)
    by, at = ask_author(session, options), given_moment(session, options)
    result = update(session, target, EntryRequest(by=by, at=at, page=role, note=note or ""), options.mode)
    code = show_write(session, result, options.form)
    if result.written:
        click.echo(f"note: this version does not call a pager, so page the {role} yourself", err=True)
    return code
