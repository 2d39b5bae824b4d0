"""What the commands that write a record share: their options, and asking who writes."""

import click
from msgspec.structs import replace

from incidentops.cli.composition import environment
from incidentops.cli.support import complete, prompts
from incidentops.cli.support.output import format_option, print_findings
from incidentops.cli.support.params import TEXT, Decorator, packed, word_of
from incidentops.cli.support.times import moment_option
from incidentops.core.text import one_of
from incidentops.flows.write import session as flow
from incidentops.flows.write.record import EntryRequest
from incidentops.flows.write.session import RecordTarget, UnreadableRecord, WriteMode, WriteSession
from incidentops.model.handbook import Handbook
from incidentops.model.vocabulary import Audience, Severity, Status

# Options of new records.
_TITLE = click.argument("title", required=False, type=TEXT)
_SERVICES = click.option(
    "--service", "services", multiple=True, shell_complete=complete.services, help="Affected service; repeat for each."
)
_AUDIENCE = click.option("--audience", type=word_of(Audience), help="Who may know.  [default: internal]")
_SLUG = click.option("--slug", default="", help="End of the ID.  [default: from the title]")

# Options of entries that are the same in several commands.
_STATUSES = f"What users notice: {one_of([str(status) for status in Status])}."
STATUS = click.option("--status", type=word_of(Status), metavar="STATUS", help=_STATUSES)
PUBLISH = click.option("--publish", type=TEXT, help="Message to customers; - reads standard input.")
NOTE = click.option("--note", type=TEXT, help="Note for colleagues; - reads standard input.")


class WriteOptions(WriteMode, frozen=True):
    """How far a write goes, and how what came of it is printed."""

    form: str = "text"


def entry_options(*own: Decorator) -> Decorator:
    """Return the decorator that adds the options of an entry, with --by and --at of `options`, as one `request`."""
    return packed("request", EntryRequest, *own)


def new_record_options(severity: str, *own: Decorator) -> Decorator:
    """Return the decorator that adds the title, the first entry as one `request`, and the slug.

    `severity` is the help of that option, `own` are more options of the entry.
    """
    severity_option = click.option("--severity", type=word_of(Severity), help=severity)
    entry = entry_options(_SERVICES, severity_option, _AUDIENCE, *own)
    return lambda command: _TITLE(entry(_SLUG(command)))


options = packed(
    "options",
    WriteOptions,
    click.option(
        "--by",
        metavar="PERSON",
        shell_complete=complete.people,
        help="Who you are.  [default: from your username or git address]",
    ),
    moment_option("--at", "When it happened, UTC: 14:02, 5m (ago).  [default: now]"),
    click.option("--push", is_flag=True, help="Commit, push and open a merge request."),
    click.option("--dry-run", is_flag=True, help="Show the change without writing it."),
    click.option("--anyway", is_flag=True, help="Write it even if the pipeline will block it."),
    format_option(),
)
"""Adds the options that every writing command has; below `entry_options`, which takes the author and the moment."""


def open_session() -> WriteSession:
    """Open the repository around the working directory. Raises BadConfiguration and WrongUse."""
    settings = environment.settings()
    return flow.open_session(environment.repository_root(), settings.now, settings.host.user, settings.secrets)


def open_entry(
    record: str | None, request: EntryRequest, options: WriteOptions
) -> tuple[WriteSession, RecordTarget, EntryRequest]:
    """Open the repository and the record to write to, and find out who writes.

    Findings that make the record unreadable are printed. Raises BadConfiguration, WrongUse and Refused.
    """
    session = open_session()
    try:
        target = flow.open_target(session, record, options)
    except UnreadableRecord as error:
        print_findings(error.findings)
        raise
    if target.ahead:
        click.echo(f"using the version at {target.ahead}, which is ahead of your file", err=True)
    return session, target, replace(request, by=ask_author(session, request.by))


def ask_author(session: WriteSession, given: str) -> str:
    """Return who writes; asked for on a terminal when not found. Raises WrongUse without a terminal."""
    found = given or session.author()
    if not found and prompts.interactive():
        return prompts.ask_one("Who are you", list(session.archive.handbook.people))
    return flow.known_author(session, found or "")


def ask_first(
    session: WriteSession, title: str | None, request: EntryRequest, what: str, severity: str
) -> tuple[str, EntryRequest]:
    """Return the title and the first entry of a new record. It prompts for what is missing.

    `what` asks for the title, `severity` for the severity. Raises WrongUse without a terminal.
    """
    handbook = session.archive.handbook
    by, known = ask_author(session, request.by), list(handbook.services)
    title = prompts.need(title, "the title", lambda: prompts.ask_text(what))
    services = prompts.need(request.services, "--service", lambda: prompts.ask_some("Which services", known))
    rated = prompts.need(request.severity, "--severity", lambda: _ask_severity(handbook, severity))
    return title, replace(request, by=by, services=services, severity=rated)


def _ask_severity(handbook: Handbook, question: str) -> Severity:
    for severity, setup in handbook.severities.items():
        click.echo(f"  {severity}  {setup.meaning}", err=True)
    return prompts.ask_one(question, Severity)
