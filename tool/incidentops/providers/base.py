"""What a provider is to the flows. The core never learns more about a service than this."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from incidentops.core.errors import Failed, IncidentError
from incidentops.core.text import quoted
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.plan.effect import Effect
from incidentops.plan.resource import (
    NOTHING,
    Fields,
    Intent,
    LedgerEntry,
    NewsPolicy,
    Receipt,
    Ref,
    Resource,
    ResourceName,
    Sighting,
    Value,
)


class NotFound(Failed):
    """The service has no such thing, or does not show it to us."""


class Forbidden(Failed):
    """The service does not let us."""


class RecordContext(Struct, frozen=True):
    """What a record's resources depend on besides the record.

    `entry` is what the ledger holds of this incident; `live` are all live incidents of the repository; `late` says that
    skipped news is to be sent after all.
    """

    handbook: Handbook
    now: datetime
    entry: LedgerEntry
    live: tuple[Incident, ...] = ()
    late: bool = False

    @property
    def news_policy(self) -> NewsPolicy:
        """What counts as late news."""
        return NewsPolicy(self.now, self.handbook.timers.publish_max_age, self.late)


class Query(Struct, frozen=True):
    """One resource to look at. With a receipt it is read by its id; without, it is looked for by its marker.

    `since` is the earliest moment at which it can have been made: a bound for the search.
    """

    resource: Resource
    receipt: Receipt | None
    intent: Intent | None
    since: datetime


class ApplyRequest(Struct, frozen=True):
    """One effect to carry out. `ids` are those of everything that the resource needs and that is there."""

    effect: Effect
    incident: Incident | None
    handbook: Handbook
    receipt: Receipt | None
    ids: Mapping[ResourceName, str] = {}

    def id_of(self, value: Value) -> str:
        """Return the id of what a field refers to. Raises Failed for a value that refers to nothing that is there."""
        if isinstance(value, Ref) and value.name in self.ids:
            return self.ids[value.name]
        missing = value.name.short if isinstance(value, Ref) else quoted(value)
        raise Failed(f"{self.effect.name.short} needs {missing}, which is not there")


class Applied(Struct, frozen=True):
    """What came of an effect: the id and address of the resource.

    `normalised` are the fields that the service shows otherwise than it was asked (one assignee on the Free tier), as
    it shows them.
    """

    id: str
    url: str
    normalised: Fields = NOTHING


class CheckStatus(StrEnum):
    """The outcome of a check. A warning needs attention and fails nothing; what is skipped could not be checked."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    SKIPPED = "skipped"


class Check(Struct, frozen=True):
    """One check of `doctor`: what was checked, the outcome, what was found, and what to do about it."""

    name: str
    status: CheckStatus
    message: str
    hint: str = ""

    @classmethod
    def ok(cls, name: str, message: str) -> "Check":
        """Return a check that found everything as it should be."""
        return cls(name, CheckStatus.OK, message)

    @classmethod
    def failed(cls, name: str, error: IncidentError) -> "Check":
        """Return a check that could not be made, or that an error failed."""
        return cls(name, CheckStatus.FAILED, error.message, error.hint)


class Provider(Protocol):
    """One service. `desired` and `shared` are pure; `observe` only reads; `apply` makes one effect true."""

    @property
    def name(self) -> str:
        """The word for it in names, plans and messages."""

    @property
    def not_configured(self) -> str:
        """Why it cannot be talked to (the variable that is missing), or nothing."""

    @property
    def rings(self) -> bool:
        """Whether it calls people: then its pages go out before anything waits."""

    def shared(self, handbook: Handbook) -> Sequence[Resource]:
        """Return what the whole repository wants there."""

    def desired(self, incident: Incident, context: RecordContext) -> Sequence[Resource]:
        """Return what one record wants there; where nothing else decides, effects keep this order."""

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        """Look at resources, in bulk. What was not asked about, or need not be read, is left out."""

    def apply(self, request: ApplyRequest) -> Applied:
        """Make one effect true.

        Raises Failed when the service refused and did nothing, Unknown when it may have done it: then the caller
        looks before anything is sent again.
        """

    def check(self, handbook: Handbook) -> Sequence[Check]:
        """Look at everything that has to be right before the first effect; only reads, never raises for a fault."""


class MergeRequest(Struct, frozen=True):
    """A merge request. `sha` is the newest commit of its source branch; `merged`: they are in the target branch."""

    iid: int
    url: str
    open: bool
    merged: bool
    sha: str
    target_branch: str


class MergeRequestNote(Struct, frozen=True):
    """A comment. A username can pass to somebody else, the author's number cannot."""

    id: int
    body: str
    author: str
    author_id: int


class MergeRequestApi(Protocol):
    """What a host of repositories is asked about merge requests; it is no effect, so it is a port of its own."""

    def my_id(self) -> int:
        """Return the number of our own user."""

    def merge_request(self, iid: int) -> MergeRequest:
        """Return a merge request."""

    def with_commit(self, commit: str) -> Sequence[MergeRequest]:
        """Return the merge requests that hold a commit, or were merged by it."""

    def artifact(self, iid: int, job: str, file: str) -> bytes | None:
        """Return a file that a job left in the newest pipeline of ours in which it succeeded; None without one."""

    def notes(self, iid: int) -> Sequence[MergeRequestNote]:
        """Return the comments on a merge request, oldest first."""

    def write_note(self, iid: int, body: str) -> MergeRequestNote:
        """Write a comment."""

    def change_note(self, iid: int, note: int, body: str) -> MergeRequestNote:
        """Change a comment of ours. Raises NotFound when it is gone, Forbidden when we may not."""
