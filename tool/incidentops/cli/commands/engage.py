"""`incident engage`: take over a role, or hand it to somebody."""

import click

from incidentops.cli.support import complete
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.saving import add
from incidentops.cli.support.writing import WriteOptions, open_session, open_target, writing
from incidentops.flows.write.record import entry
from incidentops.model.vocabulary import Role

_EXAMPLES = """\b
Examples:
  incident engage imoc                   I take over as incident manager, and own it
  incident engage eoc registry --who bo  I hand the engineer's role to bo
"""


@click.command("engage", epilog=_EXAMPLES)
@click.argument("role", type=word_of(Role))
@click.argument("record", metavar="[ID]", required=False, shell_complete=complete.records)
@click.option("--who", shell_complete=complete.people, help="Who takes the role.  [default: you]")
@click.option("--note", type=TEXT, help="For colleagues; - reads standard input.")
@writing
def command(*, options: WriteOptions, role: str, record: str | None, who: str | None, note: str | None) -> int:
    """Engage a role. The highest engaged role owns the incident: eoc, then imoc, then cmoc."""
    session = open_session(options)
    target = open_target(session, record)
    by = session.by()
    other = who if who != by else None
    return add(session, target, entry(session.at(target.incident), by, engage=role, who=other, note=note))
