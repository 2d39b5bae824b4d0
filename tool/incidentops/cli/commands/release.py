"""`incident release`: give a role back."""

import click

from incidentops.cli.support import complete, prompts
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.saving import add
from incidentops.cli.support.writing import WriteOptions, open_session, open_target, writing
from incidentops.flows.write.record import entry
from incidentops.model.vocabulary import Role

_EXAMPLES = """\b
Examples:
  incident release cmoc --why "Support answers customers from here"
  incident release imoc registry --who bo --why "Bo is off duty"
"""


@click.command("release", epilog=_EXAMPLES)
@click.argument("role", type=word_of(Role))
@click.argument("record", metavar="[ID]", required=False, shell_complete=complete.records)
@click.option("--why", type=TEXT, help="Why; always needed.")
@click.option("--who", shell_complete=complete.people, help="Who gives it back.  [default: you]")
@writing
def command(*, options: WriteOptions, role: str, record: str | None, why: str | None, who: str | None) -> int:
    """Give a role back: ownership goes to the next role below. To hand it to somebody, use engage --who."""
    session = open_session(options)
    target = open_target(session, record)
    by = session.by()
    why = prompts.need(why, "--why", lambda: prompts.ask_text("Why"))
    other = who if who != by else None
    return add(session, target, entry(session.at(target.incident), by, release=role, who=other, why=why))
