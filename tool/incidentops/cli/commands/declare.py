"""`incident declare`: a new record, ready in one line or by answering questions."""

import click

from incidentops.cli.support import complete, prompts
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.saving import add_new
from incidentops.cli.support.times import moment_of
from incidentops.cli.support.writing import WriteOptions, WriteSession, open_session, writing
from incidentops.core.text import one_of
from incidentops.flows.write.record import Declaration, declare
from incidentops.model.vocabulary import Audience, Role, Severity, Status

_STATUS = f"What users notice: {one_of([str(status) for status in Status])}."
_EXAMPLES = """\b
Examples:
  incident declare
  incident declare "Registry pushes fail" --service registry --severity S2
  incident declare "Site is down" --service web --severity S1 --audience public \\
      --status service_disruption --publish "We are investigating." --page imoc --push
"""


@click.command("declare", epilog=_EXAMPLES)
@click.argument("title", required=False, type=TEXT)
@click.option("--service", "services", multiple=True, shell_complete=complete.services, help="What fails. Repeatable.")
@click.option("--severity", type=word_of(Severity), help="S1 is the worst.")
@click.option("--audience", type=word_of(Audience), help="Who may know.  [default: internal]")
@click.option("--status", type=word_of(Status), metavar="STATUS", help=_STATUS)
@click.option("--publish", type=TEXT, help="What customers read; - reads standard input.")
@click.option("--note", type=TEXT, help="For colleagues; - reads standard input.")
@click.option("--started", metavar="TIME", help="When users began to be hurt.")
@click.option("--engage", type=word_of(Role), help="The role that you take at once.")
@click.option("--page", type=word_of(Role), help="The role to page.")
@click.option("--slug", help="The end of the id.  [default: from the title]")
@writing
def command(
    *,
    options: WriteOptions,
    title: str | None,
    services: tuple[str, ...],
    severity: str | None,
    audience: str | None,
    status: str | None,
    publish: str | None,
    note: str | None,
    started: str | None,
    engage: str | None,
    page: str | None,
    slug: str | None,
) -> int:
    """Declare an incident. On a terminal it asks for what is missing."""
    session = open_session(options)
    asked = not (title and services and severity)
    by = session.by()
    title = prompts.need(title, "the title", lambda: prompts.ask_text("What is wrong"))
    services = prompts.need(services, "--service", lambda: _ask_services(session))
    severity = prompts.need(severity, "--severity", lambda: _ask_severity(session))
    if asked and prompts.interactive():
        audience = audience or prompts.ask_one("Who may know", Audience, Audience.INTERNAL)
        status = status or prompts.ask_one_maybe("What users notice", Status)
        if audience == Audience.PUBLIC:
            publish = publish or prompts.ask_maybe("What customers read")
        note = note or prompts.ask_maybe("A note for colleagues")
    told = Declaration(
        title=title,
        services=services,
        severity=Severity(severity),
        at=session.at(),
        by=by,
        audience=Audience(audience) if audience else None,
        status=Status(status) if status else None,
        engage=Role(engage) if engage else None,
        page=Role(page) if page else None,
        publish=publish or "",
        note=note or "",
        started=moment_of(started, session.settings.now, "--started") if started else None,
        slug=slug or "",
    )
    return add_new(session, declare(session.archive, told, session.judge))


def _ask_services(session: WriteSession) -> tuple[str, ...]:
    return prompts.ask_some("Which services", list(session.archive.handbook.services))


def _ask_severity(session: WriteSession) -> str:
    for severity, setup in session.archive.handbook.severities.items():
        click.echo(f"  {severity}  {setup.meaning}", err=True)
    return prompts.ask_one("How bad", Severity)
