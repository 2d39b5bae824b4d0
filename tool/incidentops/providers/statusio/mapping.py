"""Between Status.io's JSON and our words: pure, total and strict (docs/services.md: Fields).

A code, or a shape, that is not known here raises Failed with the name of the field: better no word than a wrong one.
"""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType
from typing import cast

from incidentops.core.errors import Failed
from incidentops.core.text import quoted
from incidentops.model.vocabulary import State, Status
from incidentops.plan.resource import Value

MAINTENANCE = "planned_maintenance"
"""What Status.io says of a component besides our statuses; never sent by us."""

_STATUS_CODES: Mapping[str, int] = MappingProxyType(
    {
        Status.OPERATIONAL.value: 100,
        MAINTENANCE: 200,
        Status.DEGRADED.value: 300,
        Status.PARTIAL.value: 400,
        Status.DISRUPTION.value: 500,
        Status.SECURITY.value: 600,
    }
)
_STATE_CODES: Mapping[str, int] = MappingProxyType(
    {State.INVESTIGATING: 100, State.IDENTIFIED: 200, State.MONITORING: 300, State.RESOLVED: 400}
)
_FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "email": "notify_email",
        "sms": "notify_sms",
        "webhook": "notify_webhook",
        "social": "social",
        "irc": "irc",
        "msteams": "msteams",
        "slack": "slack",
    }
)
CHANNELS = tuple(_FLAGS)
_BLANK = re.compile(r"\s+")


class IncidentField(StrEnum):
    """The fields of our resources."""

    NAME = "name"
    INFRASTRUCTURE = "infrastructure"
    OPEN = "open"
    DETAILS = "details"
    STATE = "state"
    STATUS = "status"
    SUBJECT = "subject"
    NOTIFY = "notify"
    FIRST = "first"
    INCIDENT = "incident"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that customers were told. `text` is normalised for comparing, not for showing."""

    text: str
    state: str
    status: str
    at: datetime


@dataclass(frozen=True, slots=True)
class PageIncident:
    """An incident as the status page shows it; messages are oldest first."""

    id: str
    name: str
    opened: datetime
    pairs: tuple[str, ...]
    exact: bool
    messages: tuple[Message, ...]

    @property
    def open(self) -> bool:
        """Whether nobody has resolved it."""
        return not self.messages or self.messages[-1].state != State.RESOLVED

    @property
    def status(self) -> str:
        """What its last message says of everything that it touches."""
        return self.messages[-1].status if self.messages else Status.OPERATIONAL

    def is_about(self, pairs: tuple[str, ...]) -> bool:
        """Whether it touches these pairs and no other, as far as the answer tells."""
        if self.exact:
            return self.pairs == tuple(sorted(pairs))
        halves = [pair.partition("-") for pair in pairs]
        product = {f"{one}-{other}" for one, _, _ in halves for _, _, other in halves}
        return product == set(self.pairs)


@dataclass(frozen=True, slots=True)
class PageSummary:
    """The page at a glance: the status of every pair, and the incidents that are open."""

    statuses: Mapping[str, str]
    incidents: tuple[PageIncident, ...]


def normal(text: str) -> str:
    """Return a text as it is compared: without regard for entities, blanks and letter case."""
    return _BLANK.sub(" ", html.unescape(text)).strip().casefold()


def worst(*statuses: str) -> str:
    """Return the worst of some statuses; operational when there are none."""
    return max((Status.OPERATIONAL.value, *statuses), key=_STATUS_CODES.__getitem__)


def worse(status: str, than: str) -> bool:
    """Whether one status is worse than another."""
    return _STATUS_CODES[status] > _STATUS_CODES[than]


# What we send


def create_body(page: str, after: Mapping[str, Value]) -> dict[str, object]:
    """Return the body that opens an incident with its first message."""
    return {
        "statuspage_id": page,
        "incident_name": after[IncidentField.NAME],
        "all_infrastructure_affected": "0",
        "infrastructure_affected": list(cast("tuple[str, ...]", after[IncidentField.INFRASTRUCTURE])),
        **_codes(after),
        **_message(after),
    }


def update_body(page: str, incident: str, after: Mapping[str, Value]) -> dict[str, object]:
    """Return the body that says more about an open incident."""
    return {"statuspage_id": page, "incident_id": incident, **_codes(after), **_message(after)}


def resolve_body(page: str, incident: str, after: Mapping[str, Value]) -> dict[str, object]:
    """Return the body that closes an incident; the status goes along, as the careful clients send it."""
    body = update_body(page, incident, after)
    del body["current_state"]
    return body


def component_body(page: str, pair: str, status: str) -> dict[str, object]:
    """Return the body that gives one pair a status."""
    component, _, container = pair.partition("-")
    return {
        "statuspage_id": page,
        "component": component,
        "container": container,
        "details": "Status of this component updated.",
        "current_status": _STATUS_CODES[status],
    }


def _codes(after: Mapping[str, Value]) -> dict[str, object]:
    return {
        "current_status": _STATUS_CODES[str(after[IncidentField.STATUS])],
        "current_state": _STATE_CODES[str(after[IncidentField.STATE])],
    }


def _message(after: Mapping[str, Value]) -> dict[str, object]:
    """The text with all seven flags, always: which of them may be left out has changed over time."""
    on = cast("tuple[str, ...]", after[IncidentField.NOTIFY])
    flags = {flag: "1" if channel in on else "0" for channel, flag in _FLAGS.items()}
    return {"incident_details": after[IncidentField.DETAILS], "message_subject": after[IncidentField.SUBJECT], **flags}


# What we read


def incident(data: object) -> PageIncident:
    """Read one incident, of a list or of the summary."""
    node = _mapping(data, "incident")
    messages = tuple(sorted((_read_message(item) for item in _items(node, "messages")), key=lambda m: m.at))
    pairs, exact = _pairs(node)
    return PageIncident(
        id=_text(node, "_id"),
        name=_text(node, "name"),
        opened=_moment(node, "datetime_open"),
        pairs=pairs,
        exact=exact,
        messages=messages,
    )


def incidents(data: object) -> tuple[PageIncident, ...]:
    """Read a list of incidents."""
    return tuple(incident(item) for item in _list(data, "result"))


def ids(data: object) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read the ids of the open and of the resolved incidents."""
    node = _mapping(data, "result")
    found = []
    for key in ("active_incidents", "resolved_incidents"):
        listed = _items(node, key)
        if not all(isinstance(item, str) for item in listed):
            raise _strange(key, "ids")
        found.append(tuple(cast("Sequence[str]", listed)))
    return found[0], found[1]


