"""Doctor: everything that has to be right before the first reconcile, looked at one by one. Only reads."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from incidentops.core import moment
from incidentops.core.errors import IncidentError
from incidentops.core.text import quoted
from incidentops.model.handbook import Handbook
from incidentops.providers.base import Check, Provider
from incidentops.store.git import merge
from incidentops.store.git.repository import Repository
from incidentops.store.ledger.branch import BRANCH, Ledger, LedgerState

ABSENT = (
    "messages on Slack: announcements and updates are not sent there",
    "pages through PagerDuty: a `page` entry is written down, and nobody's phone rings",
    "Google documents: `links.doc: wanted` makes none",
    "a watch over the timers: reconcile runs when a record lands and on the schedule, and reminds nobody in between",
)
"""What the records may ask for and this version does not do."""


@dataclass(frozen=True, slots=True)
class Variable:
    """One variable of the environment, by name only; its value is nobody's business."""

    name: str
    is_set: bool
    about: str


@dataclass(frozen=True, slots=True)
class DoctorInputs:
    """What is to be looked at. Each part is opened when its turn comes, and may fail to.

    `joins` tells of the merge driver: whether the repository gives records to it, and whether the clone knows it.
    `schemas` looks at what editors go by.
    """

    git: Callable[[], tuple[Repository, str, Ledger]]
    joins: Callable[[], tuple[bool, bool]]
    handbook: Callable[[], Handbook]
    schemas: Callable[[Handbook], Iterable[Check]]
    providers: Callable[[Handbook], Sequence[Provider]]


@dataclass(frozen=True, slots=True)
class DoctorReport:
    """What was found, in the order in which it was looked at."""

    variables: tuple[Variable, ...]
    checks: tuple[Check, ...]
    absent: tuple[str, ...] = ABSENT

    @property
    def well(self) -> bool:
        """Whether nothing has to be mended."""
        return all(check.well for check in self.checks)


def examine(patient: DoctorInputs, variables: Sequence[Variable]) -> DoctorReport:
    """Look at everything; what is wrong is a check that is not well, never an exception."""
    return DoctorReport(tuple(variables), (*_git(patient), *_joins(patient), *_handbook_and_services(patient)))


def _git(patient: DoctorInputs) -> Iterator[Check]:
    try:
        repository, remote, ledger = patient.git()
        branch = repository.default_branch(remote)
    except IncidentError as error:
        yield _trouble("git remote", error)
        return
    yield Check("git remote", well=True, said=f"it answers, and its default branch is {quoted(branch)}")
    try:
        yield from _ledger(ledger.read())
    except IncidentError as error:
        yield _trouble("ledger", error)


def _ledger(book: LedgerState) -> Iterator[Check]:
    if book.tip is None:
        said = f"the branch {BRANCH} is not there yet; the first reconcile makes it"
        yield Check("ledger", well=True, said=said)
        return
    pages = {incident: book.entry(incident) for incident in book.incidents()}
    yield Check("ledger", well=True, said=f"the branch {BRANCH} remembers {_many(len(pages), 'record')}")
    if book.running is not None:
        since = moment.show(book.running.at)
        said = f"the run {quoted(book.running.run)} is at work, or died at it; its last sign of life is from {since}"
        yield Check("ledger", well=True, said=said)
    promised = sorted(incident for incident, page in pages.items() if page.intents)
    if promised and book.running is None:
        yield Check(
            "ledger",
            well=False,
            said=f"{_many(len(promised), 'record')} with a promise that nobody saw kept, such as {quoted(promised[0])}",
            hint="run incident reconcile, which looks them up; what it cannot find out, incident adopt tells it",
        )


def _joins(patient: DoctorInputs) -> Iterator[Check]:
    """The merge driver. Without it nothing fails: two branches of one record are a conflict, as in any repository."""
    try:
        used, installed = patient.joins()
    except IncidentError:  # no git at all, which is told already
        return
    if used and installed:
        yield Check("merge driver", well=True, said="two branches of one record are joined by time")
        return
    steps = [] if used else [f"echo '{merge.ATTRIBUTES}' >> .gitattributes"]
    steps += [] if installed else [f"git config {key} '{value}'" for key, value in merge.SETTINGS.items()]
    said = "git is not told here to join two branches of one record, so they conflict"
    yield Check("merge driver", well=True, said=said, hint=" && ".join(steps))


def _handbook_and_services(patient: DoctorInputs) -> Iterator[Check]:
    try:
        handbook = patient.handbook()
    except IncidentError as error:
        yield _trouble("handbook", error)
        return
    people, services = _many(len(handbook.people), "person", "people"), _many(len(handbook.services), "service")
    yield Check("handbook", well=True, said=f"it can be used: {people}, {services}")
    yield from patient.schemas(handbook)
    for provider in patient.providers(handbook):
        yield from provider.check(handbook)


def _many(count: int, one: str, more: str = "") -> str:
    return f"{count} {one if count == 1 else more or one + 's'}"


def _trouble(what: str, error: IncidentError) -> Check:
    return Check(what, well=False, said=error.message, hint=error.hint)
