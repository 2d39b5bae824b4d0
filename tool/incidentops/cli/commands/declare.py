"""`incident declare`: a new record, from options or from answers."""

import click

from incidentops.cli.support import complete, prompts
from incidentops.cli.support.params import TEXT, word_of
from incidentops.cli.support.times import moment_of
from incidentops.cli.support.write_output import show_write
from incidentops.cli.support.writing import WriteOptions, ask_author, given_moment, open_session, writing
from incidentops.core.text import one_of
from incidentops.flows.write.record import Declaration
from incidentops.flows.write.save import declare
from incidentops.flows.write.session import WriteSession
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
@click.option(
    "--service", "services", multiple=True, shell_complete=complete.services, help="Affected service. Repeatable."
)
@click.option("--severity", type=word_of(Severity), help="S1 is the worst.")
@click.option("--audience", type=word_of(Audience), help="Who may know.  [default: internal]")
@click.option("--status", type=word_of(Status), metavar="STATUS", help=_STATUS)
@click.option("--publish", type=TEXT, help="Message to customers; - reads standard input.")
@click.option("--note", type=TEXT, help="Note for colleagues; - reads standard input.")
@click.option("--started", metavar="TIME", help="When users were first affected.")
@click.option("--engage", type=word_of(Role), help="Role that you take.")
@click.option("--page", type=word_of(Role), help="Role to page.")
@click.option("--slug", help="End of the ID.  [default: from the title]")
@writing
def command(
    *,
    options: WriteOptions,
    title: str | None,
    services: tuple[str, ...],
    severity: Severity | None,
    audience: Audience | None,
    status: Status | None,
    publish: str | None,
    note: str | None,
    started: str | None,
    engage: Role | None,
    page: Role | None,
    slug: str | None,
) -> int:
    """Declare an incident. On a terminal it prompts for what is missing."""
    session = open_session()
    incomplete = not (title and services and severity)
    by = ask_author(session, options)
    title = prompts.need(title, "the title", lambda: prompts.ask_text("What is wrong"))
    services = prompts.need(services, "--service", lambda: _ask_services(session))
    severity = prompts.need(severity, "--severity", lambda: _ask_severity(session))
    if incomplete and prompts.interactive():
        audience = audience or prompts.ask_one("Who may know", Audience, Audience.INTERNAL)
        status = status or prompts.ask_one_maybe("What users notice", Status)
        if audience == Audience.PUBLIC:
            publish = publish or prompts.ask_maybe("Message to customers")
        note = note or prompts.ask_maybe("Note for colleagues")
    declaration = Declaration(
        title=title,
        services=services,
        severity=severity,
        at=given_moment(session, options) or session.now,
        by=by,
        audience=audience,
        status=status,
        engage=engage,
        page=page,
        publish=publish or "",
        note=note or "",
        started=moment_of(started, session.now, "--started") if started else None,
        slug=slug or "",
    )
    return show_write(session, declare(session, declaration, options.mode), options.form)


def _ask_services(session: WriteSession) -> tuple[str, ...]:
    return prompts.ask_some("Which services", list(session.archive.handbook.services))


def _ask_severity(session: WriteSession) -> Severity:
    for severity, setup in session.archive.handbook.severities.items():
        click.echo(f"  {severity}  {setup.meaning}", err=True)
    return prompts.ask_one("Severity", Severity)
