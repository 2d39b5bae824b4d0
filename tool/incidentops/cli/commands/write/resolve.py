"""`incident resolve`: the owner resolves an incident."""

import click
from msgspec.structs import replace

from incidentops.cli.support import complete, prompts, writing
from incidentops.cli.support.params import TEXT
from incidentops.cli.support.write_output import show_write
from incidentops.flows.write.record import EntryRequest, default_moment
from incidentops.flows.write.resolve import needs_public_text, obstacles
from incidentops.flows.write.update import resolve

_EXAMPLES = """\b
Examples:
  incident resolve --publish "Image pushes work again."
  incident resolve registry --note "Rolled back to 4.1" --push
"""


@click.command(epilog=_EXAMPLES)
@complete.RECORD
@writing.entry_options(
    click.option("--publish", type=TEXT, help="Final message to customers; - reads standard input."), writing.NOTE
)
@writing.options
def command(*, record: str | None, request: EntryRequest, options: writing.WriteOptions) -> int:
    """Resolve an incident: state resolved, status operational. Only its owner can.

    First it shows what keeps the incident from being resolved, such as the time that it has to be monitored.
    """
    session, target, request = writing.open_entry(record, request, options)
    at = request.at or default_moment(target.incident, session.now)
    for obstacle in obstacles(target.incident, session.archive.handbook, request.by, at):
        click.echo(f"not ready: {obstacle}", err=True)
    if needs_public_text(target.incident):
        publish = prompts.need(request.publish, "--publish", lambda: prompts.ask_text("Final message to customers"))
        request = replace(request, publish=publish)
    return show_write(session, resolve(session, target, replace(request, at=at), options), options.form)
