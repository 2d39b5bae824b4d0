"""REC007 and REC008: incidents that may be one: live on one service at the same time, or declared twice.

Both are advice. Records that name each other in `related` are known to be two, or one, so they are not reported.
"""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice, pairwise, takewhile

from msgspec import Struct

from incidentops.core import duration, moment
from incidentops.core.finding import Level, Problem
from incidentops.core.text import quoted, visible
from incidentops.rules.engine.rule import Rule, checked_elsewhere

WITHIN = timedelta(minutes=10)
"""How far apart two people declare the same thing, at most."""
_SHOWN = 3
_MOST = 20
"""How many others are looked for: nobody reads more, and so many on one service are not duplicates."""

live_together = checked_elsewhere(
    "REC007", "two-live-incidents", "Two live incidents touch one service or component", level=Level.ADVISE
)
declared_twice = checked_elsewhere(
    "REC008", "declared-twice", "An incident may have been declared twice within minutes", level=Level.ADVISE
)


class Presence(Struct, frozen=True):
    """What other incidents need to know of one: when and on which services it was declared, and what it is on now."""

    id: str
    file: str
    declared: datetime
    declared_on: tuple[str, ...]
    live_on: tuple[str, ...]
    related: frozenset[str]


class OverlapIndex:
    """All incidents of a run, by what they touch. `components` are the places on the status page of each service."""

    def __init__(self, everybody: Iterable[Presence], components: Mapping[str, Sequence[str]]) -> None:
        self._components = components
        self._live: dict[str, list[Presence]] = {}
        self._declared: dict[str, list[tuple[datetime, str, Presence]]] = {}
        for one in everybody:
            for touched in self._touched(one) if one.live_on else ():
                self._live.setdefault(touched, []).append(one)
            for service in dict.fromkeys(one.declared_on):
                self._declared.setdefault(service, []).append((one.declared, one.file, one))
        for line in self._declared.values():
            line.sort(key=lambda item: item[:2])
        for others in self._live.values():
            others.sort(key=lambda other: other.file)

    def crowded(self) -> frozenset[str]:
        """Return the files of incidents that may overlap with another one; the rest, nearly all, need no check."""
        lines = (line for line in self._declared.values() if len(line) > 1)
        pairs = (pair for line in lines for pair in pairwise(line) if pair[1][0] - pair[0][0] <= WITHIN)
        together = (others for others in self._live.values() if len(others) > 1)
        return frozenset(
            (*(file for pair in pairs for _, file, _ in pair), *(one.file for others in together for one in others))
        )

    def check(self, one: Presence) -> Iterator[tuple[Rule, Problem]]:
        """Check one incident among the others."""
        duplicates = self._declared_with(one)
        if duplicates:
            yield declared_twice, _twice(one, duplicates)
        others = self._live_with(one, duplicates.keys())
        if others:
            yield live_together, _together(others)

    def _touched(self, one: Presence) -> Sequence[str]:
        """The services that a live incident is on, and their components."""
        services = dict.fromkeys(one.live_on)
        components = (place for service in services for place in self._components.get(service, ()))
        return tuple(dict.fromkeys((*services, *components)))

    def _live_with(self, one: Presence, known: Collection[Presence]) -> Mapping[Presence, str]:
        """Others that are live on the same service or component, with its name; not those that are reported already."""
        both = ((touched, other) for touched in self._touched(one) for other in self._live[touched])
        return _first((other, touched) for touched, other in both if _strangers(one, other) and other not in known)

    def _declared_with(self, one: Presence) -> Mapping[Presence, str]:
        """Others that were declared on the same service at nearly the same time, with the service."""
        near = ((service, other) for service in one.declared_on for other in self._near(one, service))
        return _first((other, service) for service, other in near if _strangers(one, other))

    def _near(self, one: Presence, service: str) -> Iterator[Presence]:
        line = self._declared[service]
        start = bisect_left(line, (moment.plus(one.declared, -WITHIN), ""), key=lambda item: item[:2])
        near = takewhile(lambda item: item[0] - one.declared <= WITHIN, islice(line, start, None))
        return (other for _, _, other in near)


def _first(found: Iterable[tuple[Presence, str]]) -> Mapping[Presence, str]:
    """The first of what was found, each incident once."""
    first: dict[Presence, str] = {}
    for other, what in found:
        first.setdefault(other, what)
        if len(first) == _MOST:
            break
    return first


def _strangers(one: Presence, other: Presence) -> bool:
    """Whether it is another incident, and neither says how they are related. An id that exists twice is REC005."""
    return one.id != other.id and other.id not in one.related and one.id not in other.related


def _twice(one: Presence, duplicates: Mapping[Presence, str]) -> Problem:
    nearest = min(duplicates, key=lambda other: (abs(other.declared - one.declared), other.id))
    apart = abs(nearest.declared - one.declared)
    when = f"{duration.show(apart)} {'after' if nearest.declared > one.declared else 'before'}" if apart else "with"
    return Problem(
        ("services",),
        f"{_named(duplicates, 'was', 'were')} declared on {quoted(duplicates[nearest])} too, {when} this one",
        f"if it is the same, say related: [{{to: {visible(nearest.id)}, as: duplicate_of}}] and go on in the other; "
        "if it is not, say how they are related",
    )


def _together(others: Mapping[Presence, str]) -> Problem:
    first = min(others, key=lambda other: other.id)
    return Problem(
        ("services",),
        f"{_named(others, 'is', 'are')} live on {quoted(others[first])} too",
        "if it is the same, say in one that it is a duplicate_of the other, and resolve it; if it is not, say how they "
        "are related",
    )


def _named(others: Iterable[Presence], one: str, many: str) -> str:
    names = sorted(other.id for other in others)
    shown = ", ".join(quoted(name) for name in names[:_SHOWN])
    more = " and more" if len(names) > _SHOWN else ""
    return f"{shown}{more} {one if len(names) == 1 else many}"
