"""The plan is made of what is wanted and what is seen, and queries for no more than it needs."""

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta

import pytest

from incidentops.flows.reconcile.plan import PlanInputs, make_plan
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.plan.effect import Verb
from incidentops.plan.resource import SHARED, LedgerEntry, Receipt, ResourceName, Sighting
from incidentops.providers.base import Query
from make import NOW, a_handbook, a_record, an_entry
from providers.memory import MemoryLedger, MemoryProvider, MemoryRecords, World

FILE = "incidents/2026/2026-11-21-a.yaml"
RECORD = json.dumps(
    a_record(
        an_entry("15:02", severity="S3", publish="It fails"), an_entry("15:30", publish="Still"), audience="public"
    )
).encode()


class Asked(MemoryProvider):
    """Remembers what it was asked about."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self.queries: list[str] = []

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        self.queries += [query.resource.name.short.partition("/")[0] for query in queries]
        return super().observe(queries)


class Silent(MemoryProvider):
    """Answers nothing about what it was asked."""

    def observe(self, queries: Sequence[Query]) -> Mapping[ResourceName, Sighting]:
        return {}


def question(provider: MemoryProvider, **changes: object) -> PlanInputs:
    given: dict[str, object] = {
        "records": MemoryRecords({FILE: RECORD}),
        "handbook": a_handbook(),
        "providers": [provider],
        "check": lambda *_: (),
        "now": NOW,
    }
    return PlanInputs(**{**given, **changes})  # type: ignore[arg-type]


def test_of_a_record_that_the_ledger_does_not_know_everything_is_looked_for() -> None:
    provider = Asked(World())
    make_plan(question(provider), MemoryLedger().read())
    assert provider.queries == ["memory.label", "memory.issue", "memory.message", "memory.message"]


@pytest.mark.parametrize(
    ("adopted", "asked"), [(False, ["memory.issue"]), (True, ["memory.issue", *["memory.message"] * 2])]
)
def test_a_message_is_looked_for_unless_the_ledger_knows_all_that_was_made(adopted: bool, asked: list[str]) -> None:
    ledger, provider = MemoryLedger(), Asked(World())
    receipt = Receipt("1", "", {}, NOW, "run 1", adopted=adopted)
    entry = LedgerEntry("2026-11-21-a", receipts={"memory.issue": receipt})
    shared = LedgerEntry(SHARED, blob=a_handbook().source.blob)
    ledger.write(ledger.read(), {entry.incident: entry, SHARED: shared}, None, "")
    make_plan(question(provider), ledger.read())
    assert provider.queries == asked


def test_nothing_is_made_that_nobody_looked_for() -> None:
    plan = make_plan(question(Silent(World())), MemoryLedger().read()).plan
    issue = next(effect for effect in plan.effects if effect.name.kind == "issue")
    assert (issue.verb, issue.unresolved) == (Verb.CREATE, "it was not checked whether it exists already")


def test_a_provider_that_cannot_be_read_is_named_and_the_rest_is_planned() -> None:
    broken, fine = MemoryProvider(World(outage=True), "broken"), MemoryProvider(World(), "fine")
    plan = make_plan(question(broken, providers=[broken, fine]), MemoryLedger().read()).plan
    assert plan.unreachable == {"broken": "the service is out of reach"}
    assert {effect.name.provider for effect in plan.effects} == {"broken", "fine"}


def test_a_provider_that_is_not_configured_is_planned_from_the_ledger_without_a_query() -> None:
    world = World()
    plan = make_plan(question(MemoryProvider(world, not_configured="TOKEN is not set")), MemoryLedger().read()).plan
    assert plan.not_configured == {"memory": "TOKEN is not set"}
    assert world.reads == 0
    assert [effect.verb for effect in plan.effects] == [Verb.CREATE, Verb.CREATE, Verb.POST, Verb.POST]


def test_customers_come_first_with_what_they_need_and_records_follow_by_id() -> None:
    files = {FILE: RECORD, FILE.replace("-a", "-b"): RECORD}
    plan = make_plan(question(MemoryProvider(World()), records=MemoryRecords(files)), MemoryLedger().read()).plan
    named = [f"{effect.name.incident} {effect.name.kind}".removeprefix("2026-11-21-") for effect in plan.effects]
    assert named == [" label", *["a issue", "a message", "a message"], *["b issue", "b message", "b message"]]


def test_late_news_is_skipped_by_the_one_rule_until_it_was_sent() -> None:
    late = question(MemoryProvider(World()), now=NOW + timedelta(hours=5))
    messages = [e for e in make_plan(late, MemoryLedger().read()).plan.effects if e.name.kind == "message"]
    assert [message.skip_reason.partition(",")[0] for message in messages] == [
        "it is from 2026-11-21T15:02:00Z", "it is from 2026-11-21T15:30:00Z",
    ]  # fmt: skip
    sent = {message.name: Receipt("7", "", {}, NOW, "run 1") for message in messages}
    assert not [e for e in make_plan(late, MemoryLedger().read(), sent).plan.effects if e.name.kind == "message"]


def test_only_chosen_records_are_planned() -> None:
    files = {FILE: RECORD, FILE.replace("-a", "-b"): RECORD}
    asked = question(MemoryProvider(World()), records=MemoryRecords(files), options=PlanOptions(("2026-11-21-b",)))
    plan = make_plan(asked, MemoryLedger().read()).plan
    assert {effect.name.incident for effect in plan.effects} == {"", "2026-11-21-b"}


def test_what_the_cap_leaves_is_what_can_wait_longest() -> None:
    """Of an incident that is over, a mild one and a severe one, the severe one that is live is made."""
    entries = {
        "a": (an_entry("15:02", severity="S1"), an_entry("15:30", state="resolved", status="operational")),
        "b": (an_entry("15:02", severity="S4"),),
        "c": (an_entry("15:40", severity="S2"),),
    }
    files = {FILE.replace("-a", f"-{key}"): json.dumps(a_record(*some)).encode() for key, some in entries.items()}
    inputs = question(MemoryProvider(World()), records=MemoryRecords(files), options=PlanOptions(max_creates=1))
    issues = [effect for effect in make_plan(inputs, MemoryLedger().read()).plan.effects if effect.name.kind == "issue"]
    assert [(issue.name.incident[-1], bool(issue.unresolved)) for issue in issues] == [
        ("c", False), ("b", True), ("a", True),
    ]  # fmt: skip
