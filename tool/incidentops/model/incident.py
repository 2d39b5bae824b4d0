"""The incident: everything a record says, typed and frozen. Built by `model.build`, never by hand or half."""

from collections.abc import Callable, Iterator
from datetime import date, datetime

from msgspec import Struct, field
from msgspec.structs import replace

from incidentops.core.source import Document
from incidentops.model.entry import Entry
from incidentops.model.timeline import RoleInterval, Snapshot, TimelineInterval, role_intervals
from incidentops.model.vocabulary import Audience, Kind, Severity, State

_RESOLVED = State.RESOLVED  # a name of the module is found faster than a member of an enumeration
_RANK = {severity: severity.rank for severity in Severity}.__getitem__


class AlertChange(Struct, frozen=True, gc=False):
    """A change made to an alert because it was wrong, and who of the next shift was told."""

    at: datetime
    by: str
    why: str
    told: str = ""


class Alert(Struct, frozen=True, gc=False):
    """An alert of the incident; its severity never decides the incident's."""

    index: int
    source: str
    id: str
    fired: datetime
    acknowledged: datetime | None = None
    severity: str = ""
    change: AlertChange | None = None


class Impact(Struct, frozen=True, gc=False):
    """When users were hurt, as opposed to when people worked."""

    started: datetime | None = None
    detected: datetime | None = None
    ended: datetime | None = None
    summary: str = ""


class Disclosure(Struct, frozen=True, gc=False):
    """The security team's wish to publish."""

    approved_by: str
    at: datetime


class Security(Struct, frozen=True, gc=False):
    """What makes the record a security incident."""

    kind: str = field(name="class")
    path_blocked: str = "none"
    disclosure: Disclosure | None = None


class NotPublished(Struct, frozen=True, gc=False):
    """Why a serious incident stays off the status page."""

    reason: str
    why: str = ""


class Review(Struct, frozen=True, gc=False):
    """The incident review (RCA)."""

    owner: str = ""
    why: str = ""
    started: datetime | None = None
    completed: datetime | None = None
    severity: Severity | None = None
    impact: str = ""
    root_cause: str = ""
    detection: str = ""
    lessons: str = ""


class CorrectiveAction(Struct, frozen=True, gc=False):
    """A follow-up with an owner and a date; `evidence` shows that it is done."""

    index: int
    key: str
    title: str
    owner: str = ""
    severity: Severity | None = None
    due: date | None = None
    done: date | None = None
    evidence: str = ""
    wont_do: str = ""

    @property
    def closed(self) -> bool:
        """Whether nothing is left to do."""
        return self.done is not None or bool(self.wont_do)


class Related(Struct, frozen=True, gc=False):
    """Another record and how this one relates to it."""

    to: str
    kind: str = field(name="as")


class Waiver(Struct, frozen=True, gc=False):
    """An exception to a rule, granted by a person until a day (inclusive)."""

    index: int
    rule: str
    reason: str
    until: date
    by: str


class RecordSections(Struct, frozen=True, kw_only=True, gc=False):
    """What a record says besides its timeline, as the schema has it."""

    kind: Kind
    title: str
    services: tuple[str, ...] = ()
    audience: Audience = Audience.INTERNAL
    security: Security | None = None
    not_published: NotPublished | None = None
    alerts: tuple[Alert, ...] = ()
    impact: Impact | None = None
    review: Review | None = None
    corrective_actions: tuple[CorrectiveAction, ...] = ()
    no_actions_because: str = ""
    links: dict[str, str] = {}
    related: tuple[Related, ...] = ()
    waivers: tuple[Waiver, ...] = ()


class Incident(RecordSections, frozen=True, kw_only=True, gc=False):
    """One record, incident or near miss. `snapshots[i]` is what was true right after `timeline[i]`.

    `acts` are the entries that are more than a note or a text for customers alone: few, and nothing changes but with
    one of them. `published` are the entries with a text for customers.
    """

    id: str
    source: Document
    timeline: tuple[Entry, ...]
    acts: tuple[Entry, ...]
    published: tuple[Entry, ...]
    snapshots: tuple[Snapshot, ...]

    @property
    def declared(self) -> datetime:
        """When the first entry was made."""
        return self.timeline[0].at

    @property
    def updated(self) -> datetime:
        """When the last entry was made."""
        return self.timeline[-1].at

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
        return min([e.severity for e in self.acts if e.severity], key=_RANK, default=None)

    @property
    def widest_audience(self) -> Audience:
        """The widest audience that the record ever had."""
        return max((self.audience, *[e.audience for e in self.acts if e.audience]), key=lambda a: a.width)

    def at(self, moment: datetime) -> Snapshot | None:
        """Return what was true at a moment, entries of that very moment included; None before the first entry."""
        found = None
        for entry, snapshot in zip(self.timeline, self.snapshots, strict=True):
            if entry.at > moment:
                break
            found = snapshot
        return found

    def first(self, count: int) -> "Incident":
        """Return the record as it was after its first entries."""
        return replace(
            self,
            timeline=self.timeline[:count],
            acts=tuple(entry for entry in self.acts if entry.index < count),
            published=tuple(entry for entry in self.published if entry.index < count),
            snapshots=self.snapshots[:count],
        )

    def before(self, entry: Entry) -> Snapshot | None:
        """Return what was true before an entry; None for the first."""
        return self.snapshots[entry.index - 1] if entry.index else None

    def role_intervals(self) -> tuple[RoleInterval, ...]:
        """Return who held which role from when until when, in the order they began."""
        return role_intervals(self.timeline)

    def runs(self) -> Iterator[tuple[int, Entry | None]]:
        """Return the index of the first entry of each run, and the entry that resolved it; None for one that goes on.

        A run is from the declaration, or a reopen, to the resolve.
        """
        start: int | None = 0
        for entry in self.acts:
            if self.snapshots[entry.index].state is _RESOLVED:
                if start is not None:
                    yield start, entry
                start = None
            elif start is None:
                start = entry.index
        if start is not None:
            yield start, None

    def intervals(self, holds: Callable[[Snapshot], bool]) -> Iterator[TimelineInterval]:
        """Return where something held without a break."""
        start = 0 if holds(self.snapshots[0]) else None
        for entry in self.acts:
            if not holds(self.snapshots[entry.index]):
                if start is not None:
                    yield TimelineInterval(start, entry.index, self.timeline[start].at, entry.at)
                start = None
            elif start is None:
                start = entry.index
        if start is not None:
            yield TimelineInterval(start, len(self.timeline), self.timeline[start].at, None)

    def resolves(self) -> Iterator[tuple[int, Entry]]:
        """Return every entry that resolved a run, each with the index of the first entry of the run."""
        return ((start, entry) for start, entry in self.runs() if entry is not None)

    def began(self, index: int, what: Callable[[Snapshot], object]) -> int:
        """Return the index of the entry with which something began that is true after the entry at `index`."""
        value = what(self.snapshots[index])
        while index and what(self.snapshots[index - 1]) == value:
            index -= 1
        return index
