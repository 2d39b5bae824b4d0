"""A whole repository against the sandbox over HTTP: real providers, real requests, a ledger in memory.

`die_after(n)` lets the process die right after its n-th step that leaves this process: a request to a service, or
a push of the ledger. Nothing of ours runs after it, as after SIGKILL; then `revive` starts a new process.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest
import requests
from msgspec.structs import replace

from incidentops.core.pauses import Pauses
from incidentops.core.variable import values_of
from incidentops.flows.reconcile.lease import LeaseTerms
from incidentops.flows.reconcile.plan import PlanInputs
from incidentops.flows.reconcile.reconcile import ReconcileReport, ReconcileTask, reconcile
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.model.handbook import Handbook
from incidentops.providers.registry import build, variables
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from incidentops.sandbox.seed import PAIRS, STATUSIO_PAGE
from incidentops.store.ledger.branch import WaitPolicy
from make import a_handbook, a_record, an_entry
from pacing import no_pauses
from providers.memory import Death, MemoryLedger, MemoryRecords
from sandboxes import Sandbox

NOW = datetime.fromisoformat("2026-11-21T15:30:00Z")
REGISTRY = "incidents/2026/2026-11-21-registry-503.yaml"
NEAR_MISS = "incidents/2026/2026-11-21-certificate.yaml"

DECLARED = (
    an_entry("14:02", severity="S2", engage="eoc", note="Paged by RegistryErrorRatio"),
    an_entry(
        "14:05", state="investigating", status="partial_service_disruption",
        publish="Some image pushes are failing. We are investigating.",
    ),
)  # fmt: skip
MANAGED = (
    *DECLARED,
    an_entry("14:06", page="imoc"),
    an_entry("14:11", by="bo", engage="imoc"),
    an_entry("14:18", by="bo", publish="We are still looking for the cause."),
    an_entry("14:30", state="identified", publish="We found the cause."),
    an_entry("14:41", state="monitoring", publish="A fix is in place."),
)
RESOLVED = (
    *MANAGED,
    an_entry("15:20", by="bo", state="resolved", status="operational", publish="Image pushes work again."),
)
ACTIONS = [
    {"key": "pin-chart", "title": "Pin the chart", "owner": "ana", "severity": "S2", "due": "2026-12-05"},
    {
        "key": "alert",
        "title": "Alert on it",
        "owner": "bo",
        "due": "2026-12-05",
        "done": "2026-11-21",
        "evidence": "!4",
    },
]


ALL = PlanOptions(max_creates=20)


def a_file(*entries: Mapping[str, object], **changes: object) -> bytes:
    return json.dumps(a_record(*entries, **{"audience": "public", **changes})).encode()


def the_scenario() -> tuple[dict[str, bytes], ...]:
    """What landed, one step after the other."""
    near_miss = json.dumps(
        a_record(
            an_entry("15:00", severity="S1", note="Nine hours left"),
            kind="near_miss", title="The web certificate had nine hours left", services=["web"],
        )
    ).encode()  # fmt: skip
    return (
        {REGISTRY: a_file(*DECLARED)},
        {REGISTRY: a_file(*MANAGED)},
        {REGISTRY: a_file(*RESOLVED, corrective_actions=ACTIONS), NEAR_MISS: near_miss},
    )


def the_handbook() -> Handbook:
    return a_handbook(
        people={"ana": {"name": "Ana Alvarez"}, "bo": {"name": "Bo Berg"}, "cem": {"name": "Cem Celik"}},
        services={
            "registry": {"name": "Registry", "statusio": [PAIRS["Container Registry"]]},
            "web": {"name": "Web", "statusio": [PAIRS["Website"]]},
        },
        statusio={"page": STATUSIO_PAGE, "notify": {"email": True}},
        gitlab={"project": "acme/production"},
    )


@dataclass
class Stage:
    """One repository and one sandbox; each `run` is a new process with clients of its own."""

    box: Sandbox
    records: MemoryRecords = field(default_factory=lambda: MemoryRecords({}))
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    handbook: Handbook = field(default_factory=the_handbook)
    now: datetime = NOW
    runs: int = 0
    access: Mapping[str, Any] = field(default_factory=dict)
    pauses: Pauses = field(default_factory=no_pauses)

    def question(self, choice: PlanOptions = ALL, *, writable: bool = True) -> PlanInputs:
        values = values_of({**self.box.environment(), **self.access}, variables())
        providers = build(values, self.handbook, self.pauses, writable=writable)
        rules = prepare(context(self.now, self.handbook))
        return PlanInputs(
            self.records,
            self.handbook,
            providers,
            lambda incident, text: rules.check(incident, text).findings,
            self.now,
            choice,
        )

    def run(self, question: PlanInputs | None = None, **changes: Any) -> ReconcileReport:
        self.runs += 1
        pauses = self.pauses
        policy = WaitPolicy(timedelta(0), timedelta(minutes=5), pauses.sleep, pauses.monotonic, lambda _: None)
        terms = LeaseTerms(self.ledger, f"run {self.runs}", policy, lambda: self.now)
        task = ReconcileTask(question or self.question(), terms, lambda _: None)
        return reconcile(replace(task, **changes))

    def land(self, files: Mapping[str, bytes]) -> None:
        self.records.files.update(files)

    def play(self) -> list[ReconcileReport]:
        """Land the scenario step by step and reconcile after each."""
        reports = []
        for files in the_scenario():
            self.land(files)
            reports.append(self.run())
        return reports

    def world(self) -> dict[str, object]:
        """Everything that people would see, ids and times of the sandbox aside."""
        issues = [
            {
                "title": issue["title"],
                "state": issue["state"],
                "labels": sorted(issue["labels"]),
                "assignees": sorted(person["username"] for person in issue["assignees"]),
                "severity": issue["severity"],
                "confidential": issue["confidential"],
                "due": issue["due_date"],
                "type": issue["issue_type"],
                "description": issue["description"],
                "notes": [note["body"] for note in self.box.notes(issue["iid"])],
            }
            for issue in self.box.issues()
        ]
        titles = {issue["iid"]: issue["title"] for issue in self.box.issues()}
        return {
            "issues": sorted(issues, key=lambda issue: str(issue["title"])),
            "links": sorted(tuple(sorted((titles[one], titles[two]))) for one, two in self.box.links()),
            "page": page_of(self.box),
            "components": self.box.component_statuses(),
            "todos": len(self.box.todos()),
        }


def page_of(box: Sandbox) -> list[object]:
    """Every incident on the status page with its messages, oldest first."""
    return [
        (incident["name"], [(m["state"], m["status"], m["details"]) for m in incident["messages"]])
        for incident in box.statusio_incidents()
    ]


@contextmanager
def mortal(monkeypatch: pytest.MonkeyPatch, stage: Stage, after: int | None) -> Iterator[Death]:
    """Let the process die after so many steps; None counts them only."""
    death = Death(after)
    send = requests.adapters.HTTPAdapter.send

    def counted(adapter: Any, *arguments: Any, **options: Any) -> Any:
        death.step()
        try:
            return send(adapter, *arguments, **options)
        finally:
            death.done()

    with monkeypatch.context() as patch:
        patch.setattr(requests.adapters.HTTPAdapter, "send", counted)
        stage.ledger.death = death
        try:
            yield death
        finally:
            stage.ledger.death = Death()
