"""The incident: everything a record says, typed and frozen. Built by `model.build`, never by hand or half."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from incidentops.core.source import Document
from incidentops.model.timeline import RoleInterval, Snapshot, role_intervals
from incidentops.model.vocabulary import Audience, Kind, Role, Severity, State, Status


def canonical(value: object) -> str:
    """Return data as one text, the same however the file is laid out and its keys are ordered."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Entry:
    """One item of the timeline. `content` is the entry as the file has it; `index` counts from 0."""

    index: int
    at: datetime
    by: str
    severity: Severity | None
    state: State | None
    status: Status | None
    services: tuple[str, ...]
    audience: Audience | None
    engage: Role | None
    release: Role | None
    page: Role | None
    publish: str
    note: str
    who: str
    why: str
    content: Mapping[str, object] = field(repr=False)

    @property
    def person(self) -> str:
        """Who an `engage` or `release` is about."""
        return self.who or self.by

    @property
    def key(self) -> str:
        """The entry key: 12 hex digits over the canonical content, stable because landed entries do not change."""
        return hashlib.sha256(canonical(self.content).encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def escalates(self, role: Role) -> bool:
        """Whether the entry pages or engages the role."""
        return self.page is role or self.engage is role


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert that told of the incident; its severity never decides the incident's."""

    index: int
    source: str
    id: str
    fired: datetime
    acknowledged: datetime | None
    severity: str
    change: "AlertChange | None"


@dataclass(frozen=True, slots=True)
class AlertChange:
    """A change made to an alert because it was wrong, and who of the next shift was told."""

    at: datetime
    by: str
    why: str
    told: str


@dataclass(frozen=True, slots=True)
class Impact:
    """When users were hurt, as opposed to when people worked."""

    started: datetime | None
    detected: datetime | None
    ended: datetime | None
    summary: str


@dataclass(frozen=True, slots=True)
class Disclosure:
    """The security team's wish to publish."""

    approved_by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Security:
    """What makes the record a security incident."""

    kind: str
    path_blocked: str
    disclosure: Disclosure | None


@dataclass(frozen=True, slots=True)
class NotPublished:
    """Why a serious incident stays off the status page."""

    reason: str
    why: str


@dataclass(frozen=True, slots=True)
class Review:
    """The incident review (RCA)."""

    owner: str
    why: str
    started: datetime | None
    completed: datetime | None
    severity: Severity | None
    impact: str
    root_cause: str
    detection: str
    lessons: str


@dataclass(frozen=True, slots=True)
class CorrectiveAction:
    """A follow-up with an owner and a date; `evidence` shows that it is done."""

    index: int
    key: str
    title: str
    owner: str
    severity: Severity | None
    due: date | None
    done: date | None
    evidence: str
    wont_do: str

    @property
    def closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.done is not None or bool(self.wont_do)


@dataclass(frozen=True, slots=True)
class Related:
    """Another record and how this one relates to it."""

    to: str
    kind: str


@dataclass(frozen=True, slots=True)
class Waiver:
    """An exception to a rule, granted by somebody until a day (inclusive)."""

    index: int
    rule: str
    reason: str
    until: date
    by: str


@dataclass(frozen=True, slots=True)
class Incident:
    """One record, incident or near miss. `snapshots[i]` is what was true right after `timeline[i]`."""

    id: str
    source: Document = field(repr=False)
    kind: Kind
    title: str
    services: tuple[str, ...]
    audience: Audience
    security: Security | None
    not_published: NotPublished | None
    alerts: tuple[Alert, ...]
    impact: Impact | None
    timeline: tuple[Entry, ...]
    review: Review | None
    corrective_actions: tuple[CorrectiveAction, ...]
    no_actions_because: str
    links: Mapping[str, str]
    related: tuple[Related, ...]
    waivers: tuple[Waiver, ...]
    snapshots: tuple[Snapshot, ...] = field(repr=False)

    @property
    def declared(self) -> datetime:
        """When the first entry was made."""
        return self.timeline[0].at

    @property
    def declarer(self) -> str:
        """Who made the first entry: for a near miss, who noticed it."""
        return self.timeline[0].by

    @property
    def now(self) -> Snapshot:
        """What is true after the last entry."""
        return self.snapshots[-1]

    @property
    def is_near_miss(self) -> bool:
        """Whether it only could have become an incident."""
        return self.kind is Kind.NEAR_MISS

    @property
    def live(self) -> bool:
        """Whether people still work on it: an incident that is not resolved."""
        return not self.is_near_miss and self.now.state is not State.RESOLVED

    @property
    def resolved_at(self) -> datetime | None:
        """When the last resolve was made, while it holds."""
        return self.now.since_state if self.now.state is State.RESOLVED else None

    @property
    def highest_severity(self) -> Severity | None:
        """The worst severity that the timeline ever had."""
        return min((e.severity for e in self.timeline if e.severity), key=lambda s: s.rank, default=None)

    @property
    def widest_audience(self) -> Audience:
        """The widest audience that the record ever had."""
        return max({self.audience, *[s.audience for s in self.snapshots]}, key=lambda a: a.width)

    def at(self, moment: datetime) -> Snapshot | None:
        """Return what was true at a moment, entries of that very moment included; None before the first entry."""
        found = None
        for entry, snapshot in zip(self.timeline, self.snapshots, strict=True):
            if entry.at > moment:
                break
            found = snapshot
        return found

    def before(self, entry: Entry) -> Snapshot | None:
        """Return what was true before an entry; None for the first."""
        return self.snapshots[entry.index - 1] if entry.index else None

    def role_intervals(self) -> tuple[RoleInterval, ...]:
        """Return who held which role from when until when, in the order they began."""
        return role_intervals(self.timeline)
