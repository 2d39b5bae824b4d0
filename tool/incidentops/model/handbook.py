"""The handbook: the process as data. Defaults are GitLab's own practice (facts/providers.md F)."""

from collections.abc import Mapping
from datetime import time, timedelta
from enum import StrEnum

from msgspec import Struct

from incidentops.core.source import Document
from incidentops.model.vocabulary import Role, Severity, State

PRIVATE_HOSTS = (
    "localhost", ".internal", ".local", ".lan", ".corp", ".intranet", ".home.arpa", ".svc", ".cluster.local",
)  # fmt: skip


class RuleSetting(StrEnum):
    """What a handbook makes of a rule that can be waived."""

    OFF = "off"
    ADVISE = "advise"
    BLOCK = "block"


class Label(Struct, frozen=True):
    """A GitLab label that belongs to us: `color` is `#rrggbb`.

    `styled` names which of the two the handbook gave itself: a label that is there already is changed in those only.
    """

    name: str
    color: str
    description: str
    styled: frozenset[str] = frozenset()


class RoleSetup(Struct, frozen=True):
    """A role's name in this organisation and the schedules that say who has it."""

    name: str
    schedules: tuple[str, ...]


class SeveritySetup(Struct, frozen=True):
    """What a severity asks for: whom to page, how often to tell customers, when actions are due, whether a review."""

    label: Label
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
    """A service that can fail: its GitLab label and its `<component>-<container>` pairs on Status.io."""

    key: str
    name: str
    label: Label
    statusio: tuple[str, ...]
    slo: Mapping[str, float]
    queries: Mapping[str, str]


class Person(Struct, frozen=True):
    """Somebody who may stand in a record. `gitlab` is the GitLab username."""

    key: str
    name: str
    gitlab: str
    email: tuple[str, ...]
    slack: str
    pagerduty: str
    timezone: str
    day_ends: time


class GitLabSetup(Struct, frozen=True):
    """Where issues live and which labels are ours. `public` says that customers can open the issues."""

    url: str
    project: str
    public: bool
    managed: Label
    incident: Label
    near_miss: Label
    review: Label
    corrective_action: Label
    active: Label
    mitigated: Label
    resolved: Label
    notes: str


class StatusioSetup(Struct, frozen=True):
    """The status page, and which of its channels a message goes to (flag names as Status.io has them)."""

    page: str
    notify: Mapping[str, bool]


class Handbook(Struct, frozen=True):
    """The whole process. `ownership` is the cascade from the lowest to the highest role."""

    source: Document
    organisation: str
    roles: Mapping[Role, RoleSetup]
    ownership: tuple[Role, ...]
    severities: Mapping[Severity, SeveritySetup]
    timers: Timers
    services: Mapping[str, Service]
    people: Mapping[str, Person]
    private_hosts: tuple[str, ...]
    gitlab: GitLabSetup
    statusio: StatusioSetup
    rules: Mapping[str, RuleSetting]

    def labels(self) -> tuple[Label, ...]:
        """Return every label that the handbook names, each name once, in a fixed order."""
        lab = self.gitlab
        named = (
            lab.managed, lab.incident, lab.near_miss, lab.review, lab.corrective_action,
            lab.active, lab.mitigated, lab.resolved,
            *(setup.label for setup in self.severities.values()),
            *(service.label for service in self.services.values()),
        )  # fmt: skip
        return tuple({label.name: label for label in reversed(named)}.values())[::-1]
