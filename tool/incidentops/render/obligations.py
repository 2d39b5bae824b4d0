"""What is due, as lines for people and as values for JSON."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from incidentops.core import duration, moment
from incidentops.core.text import visible
from incidentops.model.obligation import Obligation

_WHAT = {
    "OWN002": "somebody engages as eoc",
    "SEV001": "the imoc is paged or engages",
    "STA003": "resolve",
    "STA004": "the imoc engages",
    "STA005": "the cause is found, or the imoc is paged",
    "ALR001": "alert {name} is acknowledged, or the imoc is paged",
    "COM001": "an update for customers",
    "COM002": "an update for customers",
    "SEC002": "the imoc is paged or engages",
    "RCA002": "{person} starts the review",
    "ACT002": "corrective action {name} is planned for an earlier day",
    "ACT003": "corrective action {name}",
}


def what(one: Obligation) -> str:
    """Return in words what is to be done, names as the record has them."""
    return _WHAT[one.code].format(name=one.name, person=one.person)


def due_line(one: Obligation, now: datetime) -> str:
    """Return what is due, as `2026-11-21T14:26:00Z  an update for customers (in 5m)`."""
    past = now > one.due
    distance = f"{about(now - one.due)} ago" if past else f"in {about(one.due - now)}"
    if one.earliest:
        distance = "may be done now" if past else f"not before, {distance}"
    elif past:
        distance = f"overdue, {distance}"
    return f"{_at(one)}  {visible(what(one))} ({distance})"


def due_values(due: Sequence[Obligation], now: datetime) -> list[Mapping[str, object]]:
    """Return what is due as plain values for JSON; `code` and `key` stay the same while it is due."""
    return [
        {
            "code": one.code,
            "key": one.key,
            "what": what(one),
            "role": one.role,
            "person": one.person,
            "at": _at(one),
            "overdue": one.late_at(now),
            "not_before": one.earliest,
        }
        for one in due
    ]


def about(length: timedelta) -> str:
    """Return a duration as people say it: days from two days on, minutes from a minute on, else seconds."""
    unit = timedelta(days=1) if length >= timedelta(days=2) else timedelta(minutes=1)
    return duration.show(length - length % unit if length >= unit else length)


def _at(one: Obligation) -> str:
    """To the second: a day ends with its last microsecond."""
    return moment.show(one.due.replace(microsecond=0))
