"""One thing that the handbook asks for: of whom, by when, and whether it was done."""

from datetime import datetime, timedelta

from msgspec import Struct

from incidentops.core import moment
from incidentops.core.finding import Pointer
from incidentops.model.vocabulary import Role


class Obligation(Struct, frozen=True, gc=False):
    """What is due by `due`, or, with `earliest`, must not be done until after it.

    `code` is the rule that reports it when its time was missed, `pointer` the place in the record. It counts from
    `since`; `name` tells apart what counts from one moment (an alert, an action). `role` and `person` answer for it.
    `met` is when it was done, `ended` when it stopped counting: the incident was over, or nothing asked for it any
    more. `lasting` means that it stays late when it is done late.
    """

    code: str
    pointer: Pointer
    since: datetime
    due: datetime
    role: Role | None
    person: str
    met: datetime | None
    ended: datetime | None
    name: str = ""
    earliest: bool = False
    lasting: bool = True

    @property
    def key(self) -> str:
        """Its identity within record and code: the moment it counts from, and its name if it has one.

        It stays the same while entries are added. Two with one key ask for the same thing from the same moment on.
        """
        since = moment.show(self.since)
        return f"{since}/{self.name}" if self.name else since

    @property
    def index(self) -> int:
        """The position of the entry, alert or action that it is about."""
        return next((step for step in self.pointer if isinstance(step, int)), 0)

    @property
    def open(self) -> bool:
        """Whether it is still to be done."""
        return self.met is None and self.ended is None

    @property
    def allowed(self) -> timedelta:
        """How long it may take."""
        return self.due - self.since

    def late_at(self, now: datetime) -> bool:
        """Whether its time was missed, as seen at `now`: not done by `due`, or done before it was allowed."""
        if self.earliest:
            return self.met is not None and self.met <= self.due
        if self.met is not None and (self.met <= self.due or not self.lasting):
            return False
        return (self.ended or now) > self.due
