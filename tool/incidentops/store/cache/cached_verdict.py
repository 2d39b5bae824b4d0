"""What an earlier run found out about one record, as values that msgspec writes and reads."""

from datetime import datetime

from msgspec import Struct

from incidentops.core.finding import Finding


class RecordFacts(Struct, frozen=True, gc=False, array_like=True):
    """What other records need to know of one: its relations and their kind, when it was declared, where it is live.

    `services` are those it was declared on, `live_on` those it is live on now.
    """

    related: tuple[tuple[str, str], ...] = ()
    declared: datetime | None = None
    services: tuple[str, ...] = ()
    live_on: tuple[str, ...] = ()


NO_FACTS = RecordFacts()
"""Of a near miss without relations, and of what cannot be read."""


class CachedVerdict(Struct, frozen=True, gc=False, array_like=True):
    """The verdict on a file, which holds before `until`.

    `stat` is how the file looked when it was read; empty when it may change and still look so.
    """

    stat: str
    blob: str
    until: datetime
    findings: tuple[Finding, ...] = ()
    facts: RecordFacts = NO_FACTS
