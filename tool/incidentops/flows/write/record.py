"""Drafts: what a record would be with an entry more, or as a new file, checked before anything is on disk."""

import difflib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import asdict, replace

from incidentops.core import moment
from incidentops.core.errors import WrongUse
from incidentops.core.finding import Finding
from incidentops.core.text import quoted
from incidentops.flows.read.archive import Archive, RecordCheck
from incidentops.model.build import record_id
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Audience, Kind, Role, Severity, State, Status
from incidentops.store.schema.shape import entry_keys
from incidentops.store.yaml import edit
from incidentops.store.yaml.emit import YamlValue

_SLUG = 40


class Draft(Struct, frozen=True):
    """A record as it would be written. `incident` is None when the text could not be read as a record.

    `findings` are all that block, and the advice that is new with this change.
    """

    file: str
    before: str | None
    after: str
    incident: Incident | None
    findings: tuple[Finding, ...]

    @property
    def id(self) -> str:
        """The record's id."""
        return record_id(self.file)

    @property
    def blocked(self) -> bool:
        """Whether the pipeline would block it."""
        return self.incident is None or any(finding.blocks for finding in self.findings)

    def diff(self) -> str:
        """Return what would change, as a unified diff."""
        return difference(self.file, self.before, self.after)


def difference(file: str, before: str | None, after: str) -> str:
    """Return a unified diff of a file; `before` is None when it is new."""
    name = file if before is not None else "/dev/null"
    old, new = (text.splitlines(keepends=True) for text in (before or "", after))
    lines = (line if line.endswith("\n") else f"{line}\n" for line in difflib.unified_diff(old, new, name, file))
    return "".join(lines)


