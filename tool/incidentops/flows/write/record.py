"""Write a record: what is added becomes a new text of one file, judged before anything is on disk."""

import difflib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import PurePosixPath

from incidentops.core import moment
from incidentops.core.errors import WrongUse
from incidentops.core.finding import Finding
from incidentops.core.text import quoted
from incidentops.flows.read.archive import Archive
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Audience, Kind, Role, Severity, State, Status
from incidentops.store.yaml import edit
from incidentops.store.yaml.emit import YamlValue
from incidentops.store.yaml.schema import entry_keys

DraftJudge = Callable[[Incident, bytes], Sequence[Finding]]
"""Says what the rules find in one record, given it and the bytes of its file."""

_SLUG = 40


@dataclass(frozen=True, slots=True)
class Draft:
    """A record as it would be written. `incident` is None when the text could not be read as a record.

    `findings` are all that block, and the advice that this change brings; older advice was given when it was new.
    """

    file: str
    before: str | None
    after: str
    incident: Incident | None
    findings: tuple[Finding, ...]

    @property
    def id(self) -> str:
        """The record's id."""
        return PurePosixPath(self.file).stem

    @property
    def blocked(self) -> bool:
        """Whether the pipeline would stop for it."""
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


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is known when somebody declares an incident, or reports a near miss."""

    title: str
    services: tuple[str, ...]
    severity: Severity
    at: datetime
    by: str
    kind: Kind = Kind.INCIDENT
    audience: Audience | None = None
    status: Status | None = None
    engage: Role | None = None
    page: Role | None = None
    publish: str = ""
    note: str = ""
    started: datetime | None = None
    slug: str = ""
    review: Mapping[str, str] = field(default_factory=dict)


def declare(archive: Archive, told: Declaration, judge: DraftJudge) -> Draft:
    """Return the new record of a declaration. Raises WrongUse when its name is taken or none."""
    data: dict[str, YamlValue] = {"kind": told.kind.value, "title": told.title, "services": list(told.services)}
    if told.audience is not None:
        data["audience"] = told.audience.value
    if told.started is not None:
        data["impact"] = {"started": moment.show(told.started)}
    data["timeline"] = [
        entry(
            told.at,
            told.by,
            severity=told.severity,
            state=State.INVESTIGATING if told.kind is Kind.INCIDENT else None,
            status=told.status,
            engage=told.engage,
            page=told.page,
            note=told.note,
            publish=told.publish,
        )
    ]
    if told.review:
        data["review"] = dict(told.review)
    return _judged(archive, new_file(archive.files(), told), None, edit.new_record(data), judge)


def append(archive: Archive, file: str, before: str, added: Mapping[str, YamlValue], judge: DraftJudge) -> Draft:
    """Return the record with an entry more at the end of its timeline."""
    return _judged(archive, file, before, edit.append_entry(before, added), judge)


def _judged(archive: Archive, file: str, before: str | None, after: str, judge: DraftJudge) -> Draft:
    opened = archive.build(file, after.encode())
    if opened.incident is None:
        return Draft(file, before, after, None, opened.findings)
    old = archive.build(file, before.encode()).incident if before is not None else None
    known = {(f.code, f.message) for f in judge(old, (before or "").encode())} if old else set()
    found = judge(opened.incident, after.encode())
    shown = tuple(f for f in found if f.blocks or (f.code, f.message) not in known)
    return Draft(file, before, after, opened.incident, shown)


def entry(at: datetime, by: str, **decisions: object) -> Mapping[str, YamlValue]:
    """Return an entry as the file has it: what is said, in the order people read it, without what is not."""
    said = {"at": moment.show(at), "by": by, **decisions}
    return {key: _plain(said[key]) for key in entry_keys() if said.get(key)}


def _plain(value: object) -> YamlValue:
    return [str(part) for part in value] if isinstance(value, tuple) else str(value)


def new_file(files: Iterable[str], told: Declaration) -> str:
    """Return the file of a new record: its day, and a slug from the title unless one is told; no id comes twice."""
    day = moment.show(told.at)[:10]
    taken = {PurePosixPath(file).stem for file in files}
    slug = told.slug or slug_of(told.title) or slug_of(" ".join(told.services)) or told.kind.value.replace("_", "-")
    if told.slug and slug_of(told.slug, len(told.slug)) != told.slug:
        raise WrongUse(f"--slug is {quoted(told.slug)}", "it takes lower-case letters, digits and single hyphens")
    if told.slug and f"{day}-{slug}" in taken:
        raise WrongUse(
            f"there is a record {quoted(f'{day}-{slug}')} already", "choose another --slug, or update that one"
        )
    names = (slug if number == 1 else f"{slug}-{number}" for number in range(1, len(taken) + 2))
    name = next(f"{day}-{name}" for name in names if f"{day}-{name}" not in taken)
    return f"incidents/{day[:4]}/{name}.yaml"


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
    """Return the person of the handbook with a GitLab username, else with a mail address in git's settings."""
    for key, person in handbook.people.items():
        if login and login.lower() in (person.gitlab.lower(), key.lower()):
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


def wants_reason(
    incident: Incident, *, severity: Severity | None, state: State | None, audience: Audience | None
) -> str:
    """Return what about a change needs a reason (`why`), or nothing."""
    now = incident.now
    if severity and now.severity and severity.rank > now.severity.rank:
        return f"the severity goes down from {now.severity} to {severity}"
    if state and now.state is State.RESOLVED and state is not State.RESOLVED:
        return "it is opened again"
    if audience and audience is not now.audience:
        return f"the audience was {now.audience}"
    return ""
