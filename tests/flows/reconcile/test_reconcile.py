"""Reconcile against an honest service in memory: whatever dies, nothing is made twice and nothing is lost."""

import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import timedelta

import pytest
from msgspec.structs import replace

from incidentops.core.errors import Failed, Refused
from incidentops.core.finding import Finding, Level, Location
from incidentops.flows.reconcile.lease import LeaseTerms
from incidentops.flows.reconcile.plan import PlanInputs, make_plan
from incidentops.flows.reconcile.reconcile import ReconcileReport, ReconcileTask, reconcile
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.model.incident import Incident
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.store.ledger.branch import WaitPolicy
from incidentops.store.ledger.format import RunMark, write_mark
from make import NOW, a_handbook, a_record, an_entry
from providers.memory import Clock, Death, Killed, MemoryLedger, MemoryProvider, MemoryRecords, World

HANDBOOK = a_handbook()
LIVE = (
    an_entry("15:02", severity="S2", engage="eoc", state="investigating", publish="Pushes fail"),
    an_entry("15:12", by="bo", engage="imoc", publish="We are still looking"),
)
RESOLVED = (
    *LIVE,
    an_entry("15:20", state="monitoring", publish="A fix is in"),
    an_entry("15:55", by="bo", state="resolved", status="operational", publish="Pushes work again"),
)


def a_file(*entries: object, name: str = "2026-11-21-registry-503", **changes: object) -> tuple[str, bytes]:
    record = a_record(*entries, **{"audience": "public", **changes})
    return f"incidents/2026/{name}.yaml", json.dumps(record).encode()


ALL = PlanOptions()
LEASE = timedelta(minutes=2)


class Scene:
    """A world, a ledger and records; each `run` is a new process."""

    def __init__(self, *files: tuple[str, bytes], names: Sequence[str] = ("memory",)) -> None:
        self.records = MemoryRecords(dict(files))
        self.worlds = {name: World() for name in names}
        self.ledger = MemoryLedger()
        self.clock = Clock(NOW)
        self.messages: list[str] = []
        self.runs = 0
        self.now = NOW
        self.findings: dict[str, tuple[Finding, ...]] = {}

    @property
    def world(self) -> World:
        return self.worlds["memory"]

    def question(self, choice: PlanOptions = ALL, not_configured: str = "") -> PlanInputs:
        def check(incident: Incident, text: str) -> Sequence[Finding]:
            return self.findings.get(incident.id, ())

        providers = [MemoryProvider(world, name, not_configured) for name, world in self.worlds.items()]
        return PlanInputs(self.records, HANDBOOK, providers, check, self.now, choice)

    def run(
        self, question: PlanInputs | None = None, wait: WaitPolicy | None = None, **changes: object
    ) -> ReconcileReport:
        self.runs += 1
        policy = wait or self.policy(timedelta(0))
        terms = LeaseTerms(self.ledger, f"run {self.runs}", policy, lambda: self.now)
        task = ReconcileTask(question or self.question(), terms, lambda _: None)
        return reconcile(replace(task, **changes))  # type: ignore[arg-type]

    def policy(self, lease: timedelta = LEASE, monotonic: Callable[[], float] | None = None) -> WaitPolicy:
        """How long to wait for another run; what is waited for goes to `messages`."""
        clock = monotonic or self.clock.monotonic
        return WaitPolicy(lease, timedelta(minutes=5), self.clock.sleep, clock, self.messages.append)

    def die_after(self, steps: int | None) -> Death:
        death = Death(steps)
        for world in self.worlds.values():
            world.death = death
        self.ledger.death = death
        return death

    def state(self) -> object:
        """What the world looks like, ids aside."""
        return {
            name: sorted((thing.marker, sorted(thing.fields.items())) for thing in world.things.values())
            for name, world in self.worlds.items()
        }


def statuses(report: ReconcileReport) -> list[str]:
    return [f"{outcome.status} {outcome.effect.name.short}" for outcome in report.outcomes]


