"""`incident update`: one entry more on the timeline."""

import click

from incidentops.cli.support import complete, prompts
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.saving import add
from incidentops.cli.support.writing import RecordTarget, WriteOptions, open_session, open_target, writing
from incidentops.core.errors import WrongUse
from incidentops.core.text import one_of, visible
from incidentops.flows.write.record import entry, wants_reason
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
@click.option("--state", type=word_of(State, without=State.RESOLVED), help="Where we stand.")
@click.option("--status", type=word_of(Status), metavar="STATUS", help=_STATUS)
@click.option("--severity", type=word_of(Severity), help="S1 is the worst.")
@click.option(
    "--service", "services", multiple=True, shell_complete=complete.services, help="The new list. Repeatable."
)
@click.option("--audience", type=word_of(Audience), help="Who may know from now on.")
@click.option("--publish", type=TEXT, help="What customers read; - reads standard input.")
@click.option("--note", type=TEXT, help="For colleagues; - reads standard input.")
@click.option("--why", type=TEXT, help="Needed to lower the severity, to reopen, to change the audience.")
@writing
def command(
    *,
    options: WriteOptions,
    record: str | None,
    state: str | None,
    status: str | None,
    severity: str | None,
    services: tuple[str, ...],
    audience: str | None,
    publish: str | None,
    note: str | None,
    why: str | None,
) -> int:
    """Add an entry to the timeline of the live incident, or of the one that a part of its ID names."""
    session = open_session(options)
    target = open_target(session, record)
    by = session.by()
    if not any((state, status, severity, services, audience, publish, note)):
        state, status, publish, note = _ask(target)
    lowered = wants_reason(
        target.incident,
        severity=Severity(severity) if severity else None,
        state=State(state) if state else None,
        audience=Audience(audience) if audience else None,
    )
    if lowered and not why and prompts.interactive():
        why = prompts.ask_text(f"Why ({lowered})")
    added = entry(
        session.at(target.incident), by, state=state, status=status, severity=severity, services=services,
        audience=audience, publish=publish, note=note, why=why,
    )  # fmt: skip
    return add(session, target, added)


def _ask(target: RecordTarget) -> tuple[str | None, str | None, str, str]:
    """Ask what is new. Raises WrongUse when nobody can be asked, or nothing is."""
    if not prompts.interactive():
        raise WrongUse("there is nothing to add", "give at least one of --state, --status, --publish, --note, ...")
    click.echo(f"{visible(target.incident.title)}\nnow: {now_line(target.incident)}", err=True)
    state = prompts.ask_one_maybe("New state", [s for s in State if s is not State.RESOLVED])
    status = prompts.ask_one_maybe("New status", Status)
    public = target.incident.now.audience is Audience.PUBLIC
    publish = prompts.ask_maybe("What customers read") if public else ""
    note = prompts.ask_maybe("A note for colleagues")
    if not (state or status or publish or note):
        raise WrongUse("nothing was said, so nothing is written")
    return state, status, publish, note
