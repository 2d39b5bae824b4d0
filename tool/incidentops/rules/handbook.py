"""HBK: the handbook itself. While it is wrong no record is checked, since every verdict would rest on it."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast
from zoneinfo import ZoneInfo

from incidentops.core import duration
from incidentops.core.finding import Pointer, Problem
from incidentops.core.source import DataNode, Document
from incidentops.core.text import one_of, quoted
from incidentops.model.vocabulary import Role
from incidentops.rules.engine.rule import Rule, checked_elsewhere
from incidentops.rules.engine.wording import did_you_mean

_ROLES = [str(role) for role in Role]

handbook_unreadable = checked_elsewhere(
    "HBK001", "handbook-unreadable", "The handbook cannot be read or does not match its schema"
)
handbook_contradictory = checked_elsewhere("HBK002", "handbook-contradictory", "The handbook contradicts itself")


def contradictions(document: Document, rules: Mapping[str, Rule]) -> Iterator[Problem]:
    """Return what is wrong with a well-shaped handbook. Without findings, `build_handbook.handbook` cannot fail."""
    data = document.data
    yield from _ownership(cast("Sequence[str]", data.get("ownership", ())))
    yield from _durations(data)
    yield from _people(_child(data, "people"))
    for code in _child(data, "rules"):
        known = rules.get(code)
        if known is None:
            yield Problem(("rules", code), f"there is no rule {quoted(code)}", did_you_mean(code, rules))
        elif not known.waivable:
            yield Problem(
                ("rules", code),
                f"{code} ({known.name}) cannot be set",
                "remove it; only rules of the process can be switched off or set to another level",
            )


def _child(node: DataNode, key: str) -> DataNode:
    return cast("DataNode", node.get(key) or {})


def _ownership(cascade: Sequence[str]) -> Iterator[Problem]:
    for index, role in enumerate(cascade):
        if role not in _ROLES:
            yield Problem(("ownership", index), f"{quoted(role)} is not a valid role", f"a role is {one_of(_ROLES)}")
        elif role in cascade[:index]:
            yield Problem(("ownership", index), f"{role} stands in the cascade twice", "name each role once")


def _durations(data: DataNode) -> Iterator[Problem]:
    for pointer, text in _spans(data):
        try:
            duration.parse(text)
        except ValueError:
            yield Problem(
                pointer,
                f"{quoted(text)} is not a valid duration",
                "write weeks, days, hours, minutes, seconds: 15m, 2h, 7d, 1h30m",
            )


def _spans(data: DataNode) -> Iterator[tuple[Pointer, str]]:
    for name, text in _child(data, "timers").items():
        if (name, text) != ("review_started", "end_of_day"):
            yield ("timers", name), cast("str", text)
    for severity in _child(data, "severities"):
        setup = _child(_child(data, "severities"), severity)
        for state, text in _child(setup, "update_every").items():
            yield ("severities", severity, "update_every", state), cast("str", text)
        if "corrective_action_due" in setup:
            yield ("severities", severity, "corrective_action_due"), cast("str", setup["corrective_action_due"])


def _people(people: DataNode) -> Iterator[Problem]:
    owner: dict[str, str] = {}
    for key in people:
        person = _child(people, key)
        for index, address in enumerate(cast("Sequence[str]", person.get("email", ()))):
            earlier = owner.setdefault(address.strip().casefold(), key)
            if earlier != key:
                yield Problem(
                    ("people", key, "email", index),
                    f"{quoted(address)} is the address of {quoted(earlier)} and of {quoted(key)}",
                    "an address tells who committed: it belongs to one person",
                )
        zone = cast("str", person.get("timezone", "UTC"))
        if not _is_zone(zone):
            yield Problem(
                ("people", key, "timezone"),
                f"{quoted(zone)} is not a valid time zone",
                "write it as Europe/Lisbon, or UTC",
            )


def _is_zone(name: str) -> bool:
    if name == "UTC":
        return True
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):  # unknown, not even a name, or a folder of the zone data
        return False
    return True