def no_duplicates(scene: Scene) -> bool:
    return all(
        len({thing.marker for thing in world.things.values()}) == len(world.things) for world in scene.worlds.values()
    )


def test_a_landed_record_is_carried_out_and_a_second_run_sends_nothing() -> None:
    scene = Scene(a_file(*RESOLVED))
    first = scene.run()
    assert first.complete
    assert [thing.marker.split(" ")[-1].split("/")[0] for thing in scene.world.things.values()] == [
        "memory.label", "memory.issue", "memory.message", "memory.message", "memory.message", "memory.message",
        "memory.review",
    ]  # fmt: skip
    writes, reads, pushes = len(scene.world.writes), scene.world.reads, scene.ledger.pushes
    again = scene.run()
    assert again.plan.empty
    assert (len(scene.world.writes), scene.world.reads, scene.ledger.pushes) == (writes, reads, pushes)


def test_one_run_pushes_the_ledger_twice() -> None:
    scene = Scene(a_file(*LIVE))
    scene.run()
    assert scene.ledger.pushes == 2


def test_a_live_record_that_did_not_change_is_looked_at_and_left_alone() -> None:
    scene = Scene(a_file(*LIVE))
    scene.run()
    writes, pushes = len(scene.world.writes), scene.ledger.pushes
    report = scene.run()
    assert report.complete
    assert len(scene.world.writes) == writes
    assert scene.ledger.pushes == pushes


def _steps_of_a_whole_run() -> int:
    scene = Scene(a_file(*RESOLVED))
    death = scene.die_after(None)
    scene.run()
    return death.steps


@pytest.mark.parametrize("fatal", range(1, _steps_of_a_whole_run() + 1))
def test_killed_after_any_request_and_run_again_the_end_is_the_same(fatal: int) -> None:
    whole = Scene(a_file(*RESOLVED))
    whole.run()
    scene = Scene(a_file(*RESOLVED))
    scene.die_after(fatal)
    with pytest.raises(Killed):
        scene.run()
    scene.die_after(None)
    assert scene.run().complete
    assert scene.state() == whole.state()
    assert no_duplicates(scene)
    assert scene.run().plan.empty


@pytest.mark.no_cover
@pytest.mark.parametrize("second", range(1, 8))
@pytest.mark.parametrize("first", [2, 4, 6])
def test_killed_twice_and_run_again_the_end_is_the_same(first: int, second: int) -> None:
    whole = Scene(a_file(*RESOLVED))
    whole.run()
    scene = Scene(a_file(*RESOLVED))
    for fatal in (first, second):
        scene.die_after(fatal)
        with suppress(Killed):
            scene.run()
    scene.die_after(None)
    assert scene.run().complete
    assert scene.state() == whole.state()
    assert no_duplicates(scene)


@pytest.mark.parametrize("lost", range(1, 8))
def test_the_answer_of_any_write_is_lost_and_the_same_run_finds_out(lost: int) -> None:
    whole = Scene(a_file(*RESOLVED))
    whole.run()
    scene = Scene(a_file(*RESOLVED))
    scene.world.lose = {lost}
    scene.run()
    assert scene.run().complete
    assert scene.state() == whole.state()
    assert no_duplicates(scene)


def test_what_was_half_made_when_the_answer_was_lost_is_finished_in_the_same_run() -> None:
    scene = Scene(a_file(*RESOLVED))
    scene.world.lose = {2}
    scene.world.half = {"state": "opened"}
    assert scene.run().complete
    assert scene.world.made("2026-11-21-registry-503 memory.issue")[0].fields["state"] == "closed"
    assert scene.run().plan.empty


def test_an_effect_of_unknown_outcome_is_unresolved_and_nothing_later_overtakes_it() -> None:
    scene = Scene(a_file(*RESOLVED))
    scene.run(scene.question(PlanOptions(max_creates=0)))
    scene.world.lose = {2}
    scene.world.blind = True
    report = scene.run()
    assert not report.complete
    assert "unresolved memory.issue" in statuses(report)
    assert OutcomeStatus.DONE not in {o.status for o in report.outcomes if o.effect.name.incident}
    assert len(scene.world.writes) == 1


