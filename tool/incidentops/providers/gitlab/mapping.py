"""GitLab's answers as frozen values, and fields as GitLab's parameters. Pure, and strict about what it reads."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec.structs import replace

from incidentops.core.text import quoted
from incidentops.model.vocabulary import Severity
from incidentops.providers.base import MergeRequest, MergeRequestNote
from incidentops.providers.decode import Decoder

SEVERITIES = {Severity.S1: "critical", Severity.S2: "high", Severity.S3: "medium", Severity.S4: "low"}
"""GitLab's words for ours (docs/services.md: GraphQL)."""

_KNOWN_SEVERITIES = frozenset({*SEVERITIES.values(), "unknown"})
_MERGED = frozenset({"merged", "locked"})  # locked: GitLab is about to write down that it has merged it

Raw = Mapping[str, object]
_DECODER = Decoder("GitLab")


class User(msgspec.Struct, frozen=True):
    """Somebody on GitLab."""

    id: int
    username: str


class References(msgspec.Struct, frozen=True):
    """How an issue is referred to: `full` from anywhere, as in `group/project#7`."""

    full: str


class Issue(msgspec.Struct, frozen=True, kw_only=True):
    """An issue as GitLab shows it. `moved_to_id` says that it lives elsewhere now."""

    id: int
    iid: int
    url: str = msgspec.field(name="web_url")
    references: References
    title: str
    description: str = ""
    labels: tuple[str, ...]
    assignees: tuple[User, ...]
    confidential: bool
    state: Literal["opened", "closed"]
    severity: str
    due_date: str = ""
    author: User
    created_at: Annotated[datetime, msgspec.Meta(tz=True)]
    moved_to_id: int | None = None
    type: str = msgspec.field(name="issue_type")

    @property
    def full_path(self) -> str:
        """The path of its project."""
        return self.references.full.rpartition("#")[0]


class TokenInfo(msgspec.Struct, frozen=True):
    """Scopes of the token and the day it expires; empty where GitLab does not show them."""

    scopes: tuple[str, ...] = ()
    expires: str = msgspec.field(name="expires_at", default="")


class LabelSeen(msgspec.Struct, frozen=True):
    """A label as GitLab shows it; one that is not the project's belongs to a group and is not edited through it."""

    name: str
    color: str
    description: str = ""
    is_project_label: bool = True


class Project(msgspec.Struct, frozen=True):
    """The project. `level` is our access level in it, 0 when GitLab does not tell."""

    id: int
    full_path: str
    issues_enabled: bool
    archived: bool
    level: int


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
    seen = _DECODER.read(Issue, _without_null(raw, "description", "due_date"))
    severity = seen.severity.lower()
    if severity not in _KNOWN_SEVERITIES:
        raise _DECODER.unreadable("severity", f"unknown word {quoted(seen.severity)}")
    return replace(seen, description=stored(seen.description), labels=tuple(sorted(seen.labels)), severity=severity)


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


def token(raw: Raw) -> TokenInfo:
    """Read what GitLab knows of a token."""
    return _DECODER.read(TokenInfo, _without_null(raw, "expires_at"))


def label(raw: Raw) -> LabelSeen:
    """Read a label. A colour may come back as CSS knows it; it is compared in lower case."""
    seen = _DECODER.read(LabelSeen, _without_null(raw, "description"))
    return replace(seen, color=seen.color.lower())


def project(raw: Raw) -> Project:
    """Read a project."""
    seen = _DECODER.read(_ProjectAnswer, raw)
    grants = [grant.access_level for grant in (seen.permissions or {}).values() if grant]
    enabled = seen.issues_enabled and seen.issues_access_level != "disabled"
    return Project(seen.id, seen.path_with_namespace, enabled, seen.archived, max(grants, default=0))


def _without_null(raw: Raw, *keys: str) -> Raw:
    """What GitLab shows as null where it could show a text, left out."""
    return {key: value for key, value in raw.items() if value is not None or key not in keys}


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
