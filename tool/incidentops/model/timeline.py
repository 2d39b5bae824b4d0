"""The fold: what was true at every moment, derived from the timeline alone."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from incidentops.model.entry import Entry
from incidentops.model.vocabulary import Audience, Role, Severity, State, Status


class Holder(Struct, frozen=True, gc=False):
    """Who holds a role, and since when."""

    person: str
    since: datetime


class Snapshot(Struct, frozen=True, gc=False):
    """What is true after an entry, and stays true until an entry decides something else.

    `at` is the moment of the entry that made it so. `owner` is the one owner, `since_owner` since when. `since_state`,
    `since_status` and `since_severity` tell when the present value began, not when it was last repeated.
    """

    at: datetime
    severity: Severity | None
    state: State | None
    status: Status
    services: tuple[str, ...]
    audience: Audience
    holders: Mapping[Role, Holder]
    owner: str
    since_owner: datetime
    since_state: datetime
    since_status: datetime
    since_severity: datetime
    since_audience: datetime
    ownership: tuple[Role, ...]

    @property
    def owner_role(self) -> Role | None:
        """The role by which the owner owns the incident; None while that is who declared it."""
        return _highest(self.holders, self.ownership)

    def engaged(self, role: Role) -> str | None:
        """Return who holds the role, or None."""
        holder = self.holders.get(role)
        return holder.person if holder else None

    def acting(self, role: Role) -> str:
        """Return who carries the role's duties: its holder, else the nearest below in the cascade, else the owner."""
        position = self.ownership.index(role) if role in self.ownership else -1
        for candidate in (role, *reversed(self.ownership[: max(position, 0)])):
            if candidate in self.holders:
                return self.holders[candidate].person
        return self.owner


class RoleInterval(Struct, frozen=True, gc=False):
    """The time in which one person held one role; `until` is None while it lasts."""

    role: Role
    person: str
    since: datetime
    until: datetime | None

    def length(self, now: datetime) -> timedelta:
        """Return how long it lasted, or has lasted by now."""
        return (self.until or now) - self.since


def fold(
    timeline: Sequence[Entry],
    acts: Iterable[Entry],
    audience: Audience,
    services: tuple[str, ...],
    ownership: tuple[Role, ...],
) -> tuple[Snapshot, ...]:
    """Return one snapshot per entry, each what was true right after it. The timeline is not empty.

    Entries that decide nothing, three of four, share the snapshot of the entry before; `acts` are all that may decide.
    """
    first = timeline[0]
    current = Snapshot(
        at=first.at,
        severity=None,
        state=None,
        status=Status.OPERATIONAL,
        services=services,
        audience=audience,
        holders={},
        owner=first.by,
        since_owner=first.at,
        since_state=first.at,
        since_status=first.at,
        since_severity=first.at,
        since_audience=first.at,
        ownership=ownership,
    )
    snapshots: list[Snapshot] = []
    for entry in acts:
        if entry.decides:
            snapshots += [current] * (entry.index - len(snapshots))
            current = _step(current, entry, first.by)
    snapshots += [current] * (len(timeline) - len(snapshots))
    return tuple(snapshots)


def _step(before: Snapshot, entry: Entry, declarer: str) -> Snapshot:
    at = entry.at
    severity = entry.severity or before.severity
    state = entry.state or before.state
    status = entry.status or before.status
    audience = entry.audience or before.audience
    holders, owner = before.holders, before.owner
    if entry.engage or entry.release:
        holders = _holders_after(holders, entry)
        owner = _owner(holders, before.ownership, declarer)
    return Snapshot(
        at,
        severity,
        state,
        status,
        entry.services or before.services,
        audience,
        holders,
        owner,
        before.since_owner if owner == before.owner else at,
        before.since_state if state is before.state else at,
        before.since_status if status is before.status else at,
        before.since_severity if severity is before.severity else at,
        before.since_audience if audience is before.audience else at,
        before.ownership,
    )


def _holders_after(holders: Mapping[Role, Holder], entry: Entry) -> Mapping[Role, Holder]:
    after = dict(holders)
    if entry.engage:
        held = after.get(entry.engage)
        if held is None or held.person != entry.person:
            after[entry.engage] = Holder(entry.person, entry.at)
    if entry.release:
        held = after.get(entry.release)
        if held is not None and held.person == entry.person:
            del after[entry.release]
    return after


def _owner(holders: Mapping[Role, Holder], ownership: tuple[Role, ...], declarer: str) -> str:
    """One owner at every moment: the holder of the highest engaged role (handbook: Ownership)."""
    role = _highest(holders, ownership)
    return holders[role].person if role else declarer


def _highest(holders: Mapping[Role, Holder], ownership: tuple[Role, ...]) -> Role | None:
    return next((role for role in reversed(ownership) if role in holders), None)


def role_intervals(timeline: Iterable[Entry]) -> tuple[RoleInterval, ...]:
    """Return who held which role from when until when, in the order they began."""
    holders: Mapping[Role, Holder] = {}
    ended: list[RoleInterval] = []
    for entry in timeline:
        if not (entry.engage or entry.release):
            continue
        after = _holders_after(holders, entry)
        for role, holder in holders.items():
            if after.get(role) != holder:
                ended.append(RoleInterval(role, holder.person, holder.since, entry.at))
        holders = after
    ended.extend(RoleInterval(role, holder.person, holder.since, None) for role, holder in holders.items())
    order = list(Role)
    return tuple(sorted(ended, key=lambda i: (i.since, order.index(i.role), i.until is None)))


class TimelineInterval(Struct, frozen=True, gc=False):
    """Entries `start` to before `stop`, from `since` until `until`, which is None while it lasts."""

    start: int
    stop: int
    since: datetime
    until: datetime | None
