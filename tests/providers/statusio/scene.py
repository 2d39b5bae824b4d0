"""The status page end to end: real flows, a ledger in memory, the real client, the sandbox over HTTP."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from incidentops.core.secret import Secret
from incidentops.flows.reconcile.lease import LeaseTerms
from incidentops.flows.reconcile.plan import PlanInputs, PlanResult, make_plan
from incidentops.flows.reconcile.reconcile import ReconcileReport, ReconcileTask, reconcile
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.model.handbook import Handbook
from incidentops.plan.resource import LedgerEntry
from incidentops.providers.statusio.client import StatusIoClient
from incidentops.providers.statusio.provider import StatusIo
from incidentops.providers.statusio.variables import StatusIoAccount
from incidentops.sandbox import seed
from incidentops.store.ledger.branch import WaitPolicy
from make import a_handbook, a_record, a_time, an_entry
from pacing import no_pauses
from providers.memory import Clock, Death, MemoryLedger, MemoryRecords
from sandboxes import Sandbox

REGISTRY, WEB, GIT = seed.PAIRS["Container Registry"], seed.PAIRS["Website"], seed.PAIRS["Git Operations"]
ID = "2026-11-21-registry-503"
OTHER = "2026-11-21-pages-slow"

FIRST = an_entry(
    "14:02", severity="S2", engage="eoc", state="investigating", status="partial_service_disruption",
    publish="Some image pushes are failing. We are investigating.",
)  # fmt: skip
SECOND = an_entry("14:20", state="identified", publish="We found the cause and prepare a fix.")
THIRD = an_entry("14:40", state="monitoring", status="degraded_performance", publish="A fix is in place.")
LAST = an_entry("15:20", state="resolved", status="operational", publish="Image pushes work again.")
ALL = (FIRST, SECOND, THIRD, LAST)


def a_page_handbook(**changes: object) -> Handbook:
    """A handbook whose services have places on the sandbox's page."""
    data = {
        "services": {
            "registry": {"name": "Registry", "statusio": [REGISTRY]},
            "web": {"name": "Web", "statusio": [WEB, REGISTRY]},
            "git": {"name": "Git", "statusio": [GIT]},
            "backup": {"name": "Backup"},
        },
        "statusio": {"page": seed.STATUSIO_PAGE, "notify": {"email": True, "social": True}},
        **changes,
    }
    return a_handbook(**data)


def an_account(box: Sandbox, **changes: object) -> StatusIoAccount:
    """The credentials of the sandbox, or others."""
    given = {"url": f"{box.url}/statusio/v2", "id": seed.STATUSIO_ID, "key": seed.STATUSIO_KEY, **changes}
    page = str(given.get("page", seed.STATUSIO_PAGE))
    return StatusIoAccount(str(given["url"]), Secret(str(given["id"])), Secret(str(given["key"])), page)


def a_client(box: Sandbox, *, writable: bool = True, **changes: object) -> StatusIoClient:
    """A client that does not wait."""
    return StatusIoClient(an_account(box, **changes), no_pauses(), writable=writable)


class MortalClient:
    """The real client, in a process that can die at any request."""

    def __init__(self, client: StatusIoClient, death: Death) -> None:
        self.page = client.page
        self._client = client
        self._death = death

    def get(self, path: str, **query: str | int) -> object:
        self._death.step()
        answer = self._client.get(path, **query)
        self._death.done()
        return answer

    def post(self, path: str, body: Mapping[str, object]) -> object:
        self._death.step()
        try:
            return self._client.post(path, body)
        finally:
            self._death.done()


@dataclass
class Scene:
    """Records, a ledger and a sandbox; each `run` is a new process."""

    box: Sandbox
    handbook: Handbook = field(default_factory=a_page_handbook)
    now: datetime = field(default_factory=lambda: a_time("15:30"))
    files: dict[str, bytes] = field(default_factory=dict)
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    runs: int = 0
    writable: bool = True

    def land(self, *entries: Mapping[str, object], name: str = ID, **changes: object) -> None:
        """Let a record be what the default branch has."""
        record = a_record(*entries, **{"audience": "public", **changes})
        self.files[f"incidents/2026/{name}.yaml"] = json.dumps(record).encode()

    def provider(self) -> StatusIo:
        return StatusIo(lambda: MortalClient(a_client(self.box, writable=self.writable), self.ledger.death))

    def question(self, **choice: bool) -> PlanInputs:
        return PlanInputs(
            MemoryRecords(self.files),
            self.handbook,
            [self.provider()],
            lambda *_: (),
            self.now,
            PlanOptions(**choice),
        )

    def plan(self, **choice: bool) -> PlanResult:
        return make_plan(self.question(**choice), self.ledger.read())

    def run(self, **choice: bool) -> ReconcileReport:
        self.runs += 1
        clock = Clock(self.now)
        policy = WaitPolicy(timedelta(0), timedelta(minutes=5), clock.sleep, clock.monotonic, lambda _: None)
        question = self.question(**choice)
        return reconcile(
            ReconcileTask(
                question, LeaseTerms(self.ledger, f"run {self.runs}", policy, lambda: self.now), lambda _: None
            )
        )

    def memory(self, name: str = ID) -> LedgerEntry:
        return self.ledger.read().entry(name)

    # What the page shows

    def messages(self) -> list[tuple[str, int, int]]:
        """Every message, oldest first: the text without its reference, state and status."""
        return [
            (row["details"].rpartition(" Ref ")[0], row["state"], row["status"]) for row in self.box.statusio_messages()
        ]

    def texts(self) -> list[str]:
        return [text for text, _, _ in self.messages()]

    def status(self, pair: str) -> int:
        return self.box.component_statuses()[pair]


def statuses(report: ReconcileReport) -> list[str]:
    """How each effect ended, with keys taken off."""
    return [f"{o.status} {o.effect.verb} {o.effect.name.short.partition('/')[0]}" for o in report.outcomes]


def what(report: ReconcileReport) -> Iterator[str]:
    """The detail of each outcome."""
    return (outcome.detail for outcome in report.outcomes)
