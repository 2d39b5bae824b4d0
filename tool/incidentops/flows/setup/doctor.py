"""Doctor: check everything that a reconcile needs, one by one. Only reads."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from incidentops.core import moment
from incidentops.core.errors import IncidentError
from incidentops.core.text import numbered, quoted
from incidentops.model.handbook import DEPRECATED, DeprecatedKey, Handbook, deprecated_keys
from incidentops.providers.base import Check, CheckStatus, Provider
from incidentops.store.git import merge
from incidentops.store.git.repository import Repository
from incidentops.store.ledger.branch import BRANCH, Ledger, LedgerState

ABSENT = (
    "Slack: announcements and updates are not sent",
    "PagerDuty: a `page` entry is recorded, and no pager is called",
    "Google Docs: `links.doc: wanted` creates no document",
    "timers: reconcile runs when a record lands and on its schedule; nobody is reminded in between",
)
"""What records may ask for and this version does not do."""


class VariableStatus(Struct, frozen=True):
    """One variable of the environment: its name and purpose, never its value."""

    name: str
    is_set: bool
    about: str


class DoctorInputs(Struct, frozen=True):
    """What to check. Each part is opened when its turn comes, and may fail.

    `merge_driver` returns whether the repository uses the merge driver for records, and whether the clone has it
    configured. `schemas` checks what editors use. `deprecated` are the keys of the handbook that are going away.
    """

    git: Callable[[], tuple[Repository, str, Ledger]]
    merge_driver: Callable[[], tuple[bool, bool]]
    handbook: Callable[[], Handbook]
    schemas: Callable[[Handbook], Iterable[Check]]
    providers: Callable[[Handbook], Sequence[Provider]]
    deprecated: Sequence[DeprecatedKey] = DEPRECATED


class DoctorReport(Struct, frozen=True):
    """The checks in the order in which they were made."""

    variables: tuple[VariableStatus, ...]
    checks: tuple[Check, ...]

    @property
    def failed(self) -> bool:
        """Whether a check failed; warnings and what was skipped fail nothing."""
        return any(check.status is CheckStatus.FAILED for check in self.checks)

    @property
    def counts(self) -> Mapping[CheckStatus, int]:
        """How many checks had which outcome, every outcome named."""
        counted = Counter(check.status for check in self.checks)
        return {status: counted[status] for status in CheckStatus}


def examine(inputs: DoctorInputs, variables: Sequence[VariableStatus]) -> DoctorReport:
    """Check everything; a problem is a check that failed, never an exception."""
    checks = (*_git(inputs), *_merge_driver(inputs), *_handbook_and_services(inputs))
    return DoctorReport(tuple(variables), checks)


def _git(inputs: DoctorInputs) -> Iterator[Check]:
    try:
        repository, remote, ledger = inputs.git()
        branch = repository.default_branch(remote)
    except IncidentError as error:
        yield Check.failed("git remote", error)
        return
    if repository.prefix:
        where = quoted(repository.prefix)
        message = f"the records are in the folder {where} of another repository, and are pushed with it"
        yield Check("git repository", CheckStatus.FAILED, message, "give them a repository of their own: incident init")
    yield Check.ok("git remote", f"reachable, default branch {quoted(branch)}")
    try:
        yield _ledger(ledger.read())
    except IncidentError as error:
        yield Check.failed("ledger", error)


def _ledger(state: LedgerState) -> Check:
    if state.tip is None:
        return Check.ok("ledger", f"there is no branch {BRANCH} yet; the first reconcile creates it")
    entries = {incident: state.entry(incident) for incident in state.incidents()}
    if state.running is not None:
        run, at = quoted(state.running.run), moment.show(state.running.at)
        message = f"the run {run} is in progress, or it died; its last heartbeat is from {at}"
        return Check("ledger", CheckStatus.WARNING, message, "run incident reconcile, which waits for it or takes over")
    unresolved = sorted(incident for incident, entry in entries.items() if entry.intents)
    if unresolved:
        records = numbered(len(unresolved), "record")
        return Check(
            "ledger",
            CheckStatus.FAILED,
            f"a run died and left intents without receipts in {records}, such as {quoted(unresolved[0])}",
            "run incident reconcile, which looks them up; what it cannot find needs incident adopt",
        )
    return Check.ok("ledger", f"the branch {BRANCH} has {numbered(len(entries), 'record')}")


def _merge_driver(inputs: DoctorInputs) -> Iterator[Check]:
    """Check the merge driver. It is optional: without it two branches of one record conflict in git as any file."""
    try:
        used, installed = inputs.merge_driver()
    except IncidentError:  # not a git repository, which is a failed check already
        return
    if used and installed:
        yield Check.ok("merge driver", "git merges two branches of one record by time")
        return
    steps = [] if used else [f"echo '{merge.ATTRIBUTES}' >> .gitattributes"]
    steps += [] if installed else [f"git config {key} '{value}'" for key, value in merge.SETTINGS.items()]
    message = "not configured in this clone, so two branches of one record conflict"
    yield Check("merge driver", CheckStatus.WARNING, message, " && ".join(steps))


def _handbook_and_services(inputs: DoctorInputs) -> Iterator[Check]:
    try:
        handbook = inputs.handbook()
    except IncidentError as error:
        yield Check.failed("handbook", error)
        yield Check("services", CheckStatus.SKIPPED, "services are only checked with a valid handbook")
        return
    people, services = numbered(len(handbook.people), "person", "people"), numbered(len(handbook.services), "service")
    yield Check.ok("handbook", f"valid, with {people} and {services}")
    for path, key in deprecated_keys(handbook.source.data, inputs.deprecated):
        message = f"{quoted(path)} is deprecated since {key.since} and ignored"
        yield Check("handbook", CheckStatus.WARNING, message, f"use {key.replacement} instead")
    yield from inputs.schemas(handbook)
    found = [check for provider in inputs.providers(handbook) for check in provider.check(handbook)]
    yield from found
    if all(check.status is CheckStatus.SKIPPED for check in found):
        yield Check("services", CheckStatus.WARNING, "no service is configured: nothing was checked")
