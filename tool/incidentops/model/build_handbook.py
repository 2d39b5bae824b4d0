"""From a well-shaped handbook document to the handbook, with GitLab's own practice where it is silent."""

from collections.abc import Mapping, Sequence
from datetime import time, timedelta
from typing import cast

from incidentops.core import duration
from incidentops.core.source import DataNode, Document
from incidentops.model.handbook import (
    PRIVATE_HOSTS,
    GitLabSetup,
    Handbook,
    Label,
    Person,
    RoleSetup,
    RuleSetting,
    Service,
    SeveritySetup,
    StatusioSetup,
    Timers,
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
_COLORS = {Severity.S1: "#8b0000", Severity.S2: "#c5221f", Severity.S3: "#b06000", Severity.S4: "#5f6368"}
_MEANINGS = {
    Severity.S1: "Critical: most users cannot work",
    Severity.S2: "High: a large part is broken for many users",
    Severity.S3: "Moderate: a part is broken, there is a way around it",
    Severity.S4: "Low: hardly anybody notices",
}
_NOTIFY = ("email", "sms", "webhook", "social", "slack", "msteams", "irc")
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
        gitlab=_gitlab(_child(data, "gitlab")),
        statusio=_statusio(_child(data, "statusio")),
        rules={code: RuleSetting(cast("str", word)) for code, word in _child(data, "rules").items()},
    )


def _text(node: DataNode, key: str, default: str = "") -> str:
    return cast("str", node.get(key, default))


def _child(node: DataNode, key: str) -> DataNode:
    return cast("DataNode", node.get(key) or {})


def _items(node: DataNode, key: str) -> Sequence[tuple[str, DataNode]]:
    return [(name, cast("DataNode", value)) for name, value in _child(node, key).items()]


def _words(node: DataNode, key: str) -> tuple[str, ...]:
    return tuple(cast("Sequence[str]", node.get(key, ())))


def _span(node: DataNode, key: str, default: timedelta) -> timedelta:
    return duration.parse(_text(node, key)) if key in node else default


def _label(value: object, name: str, color: str, description: str) -> Label:
    """A label as the handbook has it: nothing, its name alone, or name, colour and description."""
    if isinstance(value, str):
        return Label(value.strip(), color, description)
    node = cast("DataNode", value or {})
    return Label(
        _text(node, "name", name).strip(),
        _text(node, "color", color).lower(),
        _text(node, "description", description).strip(),
        styled=frozenset({"color", "description"} & node.keys()),
    )


def _role(role: Role, node: DataNode) -> RoleSetup:
    return RoleSetup(_text(node, "name", _ROLE_NAMES[role]), _words(node, "schedules"))


def _severity(severity: Severity, node: DataNode) -> SeveritySetup:
    defaults = dict(zip(_UPDATED_STATES, _MINUTES[severity], strict=True))
    every = _child(node, "update_every")
    number = severity.rank
    return SeveritySetup(
        label=_label(node.get("label"), f"severity::{number}", _COLORS[severity], _MEANINGS[severity]),
        page=tuple(Role(word) for word in _words(node, "page")),
        announce=bool(node.get("announce", severity.serious)),
        update_every={state: _span(every, state, timedelta(minutes=m)) for state, m in defaults.items()},
        corrective_action_due=_span(node, "corrective_action_due", timedelta(days=_ACTION_DAYS[severity])),
        review_required=_text(node, "review", "required" if severity.serious else "optional") == "required",
    )


def _timers(node: DataNode) -> Timers:
    default = Timers()
    started = _text(node, "review_started", "end_of_day")
    return Timers(
        acknowledge=_span(node, "acknowledge", default.acknowledge),
        investigating=_span(node, "investigating", default.investigating),
        monitoring=_span(node, "monitoring", default.monitoring),
        short_incident=_span(node, "short_incident", default.short_incident),
        review_started=None if started == "end_of_day" else duration.parse(started),
        publish_max_age=_span(node, "publish_max_age", default.publish_max_age),
        clock_skew=_span(node, "clock_skew", default.clock_skew),
    )


def _service(key: str, node: DataNode) -> Service:
    name = _text(node, "name", key).strip()
    return Service(
        key=key,
        name=name,
        label=_label(node.get("label"), f"Service::{name}", "#1f75cb", f"Incidents that touch {name}"),
        statusio=_words(node, "statusio"),
        slo=cast("Mapping[str, float]", node.get("slo") or {}),
        queries=cast("Mapping[str, str]", node.get("queries") or {}),
    )


def _person(key: str, node: DataNode) -> Person:
    return Person(
        key=key,
        name=_text(node, "name", key).strip(),
        gitlab=_text(node, "gitlab", key),
        email=_words(node, "email"),
        slack=_text(node, "slack"),
        pagerduty=_text(node, "pagerduty"),
        timezone=_text(node, "timezone", "UTC"),
        day_ends=time.fromisoformat(_text(node, "day_ends", "18:00")),
    )


def _gitlab(node: DataNode) -> GitLabSetup:
    labels = _child(node, "labels")
    states = _child(labels, "states")
    return GitLabSetup(
        url=_text(node, "url").rstrip("/"),
        project=str(node.get("project", "")),
        public=bool(node.get("public", False)),
        managed=_label(
            labels.get("managed"),
            "incidentops",
            "#6e49cb",
            "Kept by incidentops from the incident repository",
        ),
        incident=_label(labels.get("incident"), "incident", "#e24329", "Something is broken for users"),
        near_miss=_label(labels.get("near_miss"), "Near Miss", "#6699cc", "It could have been an incident"),
        review=_label(labels.get("review"), "incident-review", "#8e6bb5", "Incident review (RCA)"),
        corrective_action=_label(
            labels.get("corrective_action"),
            "corrective action",
            "#1aaa55",
            "Keeps an incident from happening again",
        ),
        active=_label(states.get("active"), "Incident::Active", "#d9534f", "People are working on it"),
        mitigated=_label(states.get("mitigated"), "Incident::Mitigated", "#f0ad4e", "The fix is in and watched"),
        resolved=_label(states.get("resolved"), "Incident::Resolved", "#5cb85c", "It is over"),
        notes=_text(node, "notes", "none"),
    )


def _statusio(node: DataNode) -> StatusioSetup:
    notify = _child(node, "notify")
    return StatusioSetup(
        page=_text(node, "page"), notify={channel: bool(notify.get(channel, False)) for channel in _NOTIFY}
    )
