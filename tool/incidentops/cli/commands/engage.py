"""`incident engage`: take over a role, or hand it over."""

import click

from incidentops.cli.support import complete
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.write_output import show_write
from incidentops.cli.support.writing import WriteOptions, ask_author, given_moment, open_session, open_target, writing
from incidentops.flows.write.update import EntryRequest, update
from incidentops.model.vocabulary import Role

_EXAMPLES = """\b
Examples:
  incident engage imoc                   take over as incident manager and owner
  incident engage eoc registry --who bo  hand the engineer's role to bo
"""


@click.command("engage", epilog=_EXAMPLES)
@click.argument("role", type=word_of(Role))
@click.argument("record", metavar="[ID]", required=False, shell_complete=complete.records)
@click.option("--who", shell_complete=complete.people, help="Who takes the role.  [default: you]")
@click.option("--note", type=TEXT, help="Note for colleagues; - reads standard input.")
@writing
def command(*, options: WriteOptions, role: Role, record: str | None, who: str | None, note: str | None) -> int:
    """Take over a role, or hand it over with --who.

    The highest engaged role owns the incident: cmoc before imoc before eoc.
    """
    session = open_session()
    target = open_target(session, record, options)
    by, at = ask_author(session, options), given_moment(session, options)
    request = EntryRequest(by=by, at=at, engage=role, who=who or "", note=note or "")
    return show_write(session, update(session, target, request, options.mode), options.form)
