"""`incident resolve`: the owner resolves an incident."""

import click

from incidentops.cli.support import complete, prompts
from incidentops.cli.support.params import TEXT
from incidentops.cli.support.write_output import show_write
from incidentops.cli.support.writing import WriteOptions, ask_author, given_moment, open_session, open_target, writing
from incidentops.flows.write.record import default_moment
from incidentops.flows.write.resolve import needs_public_text, obstacles
from incidentops.flows.write.update import EntryRequest, resolve

_EXAMPLES = """\b
Examples:
  incident resolve --publish "Image pushes work again."
  incident resolve registry --note "Rolled back to 4.1" --push
"""


@click.command("resolve", epilog=_EXAMPLES)
@click.argument("record", metavar="[ID]", required=False, shell_complete=complete.records)
@click.option("--publish", type=TEXT, help="Final message to customers; - reads standard input.")
@click.option("--note", type=TEXT, help="Note for colleagues; - reads standard input.")
@writing
def command(*, options: WriteOptions, record: str | None, publish: str | None, note: str | None) -> int:
    """Resolve an incident: state resolved, status operational. Only its owner can.

    First it shows what keeps the incident from being resolved, such as the time that it has to be monitored.
    """
    session = open_session()
    target = open_target(session, record, options)
    by = ask_author(session, options)
    at = given_moment(session, options) or default_moment(target.incident, session.now)
    for obstacle in obstacles(target.incident, session.archive.handbook, by, at):
        click.echo(f"not ready: {obstacle}", err=True)
    if needs_public_text(target.incident):
        publish = prompts.need(publish, "--publish", lambda: prompts.ask_text("Final message to customers"))
    request = EntryRequest(by=by, at=at, note=note or "", publish=publish or "")
    return show_write(session, resolve(session, target, request, options.mode), options.form)
