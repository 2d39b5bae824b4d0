"""Between Status.io's JSON and our words: pure, total and strict (docs/services.md: Fields).

A code, or a shape, that is not known here raises Failed with the name of the field: better no word than a wrong one.
"""

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import cast

import msgspec

from incidentops.core.errors import Failed
from incidentops.model.vocabulary import State, Status
from incidentops.plan.resource import Value
from incidentops.providers.decode import Decoder
from incidentops.providers.statusio.section import CHANNELS

MAINTENANCE = "planned_maintenance"
"""What Status.io says of a component besides our statuses; never sent by us."""

_STATUS_CODES: Mapping[str, int] = {
    Status.OPERATIONAL.value: 100,
    MAINTENANCE: 200,
    Status.DEGRADED.value: 300,
    Status.PARTIAL.value: 400,
    Status.DISRUPTION.value: 500,
    Status.SECURITY.value: 600,
}
_STATE_CODES: Mapping[str, int] = {
    State.INVESTIGATING: 100, State.IDENTIFIED: 200, State.MONITORING: 300, State.RESOLVED: 400,
}  # fmt: skip
_DECODER = Decoder("Status.io", outage=True)
_NOTIFY_FLAGS = ("email", "sms", "webhook")
_BLANK = re.compile(r"\s+")


class StatusIoRejected(Failed):
    """Status.io understood the request and rejected it; nothing was changed."""


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


CUSTOMERS_READ = frozenset({IncidentField.DETAILS, IncidentField.NAME, IncidentField.SUBJECT})
"""The fields whose text customers read."""


class Message(msgspec.Struct, frozen=True):
    """One message to customers. `text` is normalised for comparing, not for showing."""

    text: str
    state: str
    status: str
    at: datetime


class PageIncident(msgspec.Struct, frozen=True):
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


class PageSummary(msgspec.Struct, frozen=True):
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
        **_message(after),
    }


def update_body(page: str, incident: str, after: Mapping[str, Value]) -> dict[str, object]:
    """Return the body that adds a message to an open incident."""
    return {"statuspage_id": page, "incident_id": incident, **_message(after)}


def resolve_body(page: str, incident: str, after: Mapping[str, Value]) -> dict[str, object]:
    """Return the body that resolves an incident. The status is sent too, as careful clients do."""
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


def _message(after: Mapping[str, Value]) -> dict[str, object]:
    """The text with its codes and all seven flags, always: which may be left out has changed over time."""
    on = cast("tuple[str, ...]", after[IncidentField.NOTIFY])
    flags = {
        f"notify_{channel}" if channel in _NOTIFY_FLAGS else channel: "1" if channel in on else "0"
        for channel in CHANNELS
    }
    return {
        "current_status": _STATUS_CODES[str(after[IncidentField.STATUS])],
        "current_state": _STATE_CODES[str(after[IncidentField.STATE])],
        "incident_details": after[IncidentField.DETAILS],
        "message_subject": after[IncidentField.SUBJECT],
        **flags,
    }


# What we read


class _Id(msgspec.Struct):
    id: str = msgspec.field(name="_id")


class _MessageAnswer(msgspec.Struct):
    details: str
    state: int
    status: int
    datetime: datetime


class _IncidentAnswer(msgspec.Struct):
    id: str = msgspec.field(name="_id")
    name: str
    datetime_open: datetime
    messages: list[_MessageAnswer]
    infrastructure_affected: object = None
    components_affected: list[_Id] | None = None
    containers_affected: list[_Id] | None = None


class IncidentIds(msgspec.Struct, frozen=True):
    """The ids of all incidents of a page."""

    active: tuple[str, ...] = msgspec.field(name="active_incidents")
    resolved: tuple[str, ...] = msgspec.field(name="resolved_incidents")

    def __contains__(self, identity: str) -> bool:
        return identity in self.active or identity in self.resolved


class _ContainerStatus(msgspec.Struct):
    id: str
    status_code: int


class _ComponentStatus(msgspec.Struct):
    id: str
    containers: list[_ContainerStatus]


class _SummaryAnswer(msgspec.Struct):
    status: list[_ComponentStatus]
    incidents: list[_IncidentAnswer]


class _ContainerAnswer(_Id):
    name: str


class _ComponentAnswer(_ContainerAnswer):
    containers: list[_ContainerAnswer]


def incidents(data: object) -> tuple[PageIncident, ...]:
    """Read a list of incidents."""
    return tuple(map(_incident, _DECODER.read(list[_IncidentAnswer], data)))


def ids(data: object) -> IncidentIds:
    """Read the ids of the open and of the resolved incidents."""
    return _DECODER.read(IncidentIds, data)


def created_id(data: object) -> str:
    """Read the id of an incident that was just made; empty when it is not an id."""
    return data if isinstance(data, str) and data.strip() else ""


def summary(data: object) -> PageSummary:
    """Read the page at a glance."""
    seen = _DECODER.read(_SummaryAnswer, data)
    statuses = {
        f"{component.id}-{container.id}": _word("status_code", container.status_code, _STATUS_CODES)
        for component in seen.status
        for container in component.containers
    }
    return PageSummary(statuses, tuple(map(_incident, seen.incidents)))


def pairs_of_page(data: object) -> Mapping[str, str]:
    """Read the component list: every pair that exists, with the names that people know."""
    return {
        f"{component.id}-{container.id}": f"{component.name} / {container.name}"
        for component in _DECODER.read(list[_ComponentAnswer], data)
        for container in component.containers
    }


def _incident(seen: _IncidentAnswer) -> PageIncident:
    messages = sorted(map(_read_message, seen.messages), key=lambda message: message.at)
    pairs, exact = _pairs(seen)
    return PageIncident(seen.id, seen.name, _moment(seen.datetime_open), pairs, exact, tuple(messages))


def _read_message(seen: _MessageAnswer) -> Message:
    state, status = _word("state", seen.state, _STATE_CODES), _word("status", seen.status, _STATUS_CODES)
    return Message(normal(seen.details), state, status, _moment(seen.datetime))


def _pairs(seen: _IncidentAnswer) -> tuple[tuple[str, ...], bool]:
    """The pairs that an incident touches, and whether the service named them as pairs.

    `infrastructure_affected` is untyped in every client; without it, each affected component may go with each
    affected container.
    """
    named = seen.infrastructure_affected
    if isinstance(named, list) and named and all(isinstance(pair, str) for pair in named):
        return tuple(sorted(named)), True
    if seen.components_affected is None or seen.containers_affected is None:
        raise _DECODER.unreadable("components_affected", "expected `array`, got `null`")
    return tuple(sorted({f"{a.id}-{b.id}" for a in seen.components_affected for b in seen.containers_affected})), False


def _word(key: str, value: int, codes: Mapping[str, int]) -> str:
    for word, code in codes.items():
        if value == code:
            return str(word)
    raise _DECODER.unreadable(key, f"{value} is none of the codes {sorted(codes.values())}")


def _moment(read: datetime) -> datetime:
    return read if read.tzinfo else read.replace(tzinfo=UTC)
