"""From a well-shaped handbook document to the handbook, with a usual practice where it sets nothing."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time, timedelta
from typing import cast

from incidentops.core import duration
from incidentops.core.source import DataNode, Document
from incidentops.model.handbook import (
    PRIVATE_HOSTS,
    Handbook,
    Person,
    RoleSetup,
    RuleSetting,
    Service,
    SeveritySetup,
    Timers,
    TrackerProject,
)
from incidentops.model.vocabulary import Role, Severity, State

_ROLE_NAMES = {
    Role.EOC: "Engineer on call",
    Role.IMOC: "Incident manager on call",
    Role.CMOC: "Communications manager on call",
}
_MINUTES = {  # investigating, identified, monitoring (docs/services.md: The response process)
    Severity.S1: (10, 10, 30),
    Severity.S2: (15, 30, 60),
    Severity.S3: (15, 30, 60),
    Severity.S4: (15, 30, 60),
}
_ACTION_DAYS = {Severity.S1: 7, Severity.S2: 30, Severity.S3: 60, Severity.S4: 90}
_MEANINGS = {
    Severity.S1: "Critical: most users cannot work",
    Severity.S2: "High: a large part is broken for many users",
    Severity.S3: "Moderate: a part is broken, there is a way around it",
    Severity.S4: "Low: hardly anybody notices",
}
_OF_A_SERVICE = frozenset({"name", "label", "slo", "queries"})
_OF_A_PERSON = frozenset({"name", "email", "timezone", "day_ends"})
"""The keys that are no provider's."""

_UPDATED_STATES = (State.INVESTIGATING, State.IDENTIFIED, State.MONITORING)


def handbook(document: Document) -> Handbook:
    """Build the handbook. Durations, times of day and words were checked before (HBK002), so nothing here can fail."""
    data = document.data
    return Handbook(
        source=document,
        organisation=_text(data, "organisation"),
        roles={role: _role(role, _child(_child(data, "roles"), role)) for role in Role},
        ownership=tuple(Role(word) for word in _words(data, "ownership")) or tuple(Role),
        severities={s: _severity(s, _child(_child(data, "severities"), s)) for s in Severity},
        timers=_timers(_child(data, "timers")),
        services={key: _service(key, node) for key, node in _items(data, "services")},
        people={key: _person(key, node) for key, node in _items(data, "people")},
        private_hosts=_words(data, "private_hosts") or PRIVATE_HOSTS,
        channels=frozenset(c for part in _sections(data) for c, on in _child(part, "notify").items() if on),
        private_projects=tuple(_private_projects(data)),
        rules={code: RuleSetting(cast("str", word)) for code, word in _child(data, "rules").items()},
    )


def _text(node: DataNode, key: str, default: str = "") -> str:
    return cast("str", node.get(key, default))


def _child(node: DataNode, key: str) -> DataNode:
    value = node.get(key)
    return value if isinstance(value, Mapping) else {}


def _items(node: DataNode, key: str) -> Sequence[tuple[str, DataNode]]:
    return [(name, cast("DataNode", value)) for name, value in _child(node, key).items()]


def _words(node: DataNode, key: str) -> tuple[str, ...]:
    return tuple(cast("Sequence[str]", node.get(key, ())))


def _span(node: DataNode, key: str, default: timedelta) -> timedelta:
    return duration.parse(_text(node, key)) if key in node else default


def _role(role: Role, node: DataNode) -> RoleSetup:
    return RoleSetup(_text(node, "name", _ROLE_NAMES[role]), _words(node, "schedules"))


def _severity(severity: Severity, node: DataNode) -> SeveritySetup:
    defaults = dict(zip(_UPDATED_STATES, _MINUTES[severity], strict=True))
    every = _child(node, "update_every")
    return SeveritySetup(
        meaning=_text(_child(node, "label"), "description", _MEANINGS[severity]).strip(),
        page=tuple(Role(word) for word in _words(node, "page")),
        announce=bool(node.get("announce", severity.serious)),
        update_every={state: _span(every, state, timedelta(minutes=m)) for state, m in defaults.items()},
        corrective_action_due=_span(node, "corrective_action_due", timedelta(days=_ACTION_DAYS[severity])),
        review_required=_text(node, "review", "required" if severity.serious else "optional") == "required",
    )


def _timers(node: DataNode) -> Timers:
    written = cast("Mapping[str, str]", node)
    return Timers(**{name: duration.parse(text) for name, text in written.items() if text != "end_of_day"})


def _service(key: str, node: DataNode) -> Service:
    return Service(
        key=key,
        name=_text(node, "name", key).strip(),
        places={name: _words(node, name) for name in node.keys() - _OF_A_SERVICE},
        slo=cast("Mapping[str, float]", node.get("slo") or {}),
        queries=cast("Mapping[str, str]", node.get("queries") or {}),
    )


def _person(key: str, node: DataNode) -> Person:
    return Person(
        key=key,
        name=_text(node, "name", key).strip(),
        accounts={name: _text(node, name) for name in node.keys() - _OF_A_PERSON},
        email=_words(node, "email"),
        timezone=_text(node, "timezone", "UTC"),
        day_ends=time.fromisoformat(_text(node, "day_ends", "18:00")),
    )


def _private_projects(data: DataNode) -> Iterator[TrackerProject]:
    for section in _sections(data):
        url, project = _text(section, "url"), str(section.get("project", ""))
        if url and project and not section.get("public", False):
            yield TrackerProject(url.rstrip("/"), project)


def _sections(data: DataNode) -> Sequence[DataNode]:
    """The sections of providers: every mapping but the process's own."""
    own = {"roles", "severities", "timers", "services", "people", "rules"}
    return [node for key, node in data.items() if key not in own and isinstance(node, Mapping)]
