"""`incident release`: give a role back."""

import click

from incidentops.cli.support import complete, prompts
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.write_output import show_write
from incidentops.cli.support.writing import WriteOptions, ask_author, given_moment, open_session, open_target, writing
from incidentops.flows.write.update import EntryRequest, update
from incidentops.model.vocabulary import Role

_EXAMPLES = """\b
Examples:
  incident release cmoc --why "Support answers customers from here"
  incident release imoc registry --who bo --why "Bo is off duty"
"""


@click.command("release", epilog=_EXAMPLES)
@click.argument("role", type=word_of(Role))
@click.argument("record", metavar="[ID]", required=False, shell_complete=complete.records)
@click.option("--why", type=TEXT, help="The reason; required.")
@click.option("--who", shell_complete=complete.people, help="Who gives it back.  [default: you]")
@writing
def command(*, options: WriteOptions, role: Role, record: str | None, why: str | None, who: str | None) -> int:
    """Give a role back: the next lower role owns the incident. To hand a role over, use engage --who."""
    session = open_session()
    target = open_target(session, record, options)
    by = ask_author(session, options)
    why = prompts.need(why, "--why", lambda: prompts.ask_text("Why"))
    request = EntryRequest(by=by, at=given_moment(session, options), release=role, who=who or "", why=why)
    return show_write(session, update(session, target, request, options.mode), options.form)