def created_id(data: object) -> str:
    """Read the id of an incident that was just made; empty when it is no id."""
    return data if isinstance(data, str) and data.strip() else ""


def summary(data: object) -> PageSummary:
    """Read the page at a glance."""
    node = _mapping(data, "result")
    statuses = {}
    for component in _items(node, "status"):
        parent = _mapping(component, "status")
        for container in _items(parent, "containers"):
            child = _mapping(container, "containers")
            statuses[f"{_text(parent, 'id')}-{_text(child, 'id')}"] = _status(child, "status_code")
    return PageSummary(statuses, tuple(incident(item) for item in _items(node, "incidents")))


def pairs_of_page(data: object) -> Mapping[str, str]:
    """Read the component list: every pair that exists, with the names that people know."""
    known = {}
    for item in _list(data, "result"):
        component = _mapping(item, "result")
        for entry in _items(component, "containers"):
            container = _mapping(entry, "containers")
            shown = f"{_text(component, 'name')} / {_text(container, 'name')}"
            known[f"{_text(component, '_id')}-{_text(container, '_id')}"] = shown
    return known


def _read_message(data: object) -> Message:
    node = _mapping(data, "messages")
    state = _word(node, "state", _STATE_CODES)
    return Message(normal(_text(node, "details")), state, _status(node, "status"), _moment(node, "datetime"))


def _pairs(node: Mapping[str, object]) -> tuple[tuple[str, ...], bool]:
    """The pairs that an incident touches, and whether the service named them as pairs.

    `infrastructure_affected` is untyped in every client; without it, each affected component may go with each
    affected container.
    """
    named = node.get("infrastructure_affected")
    if isinstance(named, list) and named and all(isinstance(pair, str) for pair in named):
        return tuple(sorted(named)), True
    components = [_text(_mapping(item, "components_affected"), "_id") for item in _items(node, "components_affected")]
    containers = [_text(_mapping(item, "containers_affected"), "_id") for item in _items(node, "containers_affected")]
    return tuple(sorted({f"{one}-{other}" for one in components for other in containers})), False


def _status(node: Mapping[str, object], key: str) -> str:
    return _word(node, key, _STATUS_CODES)


def _word(node: Mapping[str, object], key: str, codes: Mapping[str, int]) -> str:
    value = node.get(key)
    for word, code in codes.items():
        if value == code and not isinstance(value, bool):
            return str(word)
    raise _strange(key, f"{quoted(value)}, which is none of the codes {sorted(codes.values())}")


def _mapping(data: object, key: str) -> Mapping[str, object]:
    if not isinstance(data, dict):
        raise _strange(key, "no object")
    return data


def _list(data: object, key: str) -> Sequence[object]:
    if not isinstance(data, list):
        raise _strange(key, "no list")
    return data


def _items(node: Mapping[str, object], key: str) -> Sequence[object]:
    return _list(node.get(key), key)


def _text(node: Mapping[str, object], key: str) -> str:
    value = node.get(key)
    if not isinstance(value, str):
        raise _strange(key, "no text")
    return value


def _moment(node: Mapping[str, object], key: str) -> datetime:
    try:
        found = datetime.fromisoformat(_text(node, key))
    except ValueError as error:
        raise _strange(key, "no time") from error
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _strange(key: str, what: str) -> Failed:
    return Failed(
        f"Status.io answered with something unknown: {key} is {what}",
        "it may have changed; nothing is sent until this version understands it",
        outage=True,
    )
