"""From a well-shaped document to an incident. The schema was checked before: nothing here can fail on a bad record."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import cast

from incidentops.core import moment
from incidentops.core.quick import quick
from incidentops.core.source import DataNode, Document
from incidentops.model.incident import (
    Alert,
    AlertChange,
    CorrectiveAction,
    Disclosure,
    Entry,
    Impact,
    Incident,
    NotPublished,
    Related,
    Review,
    Security,
    Waiver,
)
from incidentops.model.timeline import fold
from incidentops.model.vocabulary import Audience, Kind, Role, Severity, State, Status

# Looking a word up is many times quicker than asking an enumeration.
_SEVERITIES = {str(word): word for word in Severity}
_STATES = {str(word): word for word in State}
_STATUSES = {str(word): word for word in Status}
_AUDIENCES = {str(word): word for word in Audience}
_ROLES = {str(word): word for word in Role}
_KINDS = {str(word): word for word in Kind}
_DECIDES = frozenset(("severity", "state", "status", "services", "audience", "engage", "release", "page", "who", "why"))
_new_entry, _new_action = quick(Entry), quick(CorrectiveAction)


def record_id(file: str) -> str:
    """Return the id of the record in a file: the name without its ending."""
    name = file.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def incident(document: Document, ownership: tuple[Role, ...]) -> Incident:
    """Build the incident that a document tells of. `ownership` is the handbook's cascade."""
    data = document.data
    timeline = tuple(_entry(i, node) for i, node in enumerate(_nodes(data, "timeline")))
    text = _texts(data)
    audience = _AUDIENCES[text("audience", "internal")]
    services = _words(data, "services")
    actions = data.get("corrective_actions") or ()
    listed = not isinstance(actions, dict)
    return Incident(
        id=record_id(document.file),
        source=document,
        kind=_KINDS[text("kind", "")],
        title=text("title", "").strip(),
        services=services,
        audience=audience,
        security=_security(_child(data, "security")),
        not_published=_not_published(_child(data, "not_published")),
        alerts=tuple(_alert(i, node) for i, node in enumerate(_nodes(data, "alerts"))),
        impact=_impact(_child(data, "impact")),
        timeline=timeline,
        review=_review(_child(data, "review")),
        corrective_actions=_actions(cast("Sequence[DataNode]", actions)) if listed else (),
        no_actions_because="" if listed else _texts(cast("DataNode", actions))("none_because", ""),
        links=cast("Mapping[str, str]", data.get("links") or {}),
        related=tuple(_related(node) for node in _nodes(data, "related")),
        waivers=tuple(_waiver(i, node) for i, node in enumerate(_nodes(data, "waivers"))),
        snapshots=fold(timeline, audience, services, ownership),
    )


def _texts(node: DataNode) -> Callable[[str, str], str]:
    """The way to the texts of a node: by key, and with what stands for one that is not there.

    Asked once a node: every key counts, there are two hundred in a record.
    """
    return cast("Mapping[str, str]", node).get


def _child(node: DataNode, key: str) -> DataNode | None:
    return cast("DataNode | None", node.get(key))


def _nodes(node: DataNode, key: str) -> Sequence[DataNode]:
    return cast("Sequence[DataNode]", node.get(key, ()))


def _words(node: DataNode, key: str) -> tuple[str, ...]:
    return tuple(cast("Sequence[str]", node.get(key, ())))


def _moment(text: str) -> datetime | None:
    return moment.parse(text) if text else None


def _day(text: str) -> date | None:
    return moment.parse_day(text) if text else None


def _entry(index: int, node: DataNode) -> Entry:
    text = _texts(node)
    at, by, publish, note = moment.parse(text("at", "")), text("by", ""), text("publish", ""), text("note", "")
    if _DECIDES.isdisjoint(node):  # three of four entries: nothing else is worth looking up
        return _new_entry(index, at, by, None, None, None, (), None, None, None, None, publish, note, "", "", node)
    return _new_entry(
        index,
        at,
        by,
        _SEVERITIES.get(text("severity", "")),
        _STATES.get(text("state", "")),
        _STATUSES.get(text("status", "")),
        _words(node, "services"),
        _AUDIENCES.get(text("audience", "")),
        _ROLES.get(text("engage", "")),
        _ROLES.get(text("release", "")),
        _ROLES.get(text("page", "")),
        publish,
        note,
        text("who", ""),
        text("why", ""),
        node,
    )


def _alert(index: int, node: DataNode) -> Alert:
    text, change = _texts(node), _child(node, "change")
    return Alert(
        index=index,
        source=text("source", ""),
        id=text("id", ""),
        fired=moment.parse(text("fired", "")),
        acknowledged=_moment(text("acknowledged", "")),
        severity=text("severity", ""),
        change=None if change is None else _change(change),
    )


def _change(node: DataNode) -> AlertChange:
    text = _texts(node)
    return AlertChange(at=moment.parse(text("at", "")), by=text("by", ""), why=text("why", ""), told=text("told", ""))


def _security(node: DataNode | None) -> Security | None:
    if node is None:
        return None
    text, disclosure = _texts(node), _child(node, "disclosure")
    return Security(
        kind=text("class", ""),
        path_blocked=text("path_blocked", "none"),
        disclosure=None if disclosure is None else _disclosure(disclosure),
    )


def _disclosure(node: DataNode) -> Disclosure:
    text = _texts(node)
    return Disclosure(text("approved_by", ""), moment.parse(text("at", "")))


def _not_published(node: DataNode | None) -> NotPublished | None:
    if node is None:
        return None
    text = _texts(node)
    return NotPublished(text("reason", ""), text("why", ""))


def _impact(node: DataNode | None) -> Impact | None:
    if node is None:
        return None
    text = _texts(node)
    return Impact(
        started=_moment(text("started", "")),
        detected=_moment(text("detected", "")),
        ended=_moment(text("ended", "")),
        summary=text("summary", ""),
    )


def _review(node: DataNode | None) -> Review | None:
    if node is None:
        return None
    text = _texts(node)
    return Review(
        owner=text("owner", ""),
        why=text("why", ""),
        started=_moment(text("started", "")),
        completed=_moment(text("completed", "")),
        severity=_SEVERITIES.get(text("severity", "")),
        impact=text("impact", ""),
        root_cause=text("root_cause", ""),
        detection=text("detection", ""),
        lessons=text("lessons", ""),
    )


def _actions(nodes: Sequence[DataNode]) -> tuple[CorrectiveAction, ...]:
    return tuple(_action(index, node) for index, node in enumerate(nodes))


def _action(index: int, node: DataNode) -> CorrectiveAction:
    text = _texts(node)
    return _new_action(
        index,
        text("key", ""),
        text("title", ""),
        text("owner", ""),
        _SEVERITIES.get(text("severity", "")),
        _day(text("due", "")),
        _day(text("done", "")),
        text("evidence", ""),
        text("wont_do", ""),
    )


def _related(node: DataNode) -> Related:
    text = _texts(node)
    return Related(text("to", ""), text("as", ""))


def _waiver(index: int, node: DataNode) -> Waiver:
    text = _texts(node)
    return Waiver(
        index=index,
        rule=text("rule", ""),
        reason=text("reason", ""),
        until=moment.parse_day(text("until", "")),
        by=text("by", ""),
    )
