"""One item of the timeline, and the text that stands for its content."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from incidentops.model.vocabulary import Audience, Role, Severity, State, Status

_DECISIONS = frozenset(("severity", "state", "status", "services", "audience", "engage", "release"))


def canonical(value: object) -> str:
    """Return data as one text, the same however the file is laid out and its keys are ordered."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


class Entry(Struct, frozen=True, gc=False):
    """One item of the timeline. `content` is the entry as the file has it; `index` counts from 0."""

    index: int
    at: datetime
    by: str
    content: Mapping[str, object]
    publish: str = ""
    note: str = ""
    severity: Severity | None = None
    state: State | None = None
    status: Status | None = None
    services: tuple[str, ...] = ()
    audience: Audience | None = None
    engage: Role | None = None
    release: Role | None = None
    page: Role | None = None
    who: str = ""
    why: str = ""

    @property
    def decides(self) -> bool:
        """Whether anything that is true after it can differ from what was true before."""
        return not _DECISIONS.isdisjoint(self.content)

    @property
    def person(self) -> str:
        """Who an `engage` or `release` is about."""
        return self.who or self.by

    @property
    def key(self) -> str:
        """The entry key: 12 hex digits over the canonical content, stable because landed entries do not change."""
        return hashlib.sha256(canonical(self.content).encode("utf-8", "surrogatepass")).hexdigest()[:12]
