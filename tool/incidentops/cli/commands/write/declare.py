"""`incident declare`: a new record, from options or from answers."""

from datetime import datetime

import click
from msgspec.structs import replace

from incidentops.cli.support import prompts, writing
from incidentops.cli.support.params import word_of
from incidentops.cli.support.times import moment_option
from incidentops.cli.support.write_output import show_write
from incidentops.flows.write.record import Declaration, EntryRequest
from incidentops.flows.write.save import declare
from incidentops.model.vocabulary import Audience, Role, Status

_EXAMPLES = """\b
Examples:
  incident declare
  incident declare "Registry pushes fail" --service registry --severity S2
  incident declare "Site is down" --service web --severity S1 --audience public \\
      --status service_disruption --publish "We are investigating." --page imoc --push
"""


@click.command(epilog=_EXAMPLES)
@writing.new_record_options(
    "S1 is the worst.",
    writing.STATUS,
    writing.PUBLISH,
    writing.NOTE,
    click.option("--engage", type=word_of(Role), help="Role that you take."),
    click.option("--page", type=word_of(Role), help="Role to page."),
)
@moment_option("--started", "When users were first affected.")
@writing.options
def command(
    *, title: str | None, request: EntryRequest, started: datetime | None, slug: str, options: writing.WriteOptions
) -> int:
    """Declare an incident. On a terminal it prompts for what is missing."""
    session = writing.open_session()
    incomplete = not (title and request.services and request.severity)
    title, first = writing.ask_first(session, title, request, "What is wrong", "Severity")
    if incomplete:
        first = _ask_more(first)
    declaration = Declaration(title, first, started=started, slug=slug)
    return show_write(session, declare(session, declaration, options), options.form)


def _ask_more(first: EntryRequest) -> EntryRequest:
    """Ask for what is optional."""
    audience = first.audience or prompts.ask_one("Who may know", Audience, Audience.INTERNAL)
    status = first.status or prompts.ask_one_maybe("What users notice", Status)
    publish = first.publish or (prompts.ask_maybe("Message to customers") if audience == Audience.PUBLIC else "")
    note = first.note or prompts.ask_maybe("Note for colleagues")
    return replace(first, audience=audience, status=status, publish=publish, note=note)
