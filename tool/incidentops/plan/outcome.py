"""How an effect ended."""

from dataclasses import dataclass
from enum import StrEnum

from incidentops.plan.effect import Effect


class Ending(StrEnum):
    """How an effect ended. `waiting` was not tried, because something before it did not get done."""

    DONE = "done"
    HELD = "held"
    MANUAL = "manual"
    FAILED = "failed"
    UNKNOWN = "unknown"
    REFUSED = "refused"
    WAITING = "waiting"


@dataclass(frozen=True, slots=True)
class Outcome:
    """An effect and how it ended; `said` is the reason or what was made, `url` where to look at it."""

    effect: Effect
    ending: Ending
    said: str = ""
    url: str = ""

    @property
    def well(self) -> bool:
        """Whether nothing is left for a later run."""
        return self.ending in (Ending.DONE, Ending.HELD, Ending.MANUAL)