def test_a_dead_runs_intent_is_looked_up_before_anything_is_made() -> None:
    scene = Scene(a_file(*LIVE))
    scene.die_after(3)
    with pytest.raises(Killed):
        scene.run()
    scene.die_after(None)
    scene.world.blind = True
    report = scene.run()
    assert "unresolved memory.issue" in statuses(report)
    assert len(scene.world.made("2026-11-21-registry-503 memory.issue")) == 1
    scene.world.blind = False
    assert scene.run().complete
    assert no_duplicates(scene)


def test_more_creations_than_allowed_wait_for_the_next_run() -> None:
    files = [a_file(*LIVE[:1], name=f"2026-11-21-incident-{n}", audience="internal") for n in range(7)]
    for _, content in files:
        assert b"publish" in content
    scene = Scene(*files)
    report = scene.run()
    assert not report.complete
    assert sum(write == "create memory.issue" for write in scene.world.writes) == 5
    assert scene.run().complete
    assert sum(write == "create memory.issue" for write in scene.world.writes) == 7


def test_a_refusal_ends_only_its_own_record() -> None:
    scene = Scene(a_file(*LIVE, name="2026-11-21-a"), a_file(*RESOLVED, name="2026-11-21-b"))
    first_message = "post memory.message/" + _keys(LIVE)[0]
    scene.world.refuse = {first_message}
    report = scene.run()
    assert not report.complete
    ended = {str(o.effect.name): o.status for o in report.outcomes}
    assert ended["2026-11-21-a memory.issue"] is OutcomeStatus.DONE
    assert ended[f"2026-11-21-a memory.message/{_keys(LIVE)[0]}"] is OutcomeStatus.FAILED
    assert ended[f"2026-11-21-a memory.message/{_keys(LIVE)[1]}"] is OutcomeStatus.BLOCKED
    scene.world.refuse = set()
    assert scene.run().complete
    assert no_duplicates(scene)


def _keys(entries: Sequence[object]) -> list[str]:
    from make import an_incident

    return [entry.key for entry in an_incident(*entries).timeline]  # type: ignore[arg-type]


def test_one_unreachable_service_does_not_stop_the_other() -> None:
    scene = Scene(a_file(*LIVE), names=("memory", "other"))
    scene.worlds["memory"].outage = True
    report = scene.run()
    assert not report.complete
    assert report.plan.unreachable == {"memory": "the service is out of reach"}
    assert not scene.worlds["memory"].things
    assert len(scene.worlds["other"].things) == 4
    scene.worlds["memory"].outage = False
    assert scene.run().complete
    assert len(scene.worlds["memory"].things) == 4
    assert len(scene.worlds["other"].things) == 4


def test_a_provider_that_is_not_configured_shows_its_effects_and_does_none() -> None:
    scene = Scene(a_file(*LIVE))
    report = scene.run(scene.question(not_configured="MEMORY_TOKEN is not set"))
    assert not report.complete
    assert {o.detail for o in report.outcomes} == {"MEMORY_TOKEN is not set"}
    assert not scene.world.writes


def test_late_news_is_skipped_and_sent_only_when_asked_for() -> None:
    scene = Scene(a_file(*RESOLVED))
    scene.now = NOW + timedelta(hours=5)
    report = scene.run()
    assert report.complete
    assert sum(o.status is OutcomeStatus.SKIPPED for o in report.outcomes) == 4
    assert not any(write.startswith("post") for write in scene.world.writes)
    assert scene.run().plan.empty
    late = scene.run(scene.question(PlanOptions(late=True)))
    assert late.complete
    assert sum(write.startswith("post") for write in scene.world.writes) == 4
    assert scene.run(scene.question(PlanOptions(late=True))).plan.empty


