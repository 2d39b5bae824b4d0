"""The handbook: the process as data. Defaults are a usual practice (docs/services.md: The response process)."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import time, timedelta
from enum import StrEnum

from msgspec import Struct

from incidentops.core.source import DataNode, Document
from incidentops.model.vocabulary import Role, Severity, State

PRIVATE_HOSTS = (
    "localhost", ".internal", ".local", ".lan", ".corp", ".intranet", ".home.arpa", ".svc", ".cluster.local",
)  # fmt: skip


class RuleSetting(StrEnum):
    """What a handbook makes of a rule that can be waived."""

    OFF = "off"
    ADVISE = "advise"
    BLOCK = "block"


class RoleSetup(Struct, frozen=True):
    """A role's name in this organisation and the schedules that say who has it."""

    name: str
    schedules: tuple[str, ...]


class SeveritySetup(Struct, frozen=True):
    """What a severity asks for: whom to page, how often to tell customers, when actions are due, whether a review."""

    meaning: str
    page: tuple[Role, ...]
    announce: bool
    update_every: Mapping[State, timedelta]
    corrective_action_due: timedelta
    review_required: bool


class Timers(Struct, frozen=True):
    """The handbook's times. `review_started` is a span, or None for the end of the working day."""

    acknowledge: timedelta = timedelta(minutes=15)
    investigating: timedelta = timedelta(minutes=30)
    monitoring: timedelta = timedelta(minutes=30)
    short_incident: timedelta = timedelta(minutes=60)
    review_started: timedelta | None = None
    publish_max_age: timedelta = timedelta(hours=2)
    clock_skew: timedelta = timedelta(minutes=5)


class Service(Struct, frozen=True):
    """A service that can fail. `places` are, by provider, the things there that stand for it."""

    key: str
    name: str
    places: Mapping[str, tuple[str, ...]]
    slo: Mapping[str, float]
    queries: Mapping[str, str]


class Person(Struct, frozen=True):
    """Somebody who may stand in a record. `accounts` are the names or ids that they have, by provider."""

    key: str
    name: str
    accounts: Mapping[str, str]
    email: tuple[str, ...]
    timezone: str
    day_ends: time


class TrackerProject(Struct, frozen=True):
    """A project, on a server, that customers cannot open: no address inside it may reach them."""

    url: str
    project: str


class Handbook(Struct, frozen=True):
    """The whole process. `ownership` is the cascade from the lowest to the highest role.

    What belongs to one provider is its own to read (`written`); what the process has to know of it is here in general
    words: `channels` are those that public messages go to besides the page, `private_projects` what must not be linked.
    """

    source: Document
    organisation: str
    roles: Mapping[Role, RoleSetup]
    ownership: tuple[Role, ...]
    severities: Mapping[Severity, SeveritySetup]
    timers: Timers
    services: Mapping[str, Service]
    people: Mapping[str, Person]
    private_hosts: tuple[str, ...]
    channels: frozenset[str]
    private_projects: tuple[TrackerProject, ...]
    rules: Mapping[str, RuleSetting]

    def written(self, *path: str) -> DataNode:
        """Return the mapping that stands at a path of the document; an empty one when there is none."""
        node: object = self.source.data
        for key in path:
            node = node.get(key) if isinstance(node, Mapping) else None
        return node if isinstance(node, Mapping) else {}


ANY = "*"
"""Stands in a path for every key of a mapping."""


class DeprecatedKey(Struct, frozen=True):
    """A key of the handbook that is going away: readable for two minor versions, ignored, and named by `doctor`.

    `since` is the version that ignores it first. It stays in the schema, marked `deprecated`, while it is listed here.
    """

    path: tuple[str, ...]
    since: str
    replacement: str


DEPRECATED: tuple[DeprecatedKey, ...] = ()
"""None now (docs/decisions/0023-providers-own-everything.md)."""


def deprecated_keys(
    handbook: DataNode, known: Iterable[DeprecatedKey] = DEPRECATED
) -> Iterator[tuple[str, DeprecatedKey]]:
    """Yield where a handbook has a deprecated key, as `people.ana.pager`, and what is known of that key."""
    for key in known:
        yield from ((".".join(path), key) for path in _found(handbook, key.path))


def _found(node: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not path:
        yield ()
    elif isinstance(node, dict):
        names = list(node) if path[0] == ANY else [name for name in (path[0],) if name in node]
        for name in names:
            yield from ((name, *rest) for rest in _found(node[name], path[1:]))