class EntryRequest(Struct, frozen=True):
    """What somebody wants to add to a timeline.

    Without `by` it is the author whom the session finds; without `at` it is now, but not before the last entry. `who`
    is the person who takes or gives back a role, when it is not the author.
    """

    by: str = ""
    at: datetime | None = None
    state: State | None = None
    status: Status | None = None
    severity: Severity | None = None
    services: tuple[str, ...] = ()
    audience: Audience | None = None
    engage: Role | None = None
    release: Role | None = None
    page: Role | None = None
    who: str = ""
    why: str = ""
    note: str = ""
    publish: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it to add."""
        decisions = (self.state, self.status, self.severity, self.services, self.audience)
        return not any((*decisions, self.engage, self.release, self.page, self.note, self.publish))


class Declaration(Struct, frozen=True):
    """What is known when somebody declares an incident, or reports a near miss.

    `first` is the first entry; its services and audience are those of the record.
    """

    title: str
    first: EntryRequest
    kind: Kind = Kind.INCIDENT
    started: datetime | None = None
    slug: str = ""
    review: Mapping[str, str] = {}


def new_draft(archive: Archive, declaration: Declaration, check: RecordCheck) -> Draft:
    """Return the new record of a declaration, whose first entry has its author and moment.

    Raises WrongUse when its slug is taken or not a slug.
    """
    first = declaration.first
    data: dict[str, YamlValue] = {
        "kind": declaration.kind.value,
        "title": declaration.title,
        "services": list(first.services),
    }
    if first.audience is not None:
        data["audience"] = first.audience.value
    if declaration.started is not None:
        data["impact"] = {"started": moment.show(declaration.started)}
    state = State.INVESTIGATING if declaration.kind is Kind.INCIDENT else None
    added = entry(replace(first, state=state, services=(), audience=None))
    data["timeline"] = [added]
    if declaration.review:
        data["review"] = dict(declaration.review)
    file = new_file(archive.files(), declaration, str(added["at"])[:10])
    return _checked(archive, file, None, edit.new_record(data), check)


def append(archive: Archive, file: str, before: str, added: Mapping[str, YamlValue], check: RecordCheck) -> Draft:
    """Return the record with one more entry at the end of its timeline."""
    return _checked(archive, file, before, edit.append_entry(before, added), check)


def _checked(archive: Archive, file: str, before: str | None, after: str, check: RecordCheck) -> Draft:
    opened = archive.build(file, after.encode())
    if opened.incident is None:
        return Draft(file, before, after, None, opened.findings)
    old = archive.build(file, before.encode()) if before is not None else None
    known = {(f.code, f.message) for f in check(old.incident, old.text)} if old and old.incident else set()
    found = check(opened.incident, opened.text)
    shown = tuple(f for f in found if f.blocks or (f.code, f.message) not in known)
    return Draft(file, before, after, opened.incident, shown)


def entry(request: EntryRequest) -> Mapping[str, YamlValue]:
    """Return an entry as the file has it: the keys in the usual order, without those that are empty."""
    given = asdict(request)
    return {key: _plain(given[key]) for key in entry_keys() if given.get(key)}


def _plain(value: object) -> YamlValue:
    if isinstance(value, datetime):
        return moment.show(value)
    return [str(part) for part in value] if isinstance(value, tuple) else str(value)


def new_file(files: Iterable[str], declaration: Declaration, day: str) -> str:
    """Return the file of a new record: its day, and the slug given, else one of the title; no id comes twice."""
    taken = set(map(record_id, files))
    slug = declaration.slug or _default_slug(declaration)
    if declaration.slug and slug_of(declaration.slug, len(declaration.slug)) != declaration.slug:
        raise WrongUse(f"--slug is {quoted(declaration.slug)}", "use lower-case letters, digits and single hyphens")
    if declaration.slug and f"{day}-{slug}" in taken:
        raise WrongUse(
            f"there is a record {quoted(f'{day}-{slug}')} already", "choose another --slug, or update that one"
        )
    names = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
    name = next(f"{day}-{name}" for name in names if f"{day}-{name}" not in taken)
    return f"incidents/{day[:4]}/{name}.yaml"


def _default_slug(declaration: Declaration) -> str:
    kind = declaration.kind.value.replace("_", "-")
    return slug_of(declaration.title) or slug_of(" ".join(declaration.first.services)) or kind


def slug_of(text: str, limit: int = _SLUG) -> str:
    """Return the words of a text as a slug: plain lower-case letters and digits, whole words as far as they fit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = "-".join(words)
    if len(slug) <= limit:
        return slug
    return slug[: limit + 1].rpartition("-")[0] or slug[:limit]


def default_moment(incident: Incident, now: datetime) -> datetime:
    """Return now, but never a moment before the record's last entry."""
    return max(now, incident.updated)


def author(handbook: Handbook, login: str, email: str) -> str | None:
    """Return the person of the handbook with a name at a service, else with a mail address in git's settings."""
    for key, person in handbook.people.items():
        if login and login.lower() in (name.lower() for name in (key, *person.accounts.values())):
            return key
    for key, person in handbook.people.items():
        if email and email.casefold() in (address.casefold() for address in person.email):
            return key
    return None


def commit_message(record: str, added: Mapping[str, object], *, new: bool) -> str:
    """Return `<id>: <what> (by <who>)`: only words of ours and the handbook's, so it closes and mentions nothing."""
    words = ["declare"] if new else []
    words += [
        f"{key} {added[key]}" for key in ("severity", "state", "status", "engage", "release", "page") if key in added
    ]
    words += [key for key in ("services", "audience", "publish", "note") if key in added and not new]
    return f"{record}: {', '.join(words)} (by {added['by']})\n"


def wants_reason(incident: Incident, request: EntryRequest) -> str:
    """Return what about a change needs a reason (`why`), or nothing."""
    now = incident.now
    if request.severity and now.severity and request.severity.rank > now.severity.rank:
        return f"the severity goes down from {now.severity} to {request.severity}"
    if request.state and now.state is State.RESOLVED and request.state is not State.RESOLVED:
        return "it is opened again"
    if request.audience and request.audience is not now.audience:
        return f"the audience was {now.audience}"
    return ""
