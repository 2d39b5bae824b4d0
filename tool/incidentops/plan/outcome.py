"""What became of an effect in a run."""

from enum import StrEnum

from msgspec import Struct

from incidentops.plan.effect import Effect


class OutcomeStatus(StrEnum):
    """What became of an effect. `blocked` was not tried, because something that it depends on was not done."""

    DONE = "done"
    SKIPPED = "skipped"
    MANUAL = "manual"
    FAILED = "failed"
    UNRESOLVED = "unresolved"
    REFUSED = "refused"
    BLOCKED = "blocked"


class Outcome(Struct, frozen=True):
    """An effect and what became of it; `detail` is the reason or what was made, `url` where to look at it."""

    effect: Effect
    status: OutcomeStatus
    detail: str = ""
    url: str = ""

    @property
    def ok(self) -> bool:
        """Whether nothing is left for a later run."""
        return self.status in (OutcomeStatus.DONE, OutcomeStatus.SKIPPED, OutcomeStatus.MANUAL)
