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
_AT_AND_BY = 2
_moment = datetime.fromisoformat


def record_id(file: str) -> str:
    """Return the id of the record in a file: the name without its ending."""
    name = file[file.rfind("/") + 1 :]
    return name.rpartition(".")[0] or name


def incident(document: Document, ownership: tuple[Role, ...]) -> Incident:
    """Build the incident of a document. `ownership` is the handbook's cascade."""
    data = document.data
    read: dict[str, object] = {key: _numbered(data, key) for key in _NUMBERED if isinstance(data.get(key), list)}
    if isinstance(actions := data.get("corrective_actions"), Mapping):
        read |= {"corrective_actions": (), "no_actions_because": actions["none_because"]}
    sections = convert({**data, **read, "title": cast("str", data["title"]).strip()}, RecordSections)
    timeline, acts = _timeline(cast("Sequence[Mapping[str, str]]", data["timeline"]))
    return Incident(
        **asdict(sections),
        id=record_id(document.file),
        source=document,
        timeline=timeline,
        acts=acts,
        published=tuple([entry for entry in timeline if entry.publish]),
        snapshots=fold(timeline, acts, sections.audience, sections.services, ownership),
    )


def _timeline(nodes: Sequence[Mapping[str, str]]) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Build the entries, and say which of them have more than a text. There are twenty in a record, three of four with
    nothing else: by hand, it takes half the time."""
    timeline, acts = [], []
    for index, node in enumerate(nodes):
        if len(node) == _AT_AND_BY + ("note" in node) + ("publish" in node):
            entry = Entry(index, _moment(node["at"]), node["by"], node, node.get("publish", ""), node.get("note", ""))
        else:
            acts.append(entry := _act(index, node))
        timeline.append(entry)
    return tuple(timeline), tuple(acts)


def _nodes(node: DataNode, key: str) -> Sequence[DataNode]:
    return cast("Sequence[DataNode]", node.get(key, ()))


def _numbered(node: DataNode, key: str) -> Sequence[DataNode]:
    """The items of a list, each with its index."""
    return [{"index": index, **item} for index, item in enumerate(_nodes(node, key))]


def _act(index: int, node: Mapping[str, str]) -> Entry:
    get = node.get
    return Entry(
        index,
        _moment(node["at"]),
        node["by"],
        node,
        get("publish", ""),
        get("note", ""),
        _SEVERITIES.get(get("severity", "")),
        _STATES.get(get("state", "")),
        _STATUSES.get(get("status", "")),
        tuple(get("services", ())),
        _AUDIENCES.get(get("audience", "")),
        _ROLES.get(get("engage", "")),
        _ROLES.get(get("release", "")),
        _ROLES.get(get("page", "")),
        get("who", ""),
        get("why", ""),
    )
