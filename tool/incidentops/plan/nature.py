"""What kind of thing a resource is. How it is made, kept, ordered and braked follows from that, and only from here."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from msgspec import Struct


class Nature(StrEnum):
    """The kinds of things that a record wants at a service."""

    STATE = "state"
    """Kept true: an issue, a label, the status of a component."""

    MESSAGE = "message"
    """Sent once, in the order of its thread, never repeated."""

    PAGE = "page"
    """Calls a person: before everything else, and whatever else is broken."""

    ALARM = "alarm"
    """A reminder that is armed at a service ahead of time, and cancelled when it is not needed any more."""

    LOOKUP = "lookup"
    """Looked up and never made: a user."""

    @property
    def treatment(self) -> "Treatment":
        """What follows from it."""
        return _TREATMENTS[self]


class Treatment(Struct, frozen=True):
    """What follows from a nature.

    `rank`: who is served first; people (0), customers (1), the rest (2).
    `made`: whether a run makes it; what is not made is only looked up.
    `watched`: whether its fields are compared with what the service shows, or with what the ledger remembers.
    `intent`: whether an intent is in the ledger before it is made. A page does not wait for the ledger: its key at
    the pager shows the next run that it rang.
    `capped`: whether it counts towards the most that one run creates. Pages and messages do not, so that nobody waits
    for help or for news.
    `urgent`: whether it goes out even when it is not known whether it went out already.
    """

    rank: int = 2
    made: bool = True
    watched: bool = False
    intent: bool = True
    capped: bool = True
    urgent: bool = False


_TREATMENTS: Mapping[Nature, Treatment] = MappingProxyType(
    {
        Nature.STATE: Treatment(watched=True),
        Nature.MESSAGE: Treatment(rank=1, watched=True, capped=False),
        Nature.PAGE: Treatment(rank=0, intent=False, capped=False, urgent=True),
        Nature.ALARM: Treatment(),
        Nature.LOOKUP: Treatment(made=False, capped=False),
    }
)
