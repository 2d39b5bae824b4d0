"""GitLab's answers as frozen values, and fields as GitLab's parameters. Pure, and strict about what it reads."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

import msgspec

from incidentops.core.text import quoted
from incidentops.model.vocabulary import Severity
from incidentops.providers.base import MergeRequest, MergeRequestNote
from incidentops.providers.decode import Decoder

SEVERITIES = {Severity.S1: "critical", Severity.S2: "high", Severity.S3: "medium", Severity.S4: "low"}
"""GitLab's words for ours (docs/services.md: GraphQL)."""

_KNOWN_SEVERITIES = frozenset({*SEVERITIES.values(), "unknown"})
_STATES = frozenset({"opened", "closed"})
_MERGED = frozenset({"merged", "locked"})  # locked: GitLab is about to write down that it has merged it

Raw = Mapping[str, object]
_DECODER = Decoder("GitLab")


class User(msgspec.Struct, frozen=True):
    """Somebody on GitLab."""

    id: int
    username: str


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue as GitLab shows it. `full_path` is its project's; `moved` says that it lives elsewhere now."""

    id: int
    iid: int
    url: str
    full_path: str
    title: str
    description: str
    labels: tuple[str, ...]
    assignees: tuple[User, ...]
    confidential: bool
    state: str
    severity: str
    due_date: str
    author: str
    created_at: datetime
    moved: bool
    type: str


@dataclass(frozen=True, slots=True)
class TokenInfo:
    """What GitLab tells about the token: scopes and the day it expires; empty when it does not tell."""

    scopes: tuple[str, ...]
    expires: str


class LabelSeen(msgspec.Struct, frozen=True):
    """A label as GitLab shows it; `inherited` ones belong to a group and are not edited through the project."""

    name: str
    color: str
    description: str
    inherited: bool


class Project(msgspec.Struct, frozen=True):
    """The project. `level` is our access level in it, 0 when GitLab does not tell."""

    id: int
    full_path: str
    issues_enabled: bool
    archived: bool
    level: int


class _References(msgspec.Struct):
    full: str


class _IssueAnswer(msgspec.Struct):
    id: int
    iid: int
    web_url: str
    references: _References
    title: str
    labels: list[str]
    assignees: tuple[User, ...]
    confidential: bool
    state: str
    severity: str
    author: User
    created_at: Annotated[datetime, msgspec.Meta(tz=True)]
    issue_type: str
    description: str | None = None
    due_date: str | None = None
    moved_to_id: int | None = None


class _LabelAnswer(msgspec.Struct):
    name: str
    color: str
    description: str | None = None
    is_project_label: bool = True


class _Grant(msgspec.Struct):
    access_level: int = 0


class _ProjectAnswer(msgspec.Struct):
    id: int
    path_with_namespace: str
    issues_enabled: bool = True
    issues_access_level: str = ""
    archived: bool = False
    permissions: dict[str, _Grant | None] | None = None


class _MergeRequestAnswer(msgspec.Struct):
    iid: int
    web_url: str
    state: str
    target_branch: str
    sha: str | None = None


class _NoteAnswer(msgspec.Struct):
    id: int
    body: str
    author: User


def issue(raw: Raw) -> Issue:
    """Read an issue. Raises Failed when a part is missing or is not what GitLab documents."""
    seen = _DECODER.read(_IssueAnswer, raw)
    return Issue(
        id=seen.id,
        iid=seen.iid,
        url=seen.web_url,
        full_path=seen.references.full.rpartition("#")[0],
        title=seen.title,
        description=stored(seen.description or ""),
        labels=tuple(sorted(seen.labels)),
        assignees=seen.assignees,
        confidential=seen.confidential,
        state=_word("state", seen.state, _STATES),
        severity=_word("severity", seen.severity, _KNOWN_SEVERITIES),
        due_date=seen.due_date or "",
        author=seen.author.username,
        created_at=seen.created_at,
        moved=seen.moved_to_id is not None,
        type=seen.issue_type,
    )


def merge_request(raw: Raw) -> MergeRequest:
    """Read a merge request."""
    seen = _DECODER.read(_MergeRequestAnswer, raw)
    merged = seen.state in _MERGED
    return MergeRequest(seen.iid, seen.web_url, seen.state == "opened", merged, seen.sha or "", seen.target_branch)


def note(raw: Raw) -> MergeRequestNote:
    """Read a comment."""
    seen = _DECODER.read(_NoteAnswer, raw)
    return MergeRequestNote(seen.id, stored(seen.body), seen.author.username, seen.author.id)


def number(raw: Raw) -> int:
    """Return the number of a thing that nothing more is asked of."""
    return _DECODER.read(int, raw.get("id"))


def user(raw: Raw) -> User:
    """Read a user."""
    return _DECODER.read(User, raw)


def label(raw: Raw) -> LabelSeen:
    """Read a label. A colour may come back as CSS knows it; it is compared in lower case."""
    seen = _DECODER.read(_LabelAnswer, raw)
    return LabelSeen(seen.name, seen.color.lower(), seen.description or "", not seen.is_project_label)


def project(raw: Raw) -> Project:
    """Read a project."""
    seen = _DECODER.read(_ProjectAnswer, raw)
    grants = [grant.access_level for grant in (seen.permissions or {}).values() if grant]
    enabled = seen.issues_enabled and seen.issues_access_level != "disabled"
    return Project(seen.id, seen.path_with_namespace, enabled, seen.archived, max(grants, default=0))


def _word(key: str, word: str, known: frozenset[str]) -> str:
    if word.lower() not in known:
        raise _DECODER.unreadable(key, f"unknown word {quoted(word)}")
    return word.lower()


def stored(text: str) -> str:
    """Return a text as GitLab stores it: without `\\r` and without blanks at its end."""
    return text.replace("\r", "").rstrip()


def names(value: object) -> tuple[str, ...]:
    """Return the texts of a field that is a list of names; nothing when it is none."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()


def usernames(users: Iterable[User], among: Iterable[str]) -> tuple[str, ...]:
    """Return those of the users who are named, sorted: others are there on people's own account."""
    wanted = set(among)
    return tuple(sorted(found.username for found in users if found.username in wanted))
