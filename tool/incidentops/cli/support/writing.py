"""What the commands that write a record share: their options, and asking who writes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

import click

from incidentops.cli.composition import environment
from incidentops.cli.support import complete, prompts
from incidentops.cli.support.output import format_option, print_findings
from incidentops.cli.support.times import moment_of
from incidentops.flows.write import session as flow
from incidentops.flows.write.session import RecordTarget, UnreadableRecord, WriteMode, WriteSession


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """The options that every writing command has."""

    by: str | None
    at: str | None
    form: str
    mode: WriteMode


def writing(command: Callable[..., int]) -> Callable[..., int]:
    """Add the common options to a command and pass them as `options`."""

    @wraps(command)
    def packed(
        *, by: str | None, at: str | None, form: str, push: bool, anyway: bool, dry_run: bool, **rest: object
    ) -> int:
        return command(options=WriteOptions(by, at, form, WriteMode(push, anyway, dry_run)), **rest)

    common = (
        click.option(
            "--by",
            metavar="PERSON",
            shell_complete=complete.people,
            help="Who you are.  [default: from your username or git address]",
        ),
        click.option("--at", metavar="TIME", help="When it happened, UTC: 14:02, 5m (ago).  [default: now]"),
        click.option("--push", is_flag=True, help="Commit, push and open a merge request."),
        click.option("--dry-run", is_flag=True, help="Show the change without writing it."),
        click.option("--anyway", is_flag=True, help="Write it even if the pipeline will block it."),
        format_option,
    )
    for option in reversed(common):
        packed = option(packed)
    return packed


def open_session() -> WriteSession:
    """Open the repository around the working directory. Raises BadConfiguration and WrongUse."""
    settings = environment.settings()
    return flow.open_session(environment.repository_root(), settings.now, settings.host.user, settings.secrets)


def open_target(session: WriteSession, record: str | None, options: WriteOptions) -> RecordTarget:
    """Return the record to write to; findings that make it unreadable are printed. Raises WrongUse and Refused."""
    try:
        target = flow.open_target(session, record, options.mode)
    except UnreadableRecord as error:
        print_findings(error.findings)
        raise
    if target.ahead:
        click.echo(f"using the version at {target.ahead}, which is ahead of your file", err=True)
    return target


def ask_author(session: WriteSession, options: WriteOptions) -> str:
    """Return who writes; asked for on a terminal when not found. Raises WrongUse without a terminal."""
    found = options.by or session.author()
    if not found and prompts.interactive():
        return prompts.ask_one("Who are you", list(session.archive.handbook.people))
    return flow.known_author(session, found or "")


def given_moment(session: WriteSession, options: WriteOptions) -> datetime | None:
    """Return the moment that `--at` names. Raises WrongUse."""
    return moment_of(options.at, session.now) if options.at else None
