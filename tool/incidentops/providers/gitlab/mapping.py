"""GitLab's answers as frozen values, and fields as GitLab's parameters. Pure, and strict about what it reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from incidentops.core.errors import Failed
from incidentops.core.text import quoted
from incidentops.model.vocabulary import Severity
from incidentops.providers.base import MergeRequest, MergeRequestNote

SEVERITIES = {Severity.S1: "critical", Severity.S2: "high", Severity.S3: "medium", Severity.S4: "low"}
"""GitLab's words for ours (facts/gitlab.md 9)."""

_KNOWN_SEVERITIES = frozenset({*SEVERITIES.values(), "unknown"})
_STATES = frozenset({"opened", "closed"})
_MERGED = frozenset({"merged", "locked"})  # locked: GitLab is about to write down that it has merged it

Raw = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class User:
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
class LabelSeen:
    """A label as GitLab shows it; `inherited` ones belong to a group and are not edited through the project."""

    name: str
    color: str
    description: str
    inherited: bool


@dataclass(frozen=True, slots=True)
class Project:
    """The project. `level` is our access level in it, 0 when GitLab does not tell."""

    id: int
    full_path: str
    issues_enabled: bool
    archived: bool
    level: int


def issue(raw: Raw) -> Issue:
    """Read an issue. Raises Failed when a part is missing or is not what GitLab documents."""
    references = _mapping(raw, "references")
    due = raw.get("due_date")
    return Issue(
        id=_number(raw, "id"),
        iid=_number(raw, "iid"),
        url=_text(raw, "web_url"),
        full_path=_text(references, "full").rpartition("#")[0],
        title=_text(raw, "title"),
        description=stored(_text(raw, "description") if raw.get("description") is not None else ""),
        labels=tuple(sorted(_label_name(item) for item in _items(raw, "labels"))),
        assignees=tuple(user(item) for item in _mappings(raw, "assignees")),
        confidential=_flag(raw, "confidential"),
        state=_word(raw, "state", _STATES),
        severity=_word(raw, "severity", _KNOWN_SEVERITIES),
        due_date="" if due is None else _text(raw, "due_date"),
        author=_text(_mapping(raw, "author"), "username"),
        created_at=_moment(raw, "created_at"),
        moved=raw.get("moved_to_id") is not None,
        type=_text(raw, "issue_type"),
    )


def merge_request(raw: Raw) -> MergeRequest:
    """Read a merge request."""
    iid, url, state = _number(raw, "iid"), _text(raw, "web_url"), _text(raw, "state")
    return MergeRequest(
        iid,
        url,
        state == "opened",
        state in _MERGED,
        "" if raw.get("sha") is None else _text(raw, "sha"),
        _text(raw, "target_branch"),
    )


def note(raw: Raw) -> MergeRequestNote:
    """Read a comment."""
    author = user(_mapping(raw, "author"))
    return MergeRequestNote(_number(raw, "id"), stored(_text(raw, "body")), author.username, author.id)


def number(raw: Raw) -> int:
    """Return the number of a thing that nothing more is asked of."""
    return _number(raw, "id")


def user(raw: Raw) -> User:
    """Read a user."""
    return User(_number(raw, "id"), _text(raw, "username"))


def label(raw: Raw) -> LabelSeen:
    """Read a label. A colour may come back as CSS knows it; it is compared in lower case."""
    described = raw.get("description")
    return LabelSeen(
        _text(raw, "name"),
        _text(raw, "color").lower(),
        "" if described is None else _text(raw, "description"),
        not raw.get("is_project_label", True),
    )


def project(raw: Raw) -> Project:
    """Read a project."""
    permissions = raw.get("permissions")
    grants = permissions.values() if isinstance(permissions, Mapping) else ()
    levels = [grant["access_level"] for grant in grants if isinstance(grant, Mapping) and "access_level" in grant]
    return Project(
        _number(raw, "id"),
        _text(raw, "path_with_namespace"),
        raw.get("issues_enabled", True) is not False and raw.get("issues_access_level") != "disabled",
        raw.get("archived") is True,
        max((level for level in levels if isinstance(level, int)), default=0),
    )


def stored(text: str) -> str:
    """Return a text as GitLab stores it: without `\\r` and without blanks at its end (facts/gitlab.md 0.2)."""
    return text.replace("\r", "").rstrip()


def names(value: object) -> tuple[str, ...]:
    """Return the texts of a field that is a list of names; nothing when it is none."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, tuple) else ()


def day(value: date | None) -> str:
    """Return a due date as GitLab writes it."""
    return value.isoformat() if value else ""


def usernames(users: Iterable[User], among: Iterable[str]) -> tuple[str, ...]:
    """Return those of the users who are named, sorted: others are there on people's own account."""
    wanted = set(among)
    return tuple(sorted(found.username for found in users if found.username in wanted))


def severity_word(severity: Severity) -> str:
    """Return GitLab's word for a severity."""
    return SEVERITIES[severity]


def _label_name(item: object) -> str:
    """A label is its name, or with details a mapping."""
    if isinstance(item, str):
        return item
    if isinstance(item, Mapping):
        return _text(item, "name")
    raise _strange("labels", item)


def _strange(key: str, value: object) -> Failed:
    return Failed(
        f"GitLab's answer has {quoted(key)} as {quoted(type(value).__name__)}, which this version cannot read"
    )


def _text(raw: Raw, key: str) -> str:
    value = raw.get(key)
    if not isinstance(value, str):
        raise _strange(key, value)
    return value


def _number(raw: Raw, key: str) -> int:
    value = raw.get(key)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _strange(key, value)
    return value


def _flag(raw: Raw, key: str) -> bool:
    value = raw.get(key)
    if not isinstance(value, bool):
        raise _strange(key, value)
    return value


def _word(raw: Raw, key: str, known: frozenset[str]) -> str:
    word = _text(raw, key).lower()
    if word not in known:
        raise Failed(f"GitLab's answer has {quoted(key)} {quoted(word)}, which this version does not know")
    return word


def _moment(raw: Raw, key: str) -> datetime:
    text = _text(raw, key)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise _strange(key, text) from None
    if moment.tzinfo is None:
        raise _strange(key, text)
    return moment


def _items(raw: Raw, key: str) -> Sequence[object]:
    value = raw.get(key)
    if not isinstance(value, list):
        raise _strange(key, value)
    return value


def _mapping(raw: Raw, key: str) -> Raw:
    value = raw.get(key)
    if not isinstance(value, Mapping):
        raise _strange(key, value)
    return value


def _mappings(raw: Raw, key: str) -> list[Raw]:
    found = []
    for item in _items(raw, key):
        if not isinstance(item, Mapping):
            raise _strange(key, item)
        found.append(item)
    return found