def test_a_field_that_a_person_changed_is_restored_once_and_then_contested() -> None:
    scene = Scene(a_file(*LIVE))
    scene.run()
    issue = scene.world.made("2026-11-21-registry-503 memory.issue")[0]
    issue.fields["people"] = ("somebody",)
    report = scene.run()
    assert report.complete
    assert report.outcomes[0].effect.restored == ("people",)
    assert issue.fields["people"] == ("bo",)
    issue.fields["people"] = ("somebody",)
    for _ in range(2):
        stubborn = scene.run()
        assert not stubborn.complete
        assert stubborn.outcomes[0].detail.startswith("contested: a person moved it again after it was restored")
        assert issue.fields["people"] == ("somebody",)


def test_a_contested_field_is_ours_again_when_the_record_wants_something_else() -> None:
    scene = Scene(a_file(*LIVE))
    scene.run()
    issue = scene.world.made("2026-11-21-registry-503 memory.issue")[0]
    for _ in range(2):
        issue.fields["people"] = ("somebody",)
        scene.run()
    scene.records.files.update([a_file(*LIVE, an_entry("15:30", by="cy", engage="cmoc"))])
    assert scene.run().complete
    assert issue.fields["people"] == ("cy",)


def test_what_the_service_cannot_change_is_manual_until_a_person_did_it() -> None:
    scene = Scene(a_file(*LIVE))
    scene.run()
    scene.records.files.update([a_file(*LIVE, title="Image pushes fail")])
    for _ in range(2):
        report = scene.run()
        assert statuses(report) == ["manual memory.issue"]
        assert report.complete
    scene.world.made("2026-11-21-registry-503 memory.issue")[0].fields["title"] = "Image pushes fail"
    assert not scene.run().outcomes


def test_what_the_service_normalises_is_sent_once() -> None:
    scene = Scene(a_file(*LIVE))
    scene.world.keeps = {"people": ("only one",)}
    assert scene.run().complete
    writes = len(scene.world.writes)
    assert not scene.run().outcomes
    assert len(scene.world.writes) == writes


def test_an_object_that_is_gone_is_not_made_again() -> None:
    scene = Scene(a_file(*LIVE))
    scene.run()
    scene.world.things = {i: t for i, t in scene.world.things.items() if not t.marker.endswith("memory.issue")}
    writes = len(scene.world.writes)
    report = scene.run()
    assert not report.complete
    assert report.outcomes[0].detail == "memory.issue 2 is gone; nothing is made in its place"
    assert len(scene.world.writes) == writes


def test_what_is_there_already_is_adopted_and_updated_in_the_same_run() -> None:
    scene = Scene(a_file(*LIVE))
    scene.run()
    scene.ledger.files.clear()
    scene.world.made("2026-11-21-registry-503 memory.issue")[0].fields["state"] = "closed"
    report = scene.run(scene.question(PlanOptions(late=False)))
    assert "done memory.issue" in statuses(report)
    assert len(scene.world.made("2026-11-21-registry-503 memory.issue")) == 1
    assert scene.world.made("2026-11-21-registry-503 memory.issue")[0].fields["state"] == "opened"


def test_an_effect_that_was_not_approved_is_refused_before_anything_is_done() -> None:
    scene = Scene(a_file(*LIVE))
    plan = make_plan(scene.question(), scene.ledger.read()).plan
    digests = frozenset(effect.digest for effect in plan.effects)
    with pytest.raises(Refused, match="1 effect not in the approved plan"):
        scene.run(approved=digests - {plan.effects[-1].digest})
    assert not scene.world.writes
    assert scene.run(approved=digests | {"something else"}).complete


def test_a_record_that_a_rule_blocks_is_left_alone_and_the_others_are_not() -> None:
    scene = Scene(a_file(*LIVE, name="2026-11-21-a"), a_file(*LIVE, name="2026-11-21-b"))
    leak = Finding("COM003", Level.BLOCK, Location("incidents/2026/2026-11-21-a.yaml", 3, 1), "names '#12'")
    scene.findings["2026-11-21-a"] = (leak,)
    report = scene.run()
    assert not report.complete
    why = "incidents/2026/2026-11-21-a.yaml:3:1: COM003 block: names '#12'"
    assert report.plan.invalid_records == {"2026-11-21-a": why}
    assert {o.effect.name.incident for o in report.outcomes} == {"", "2026-11-21-b"}


