"""`incident update`: one more entry on the timeline."""

import click
from msgspec.structs import replace

from incidentops.cli.support import complete, prompts, writing
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.write_output import show_write
from incidentops.core.errors import WrongUse
from incidentops.core.text import visible
from incidentops.flows.write.record import EntryRequest, wants_reason
from incidentops.flows.write.session import RecordTarget
from incidentops.flows.write.update import update
from incidentops.model.vocabulary import Audience, Severity, State, Status
from incidentops.render.incidents import now_line

_EXAMPLES = """\b
Examples:
  incident update --state identified --publish "We found the cause."
  incident update registry --severity S3 --why "Only one region" --push
  git log -1 --format=%B | incident update registry --note -
"""
_SERVICES = "The new list of affected services. Repeatable."


@click.command(epilog=_EXAMPLES)
@complete.RECORD
@writing.entry_options(
    click.option("--state", type=word_of(State, without=State.RESOLVED), help="New state."),
    writing.STATUS,
    click.option("--severity", type=word_of(Severity), help="New severity; S1 is the worst."),
    click.option("--service", "services", multiple=True, shell_complete=complete.services, help=_SERVICES),
    click.option("--audience", type=word_of(Audience), help="Who may know, from now on."),
    writing.PUBLISH,
    writing.NOTE,
    click.option("--why", type=TEXT, help="Required to lower the severity, to reopen or to change the audience."),
)
@writing.options
def command(*, record: str | None, request: EntryRequest, options: writing.WriteOptions) -> int:
    """Add an entry to the timeline of the live incident, or of the incident with this ID (any unique part of it)."""
    session, target, request = writing.open_entry(record, request, options)
    if request.empty and prompts.interactive():
        request = _ask(target, request)
    reason = wants_reason(target.incident, request)
    if reason and not request.why and prompts.interactive():
        request = replace(request, why=prompts.ask_text(f"Why ({reason})"))
    return show_write(session, update(session, target, request, options), options.form)


def _ask(target: RecordTarget, request: EntryRequest) -> EntryRequest:
    """Ask what is new. Raises WrongUse when nothing is."""
    click.echo(f"{visible(target.incident.title)}\nnow: {now_line(target.incident)}", err=True)
    state = prompts.ask_one_maybe("New state", [s for s in State if s is not State.RESOLVED])
    status = prompts.ask_one_maybe("New status", Status)
    public = target.incident.now.audience is Audience.PUBLIC
    publish = prompts.ask_maybe("Message to customers") if public else ""
    note = prompts.ask_maybe("Note for colleagues")
    answered = replace(request, state=state, status=status, publish=publish, note=note)
    if answered.empty:
        raise WrongUse("nothing to add, so nothing was written")
    return answered
