"""`incident resolve`: the end of an incident, said by its owner."""

import click

from incidentops.cli.support import complete, prompts
from incidentops.cli.support.params import TEXT
from incidentops.cli.support.saving import add
from incidentops.cli.support.writing import WriteOptions, open_session, open_target, writing
from incidentops.flows.write.record import entry
from incidentops.flows.write.resolve import obstacles
from incidentops.model.vocabulary import Audience, State, Status

_EXAMPLES = """\b
Examples:
  incident resolve --publish "Image pushes work again."
  incident resolve registry --note "Rolled back to 4.1" --push
"""


@click.command("resolve", epilog=_EXAMPLES)
@click.argument("record", metavar="[ID]", required=False, shell_complete=complete.records)
@click.option("--publish", type=TEXT, help="The last words to customers; - reads standard input.")
@click.option("--note", type=TEXT, help="For colleagues; - reads standard input.")
@writing
def command(*, options: WriteOptions, record: str | None, publish: str | None, note: str | None) -> int:
    """Resolve the incident: state resolved, status operational. Only its owner can.

    What still stands in the way is said first: the owner, the time it has to be monitored.
    """
    session = open_session(options)
    target = open_target(session, record)
    by, at = session.by(), session.at(target.incident)
    for obstacle in obstacles(target.incident, session.archive.handbook, by, at):
        click.echo(f"in the way: {obstacle}", err=True)
    told = any(e.publish for e in target.incident.timeline)
    if told and target.incident.now.audience is Audience.PUBLIC:
        publish = prompts.need(publish, "--publish", lambda: prompts.ask_text("Last words to customers"))
    added = entry(at, by, state=State.RESOLVED, status=Status.OPERATIONAL, note=note, publish=publish)
    return add(session, target, added)
