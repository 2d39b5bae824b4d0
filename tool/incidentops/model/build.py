"""From a well-shaped document to an incident. The schema was checked before: nothing here can fail on a bad record."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import cast

from msgspec import convert
from msgspec.structs import asdict

from incidentops.core.source import DataNode, Document
from incidentops.model.entry import Entry
from incidentops.model.incident import Incident, RecordSections
from incidentops.model.timeline import fold
from incidentops.model.vocabulary import Audience, Role, Severity, State, Status

# Looking a word up is many times quicker than asking an enumeration.
_SEVERITIES = {str(word): word for word in Severity}
_STATES = {str(word): word for word in State}
_STATUSES = {str(word): word for word in Status}
_AUDIENCES = {str(word): word for word in Audience}
_ROLES = {str(word): word for word in Role}
_NUMBERED = ("alerts", "corrective_actions", "waivers")
_PLAIN = frozenset(("at", "by", "note", "publish"))


def record_id(file: str) -> str:
    """Return the id of the record in a file: the name without its ending."""
    name = file.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def incident(document: Document, ownership: tuple[Role, ...]) -> Incident:
    """Build the incident of a document. `ownership` is the handbook's cascade."""
    data = document.data
    read: dict[str, object] = {key: _numbered(data, key) for key in _NUMBERED if isinstance(data.get(key), list)}
    if isinstance(actions := data.get("corrective_actions"), Mapping):
        read |= {"corrective_actions": (), "no_actions_because": actions["none_because"]}
    sections = convert({**data, **read, "title": cast("str", data["title"]).strip()}, RecordSections)
    timeline = tuple([_entry(index, node) for index, node in enumerate(_nodes(data, "timeline"))])
    return Incident(
        **asdict(sections),
        id=record_id(document.file),
        source=document,
        timeline=timeline,
        snapshots=fold(timeline, sections.audience, sections.services, ownership),
    )


def _nodes(node: DataNode, key: str) -> Sequence[DataNode]:
    return cast("Sequence[DataNode]", node.get(key, ()))


def _words(node: DataNode, key: str) -> tuple[str, ...]:
    return tuple(cast("Sequence[str]", node.get(key, ())))


def _numbered(node: DataNode, key: str) -> Sequence[DataNode]:
    """The items of a list, each with its index."""
    return [{"index": index, **item} for index, item in enumerate(_nodes(node, key))]


def _entry(index: int, node: DataNode) -> Entry:
    """Build an entry by hand: there are twenty in a record, and most need four of their keys looked up."""
    text = cast("Mapping[str, str]", node)
    get = text.get
    at = datetime.fromisoformat(text["at"])
    if _PLAIN.issuperset(node):
        return Entry(index, at, text["by"], node, publish=get("publish", ""), note=get("note", ""))
    return Entry(
        index,
        at,
        text["by"],
        node,
        _SEVERITIES.get(get("severity", "")),
        _STATES.get(get("state", "")),
        _STATUSES.get(get("status", "")),
        _words(node, "services"),
        _AUDIENCES.get(get("audience", "")),
        _ROLES.get(get("engage", "")),
        _ROLES.get(get("release", "")),
        _ROLES.get(get("page", "")),
        get("publish", ""),
        get("note", ""),
        get("who", ""),
        get("why", ""),
    )