def test_an_unreadable_record_is_left_alone_and_named() -> None:
    scene = Scene(a_file(*LIVE), ("incidents/2026/2026-11-21-broken.yaml", b"kind: [\n"))
    report = scene.run()
    assert list(report.plan.invalid_records) == ["2026-11-21-broken"]
    assert len(scene.world.made("2026-11-21-registry-503 memory.issue")) == 1


def test_interrupted_the_run_writes_down_what_it_did_and_gives_the_ledger_back() -> None:
    scene = Scene(a_file(*LIVE))

    def stop(outcome: Outcome) -> None:
        if outcome.effect.name.kind == "issue":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        scene.run(report=stop)
    assert scene.ledger.read().running is None
    memory = scene.ledger.read().entry("2026-11-21-registry-503")
    assert list(memory.receipts) == ["memory.issue"]
    assert not memory.intents
    assert not memory.blob
    assert scene.run().complete
    assert no_duplicates(scene)


class _RivalLedger(MemoryLedger):
    """A ledger in which somebody else is faster, so many times."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times

    def write(self, book, memories, mark, message):  # type: ignore[no-untyped-def]
        if self.times:
            self.times -= 1
            self.count += 1
        return super().write(book, memories, mark, message)


def test_a_run_that_comes_second_starts_over_and_does_what_is_left() -> None:
    scene = Scene(a_file(*LIVE))
    scene.ledger = _RivalLedger(1)
    assert scene.run().complete
    assert "another reconcile began at the same moment; starting over after it" in scene.messages
    assert no_duplicates(scene)


def test_a_run_that_is_always_second_gives_up_without_harm() -> None:
    scene = Scene(a_file(*LIVE))
    scene.ledger = _RivalLedger(99)
    with pytest.raises(Failed, match="nothing was done"):
        scene.run()
    assert not scene.world.writes


def test_a_living_run_is_waited_for_and_a_silent_one_is_taken_over() -> None:
    scene = Scene(a_file(*LIVE))
    scene.ledger.files["run.json"] = write_mark(RunMark("run 0", NOW - timedelta(seconds=20)))
    scene.ledger.count = 1
    assert scene.run(wait=scene.policy()).complete
    assert scene.clock.slept >= 120
    assert scene.messages[-1] == "the reconcile run 0 did not end; taking over what it left"


def test_a_mark_from_long_ago_is_not_waited_for() -> None:
    scene = Scene(a_file(*LIVE))
    scene.ledger.files["run.json"] = write_mark(RunMark("run 0", NOW - timedelta(hours=1)))
    scene.ledger.count = 1
    assert scene.run(wait=scene.policy()).complete
    assert scene.clock.slept == 0


def test_a_long_run_writes_heartbeats() -> None:
    scene = Scene(a_file(*RESOLVED))

    def tick() -> float:
        scene.clock.slept += 40
        return scene.clock.slept

    assert scene.run(wait=scene.policy(monotonic=tick)).complete
    assert scene.ledger.pushes > 2


def test_a_run_that_lost_its_lease_stops_before_the_next_creation() -> None:
    scene = Scene(a_file(*RESOLVED))
    ticks = iter(range(0, 4000, 100))

    def rival(outcome: Outcome) -> None:
        if outcome.effect.name.kind == "issue":
            scene.ledger.files["run.json"] = write_mark(RunMark("rival", NOW))
            scene.ledger.count += 1

    with pytest.raises(Refused, match="taken over"):
        scene.run(wait=scene.policy(monotonic=lambda: next(ticks)), report=rival)
    assert not any(write.startswith("post") for write in scene.world.writes)
    running = scene.ledger.read().running
    assert running is not None
    assert running.run == "rival"
    assert "memory.issue" in scene.ledger.read().entry("2026-11-21-registry-503").receipts
