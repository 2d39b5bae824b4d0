"""`incident update`: one more entry on the timeline."""

from dataclasses import replace

import click

from incidentops.cli.support import complete, prompts
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.write_output import show_write
from incidentops.cli.support.writing import (
    WriteOptions,
    ask_author,
    given_moment,
    open_session,
    open_target,
    writing,
)
from incidentops.core.errors import WrongUse
from incidentops.core.text import one_of, visible
from incidentops.flows.write.record import wants_reason
from incidentops.flows.write.session import RecordTarget
from incidentops.flows.write.update import EntryRequest, update
from incidentops.model.vocabulary import Audience, Severity, State, Status
from incidentops.render.incidents import now_line

_STATUS = f"What users notice: {one_of([str(status) for status in Status])}."
_EXAMPLES = """\b
Examples:
  incident update --state identified --publish "We found the cause."
  incident update registry --severity S3 --why "Only one region" --push
  git log -1 --format=%B | incident update registry --note -
"""


@click.command("update", epilog=_EXAMPLES)
@click.argument("record", metavar="[ID]", required=False, shell_complete=complete.records)
@click.option("--state", type=word_of(State, without=State.RESOLVED), help="New state.")
@click.option("--status", type=word_of(Status), metavar="STATUS", help=_STATUS)
@click.option("--severity", type=word_of(Severity), help="New severity; S1 is the worst.")
@click.option(
    "--service",
    "services",
    multiple=True,
    shell_complete=complete.services,
    help="The new list of affected services. Repeatable.",
)
@click.option("--audience", type=word_of(Audience), help="Who may know, from now on.")
@click.option("--publish", type=TEXT, help="Message to customers; - reads standard input.")
@click.option("--note", type=TEXT, help="Note for colleagues; - reads standard input.")
@click.option("--why", type=TEXT, help="The reason; required to lower the severity, reopen or change the audience.")
@writing
def command(
    *,
    options: WriteOptions,
    record: str | None,
    state: State | None,
    status: Status | None,
    severity: Severity | None,
    services: tuple[str, ...],
    audience: Audience | None,
    publish: str | None,
    note: str | None,
    why: str | None,
) -> int:
    """Add an entry to the timeline of the live incident, or of the incident with this ID (any unique part of it)."""
    session = open_session()
    target = open_target(session, record, options)
    request = EntryRequest(
        by=ask_author(session, options),
        at=given_moment(session, options),
        state=state,
        status=status,
        severity=severity,
        services=services,
        audience=audience,
        why=why or "",
        note=note or "",
        publish=publish or "",
    )
    if request.empty and prompts.interactive():
        request = _ask(target, request)
    reason = wants_reason(target.incident, severity=request.severity, state=request.state, audience=request.audience)
    if reason and not request.why and prompts.interactive():
        request = replace(request, why=prompts.ask_text(f"Why ({reason})"))
    return show_write(session, update(session, target, request, options.mode), options.form)


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
