"""What all commands that write a record have in common: who, when, judging, writing, pushing, and saying so."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

import click

from incidentops.cli.composition import environment
from incidentops.cli.support import complete, prompts
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import format_option, print_findings
from incidentops.cli.support.record_rules import judge_for
from incidentops.cli.support.times import moment_of
from incidentops.core.errors import Failed, IncidentError
from incidentops.core.text import visible
from incidentops.flows.read.archive import Archive, Opened, find, only_live, open_archive
from incidentops.flows.write.push import PushBase, PushFailure, base_for, newest
from incidentops.flows.write.record import DraftJudge, author, default_moment
from incidentops.model.incident import Incident
from incidentops.store import safe_read
from incidentops.store.git.repository import Repository


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """The options that every writing command has."""

    by: str | None
    at: str | None
    form: str
    push: bool
    anyway: bool
    dry_run: bool


def writing(command: Callable[..., int]) -> Callable[..., int]:
    """Add the common options to a command and hand them over as `options`."""

    @wraps(command)
    def packed(
        *, by: str | None, at: str | None, form: str, push: bool, anyway: bool, dry_run: bool, **rest: object
    ) -> int:
        return command(options=WriteOptions(by, at, form, push, anyway, dry_run), **rest)

    added = (
        click.option(
            "--by", metavar="PERSON", shell_complete=complete.people, help="Who you are.  [default: found out]"
        ),
        click.option("--at", metavar="TIME", help="When it happened, UTC: 14:02, 5m (ago).  [default: now]"),
        click.option("--push", is_flag=True, help="Commit, push and open the merge request."),
        click.option("--dry-run", is_flag=True, help="Show the change, write nothing."),
        click.option("--anyway", is_flag=True, help="Write it although the pipeline will block it."),
        format_option,
    )
    for option in reversed(added):
        packed = option(packed)
    return packed


@dataclass(frozen=True, slots=True)
class WriteSession:
    """One run of a writing command."""

    options: WriteOptions
    settings: environment.Settings
    archive: Archive
    judge: DraftJudge

    def by(self) -> str:
        """Return who writes: `--by`, else who is logged in, else git's mail address, else asked. Raises WrongUse."""
        if self.options.by:
            return self.options.by
        found = author(self.archive.handbook, self.settings.host.user, "") or author(
            self.archive.handbook, "", self._git_address()
        )
        people = list(self.archive.handbook.people)
        return prompts.need(found, "--by", lambda: prompts.ask_one("Who are you", people))

    def _git_address(self) -> str:
        try:
            return self.repository().config("user.email")
        except IncidentError:
            return ""

    def at(self, incident: Incident | None = None) -> datetime:
        """Return when it happened: `--at`, else now, but never before the last entry."""
        now = self.settings.now
        if self.options.at:
            return moment_of(self.options.at, now)
        return now if incident is None else default_moment(incident, now)

    def repository(self) -> Repository:
        """Open the git repository that the records are in. Raises WrongUse when there is none."""
        return Repository(self.archive.root, self.settings.secrets)


@dataclass(frozen=True, slots=True)
class RecordTarget:
    """The record that is written to: its file, the file's text on disk, the text to go on from, and the incident."""

    file: str
    disk: str
    text: str
    incident: Incident
    base: PushBase | PushFailure | None


class UnreadableRecord(IncidentError):
    """A record that cannot be read is not written to."""

    exit_code = Exit.BLOCKED


def open_session(options: WriteOptions) -> WriteSession:
    """Open the repository around the working directory. Raises BadConfiguration and WrongUse."""
    settings = environment.settings()
    archive = open_archive(environment.repository_root())
    return WriteSession(options, settings, archive, judge_for(archive, settings.now))


def open_target(session: WriteSession, record: str | None) -> RecordTarget:
    """Return the record that a part of an id means, or the one live incident; with `--push` as the server has it.

    Raises WrongUse when it is not clear which, Unreadable when it cannot be read.
    """
    archive = session.archive
    file = find(archive, record, live_first=True) if record else only_live(archive)
    _readable(archive.read(file))
    disk = safe_read.read_within(archive.root, file).decode("utf-8")
    base = base_of(session, file)
    text = (_further(disk, base) if isinstance(base, PushBase) else None) or disk
    incident = _readable(archive.build(file, text.encode()))
    return RecordTarget(file, disk, text, incident, base)


def _readable(opened: Opened) -> Incident:
    if opened.incident is None:
        print_findings(opened.findings)
        raise UnreadableRecord(
            f"{visible(opened.file)} cannot be read as a record, so nothing is written to it", "mend it first"
        )
    return opened.incident


def base_of(session: WriteSession, file: str) -> PushBase | PushFailure | None:
    """Return where a push would go on from; without a server the entry is still written down here."""
    if not session.options.push or session.options.dry_run:
        return None
    try:
        return base_for(session.repository(), file)
    except Failed as error:
        return PushFailure(error.message, error.hint or "commit and push the file when the server is back")


def _further(mine: str, base: PushBase) -> str | None:
    text = newest(mine, base.text)
    if text is not None and text != mine:
        click.echo(f"taken from {base.remote}, where it is further on than in your files", err=True)
    return text
