"""`incident page`: write down that a role is paged."""

import click

from incidentops.cli.support import complete
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.saving import add
from incidentops.cli.support.writing import WriteOptions, open_session, open_target, writing
from incidentops.flows.write.record import entry
from incidentops.model.vocabulary import Role

_EXAMPLES = """\b
Examples:
  incident page imoc
  incident page cmoc registry --note "Called by phone"
"""


@click.command("page", epilog=_EXAMPLES)
@click.argument("role", type=word_of(Role))
@click.argument("record", metavar="[ID]", required=False, shell_complete=complete.records)
@click.option("--note", type=TEXT, help="For colleagues; - reads standard input.")
@writing
def command(*, options: WriteOptions, role: str, record: str | None, note: str | None) -> int:
    """Write down that a role was paged.

    No pager is wired to this version: nobody's phone rings because of this command. Page them yourself as well.
    """
    session = open_session(options)
    target = open_target(session, record)
    ended = add(session, target, entry(session.at(target.incident), session.by(), page=role, note=note))
    if ended in (Exit.DONE, Exit.INCOMPLETE) and not options.dry_run:
        click.echo(f"note: no pager is wired to this version; nobody was rung, so page the {role} yourself", err=True)
    return ended
