"""Where every write starts: an open repository, the rules for drafts, and the record as far as the server has it."""

from datetime import datetime
from pathlib import Path

from msgspec import Struct

from incidentops.core.errors import Failed, IncidentError, WrongUse
from incidentops.core.finding import Finding
from incidentops.core.secret import Secret
from incidentops.core.text import quoted, visible
from incidentops.flows.read.archive import Archive, Opened, RecordCheck, find, only_live, open_archive, record_check
from incidentops.flows.write.push import PushBase, PushFailure, base_for, newest
from incidentops.flows.write.record import author
from incidentops.model.incident import Incident
from incidentops.store import safe_read
from incidentops.store.git.repository import Repository


class WriteMode(Struct, frozen=True):
    """How far a write goes: pushed with a merge request, written although rules block it, or only shown."""

    push: bool = False
    anyway: bool = False
    dry_run: bool = False


class WriteSession(Struct, frozen=True):
    """An open repository for whoever writes. `user` is their username at the git host, if known."""

    archive: Archive
    check: RecordCheck
    now: datetime
    user: str = ""
    secrets: tuple[Secret, ...] = ()

    def repository(self) -> Repository:
        """Open the git repository that the records are in. Raises WrongUse when there is none."""
        return Repository(self.archive.root, self.secrets)

    def author(self) -> str | None:
        """Return the person of the handbook who writes, by username, then by git's mail address."""
        handbook = self.archive.handbook
        return author(handbook, self.user, "") or author(handbook, "", self.git_address())

    def git_address(self) -> str:
        """Return the mail address that git knows, empty when there is none or no git repository."""
        try:
            return self.repository().config("user.email")
        except IncidentError:
            return ""


class RecordTarget(Struct, frozen=True):
    """A record to write to.

    `disk` is the text of its file, `text` the one to go on from; they differ when the server is ahead. `base` is where
    a push goes on from, why it cannot be pushed now, or None when nothing is to be pushed.
    """

    file: str
    disk: str
    text: str
    incident: Incident
    base: PushBase | PushFailure | None = None

    @property
    def ahead(self) -> str:
        """The remote whose version of the record is ahead of the file, or nothing."""
        return self.base.remote if isinstance(self.base, PushBase) and self.text != self.disk else ""


class UnreadableRecord(IncidentError):
    """A record that cannot be read is not written to; `findings` say why it cannot."""

    exit_code = 1

    def __init__(self, file: str, findings: tuple[Finding, ...]) -> None:
        super().__init__(
            f"{visible(file)} cannot be read as a record, so nothing is written to it", "fix the findings first"
        )
        self.findings = findings


def open_session(root: Path, now: datetime, user: str = "", secrets: tuple[Secret, ...] = ()) -> WriteSession:
    """Open a repository for writing. Raises BadConfiguration when the handbook cannot be used."""
    archive = open_archive(root)
    return WriteSession(archive, record_check(archive.handbook, now), now, user, secrets)


def open_target(session: WriteSession, record: str | None, mode: WriteMode) -> RecordTarget:
    """Return the record that a part of an id means, or the one live incident; with `push` as the server has it.

    Raises WrongUse when it is not clear which, UnreadableRecord when it cannot be read, Refused when the server has
    changed it in other places.
    """
    archive = session.archive
    file = find(archive, record, live_first=True) if record else only_live(archive)
    _incident(archive.read(file))
    disk = safe_read.read_within(archive.root, file).decode("utf-8")
    base = push_base(session, file, mode)
    text = (newest(disk, base.text) if isinstance(base, PushBase) else None) or disk
    return RecordTarget(file, disk, text, _incident(archive.build(file, text.encode())), base)


def _incident(opened: Opened) -> Incident:
    if opened.incident is None:
        raise UnreadableRecord(opened.file, opened.findings)
    return opened.incident


def push_base(session: WriteSession, file: str, mode: WriteMode) -> PushBase | PushFailure | None:
    """Return where a push goes on from; without a server the record is still written here. Raises WrongUse."""
    if not mode.push or mode.dry_run:
        return None
    try:
        return base_for(session.repository(), file)
    except Failed as error:
        return PushFailure(error.message, error.hint or "commit and push the file when the server is back")


def known_author(session: WriteSession, given: str) -> str:
    """Return who writes: the person given, else the one who is found. Raises WrongUse when nobody is."""
    found = given or session.author()
    if found:
        return found
    address = session.git_address()
    known = [f"the username {quoted(session.user)}"] if session.user else []
    known += [f"the git address {quoted(address)}"] if address else []
    if not known:
        raise WrongUse("--by is missing", "give it, or set user.email in git to an address that the handbook has")
    raise WrongUse(
        f"nobody in the handbook has {' or '.join(known)}",
        "give --by PERSON, or add it to your entry under people in incidents/handbook.yaml",
    )
