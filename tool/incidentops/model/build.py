"""From a well-shaped document to an incident. The schema was checked before: nothing here can fail on a bad record."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import TypeVar, cast

from incidentops.core import moment
from incidentops.core.source import Document
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

_Node = Mapping[str, object]
_Word = TypeVar("_Word", bound=StrEnum)
# Looking a word up is many times quicker than asking an enumeration.
_SEVERITIES = {str(word): word for word in Severity}
_STATES = {str(word): word for word in State}
_STATUSES = {str(word): word for word in Status}
_AUDIENCES = {str(word): word for word in Audience}
_ROLES = {str(word): word for word in Role}


def record_id(file: str) -> str:
    """Return the id of the record in a file: the name without its ending."""
    name = file.rpartition("/")[2]
    return name.rpartition(".")[0] or name


def incident(document: Document, ownership: tuple[Role, ...]) -> Incident:
    """Build the incident that a document tells of. `ownership` is the handbook's cascade."""
    data = document.data
    timeline = tuple(_entry(i, node) for i, node in enumerate(_nodes(data, "timeline")))
    audience = Audience(_text(data, "audience") or "internal")
    services = _words(data, "services")
    actions = data.get("corrective_actions") or ()
    return Incident(
        id=record_id(document.file),
        source=document,
        kind=Kind(_text(data, "kind")),
        title=_text(data, "title").strip(),
        services=services,
        audience=audience,
        security=_security(_child(data, "security")),
        not_published=_not_published(_child(data, "not_published")),
        alerts=tuple(_alert(i, node) for i, node in enumerate(_nodes(data, "alerts"))),
        impact=_impact(_child(data, "impact")),
        timeline=timeline,
        review=_review(_child(data, "review")),
        corrective_actions=() if isinstance(actions, Mapping) else _actions(cast("Sequence[_Node]", actions)),
        no_actions_because=_text(actions, "none_because") if isinstance(actions, Mapping) else "",
        links=cast("Mapping[str, str]", data.get("links") or {}),
        related=tuple(Related(_text(n, "to"), _text(n, "as")) for n in _nodes(data, "related")),
        waivers=tuple(_waiver(i, node) for i, node in enumerate(_nodes(data, "waivers"))),
        snapshots=fold(timeline, audience, services, ownership),
    )


def _text(node: _Node, key: str) -> str:
    return cast("str", node.get(key, ""))


def _child(node: _Node, key: str) -> _Node | None:
    return cast("_Node | None", node.get(key))


def _nodes(node: _Node, key: str) -> Sequence[_Node]:
    return cast("Sequence[_Node]", node.get(key, ()))


def _words(node: _Node, key: str) -> tuple[str, ...]:
    return tuple(cast("Sequence[str]", node.get(key, ())))


def _word(node: _Node, key: str, kind: type[_Word]) -> _Word | None:
    value = node.get(key)
    return None if value is None else kind(cast("str", value))


def _moment(node: _Node, key: str) -> datetime | None:
    value = node.get(key)
    return None if value is None else moment.parse(cast("str", value))


def _day(node: _Node, key: str) -> date | None:
    value = node.get(key)
    return None if value is None else moment.parse_day(cast("str", value))


def _entry(index: int, node: _Node) -> Entry:
    texts = cast("Mapping[str, str]", node)  # but for `services`
    get = texts.get
    return Entry(
        index=index,
        at=moment.parse(texts["at"]),
        by=texts["by"],
        severity=_SEVERITIES.get(get("severity", "")),
        state=_STATES.get(get("state", "")),
        status=_STATUSES.get(get("status", "")),
        services=_words(node, "services") if "services" in node else (),
        audience=_AUDIENCES.get(get("audience", "")),
        engage=_ROLES.get(get("engage", "")),
        release=_ROLES.get(get("release", "")),
        page=_ROLES.get(get("page", "")),
        publish=get("publish", ""),
        note=get("note", ""),
        who=get("who", ""),
        why=get("why", ""),
        content=node,
    )


def _alert(index: int, node: _Node) -> Alert:
    change = _child(node, "change")
    return Alert(
        index=index,
        source=_text(node, "source"),
        id=_text(node, "id"),
        fired=moment.parse(_text(node, "fired")),
        acknowledged=_moment(node, "acknowledged"),
        severity=_text(node, "severity"),
        change=None if change is None else _change(change),
    )


def _change(node: _Node) -> AlertChange:
    return AlertChange(
        at=moment.parse(_text(node, "at")),
        by=_text(node, "by"),
        why=_text(node, "why"),
        told=_text(node, "told"),
    )


def _security(node: _Node | None) -> Security | None:
    if node is None:
        return None
    disclosure = _child(node, "disclosure")
    return Security(
        kind=_text(node, "class"),
        path_blocked=_text(node, "path_blocked") or "none",
        disclosure=None
        if disclosure is None
        else Disclosure(_text(disclosure, "approved_by"), moment.parse(_text(disclosure, "at"))),
    )


def _not_published(node: _Node | None) -> NotPublished | None:
    return None if node is None else NotPublished(_text(node, "reason"), _text(node, "why"))


def _impact(node: _Node | None) -> Impact | None:
    if node is None:
        return None
    return Impact(
        started=_moment(node, "started"),
        detected=_moment(node, "detected"),
        ended=_moment(node, "ended"),
        summary=_text(node, "summary"),
    )


def _review(node: _Node | None) -> Review | None:
    if node is None:
        return None
    return Review(
        owner=_text(node, "owner"),
        why=_text(node, "why"),
        started=_moment(node, "started"),
        completed=_moment(node, "completed"),
        severity=_word(node, "severity", Severity),
        impact=_text(node, "impact"),
        root_cause=_text(node, "root_cause"),
        detection=_text(node, "detection"),
        lessons=_text(node, "lessons"),
    )


def _actions(nodes: Sequence[_Node]) -> tuple[CorrectiveAction, ...]:
    return tuple(
        CorrectiveAction(
            index=index,
            key=_text(node, "key"),
            title=_text(node, "title"),
            owner=_text(node, "owner"),
            severity=_word(node, "severity", Severity),
            due=_day(node, "due"),
            done=_day(node, "done"),
            evidence=_text(node, "evidence"),
            wont_do=_text(node, "wont_do"),
        )
        for index, node in enumerate(nodes)
    )


def _waiver(index: int, node: _Node) -> Waiver:
    return Waiver(
        index=index,
        rule=_text(node, "rule"),
        reason=_text(node, "reason"),
        until=moment.parse_day(_text(node, "until")),
        by=_text(node, "by"),
    )
