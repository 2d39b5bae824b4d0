"""`incident release`: give a role back."""

import click
from msgspec.structs import replace

from incidentops.cli.support import complete, prompts, writing
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.write_output import show_write
from incidentops.flows.write.record import EntryRequest
from incidentops.flows.write.update import update
from incidentops.model.vocabulary import Role

_EXAMPLES = """\b
Examples:
  incident release cmoc --why "Support answers customers from here"
  incident release imoc registry --who bo --why "Bo is off duty"
"""


@click.command(epilog=_EXAMPLES)
@writing.entry_options(
    click.argument("release", type=word_of(Role)),
    click.option("--why", type=TEXT, help="The reason; required."),
    click.option("--who", shell_complete=complete.people, help="Who gives it back.  [default: you]"),
)
@complete.RECORD
@writing.options
def command(*, request: EntryRequest, record: str | None, options: writing.WriteOptions) -> int:
    """Give a role back: the next lower role owns the incident. To hand a role over, use engage --who."""
    session, target, request = writing.open_entry(record, request, options)
    why = prompts.need(request.why, "--why", lambda: prompts.ask_text("Why"))
    return show_write(session, update(session, target, replace(request, why=why), options), options.form)
