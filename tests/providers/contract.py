"""The contract of a provider: what must hold for every one of them, whatever service it talks to.

Each promise is a function that gets a `Setting`: a service with a provider for it, which can die after any call, lose
an answer or be refused. It raises AssertionError when the promise is broken.
"""

import json
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache
from itertools import count
from typing import Any, Protocol

from incidentops.core.errors import Failed, Unknown
from incidentops.flows.reconcile.lease import LeaseTerms
from incidentops.flows.reconcile.plan import PlanInputs, make_plan
from incidentops.flows.reconcile.reconcile import ReconcileReport, ReconcileTask, reconcile
from incidentops.model.handbook import Handbook
from incidentops.plan.nature import Nature
from incidentops.plan.outcome import Outcome
from incidentops.plan.plan import Plan
from incidentops.providers.base import Applied, ApplyRequest, Provider
from incidentops.render import outcomes, plan_json, plans
from incidentops.store.ledger.branch import WaitPolicy
from make import a_record, a_time, an_entry
from providers.memory import Clock, Death, Killed, MemoryLedger, MemoryRecords

FILE = "incidents/2026/2026-11-21-registry-503.yaml"
ACTION = {"key": "pin-chart", "title": "Pin the chart", "owner": "ana", "severity": "S2", "due": "2026-12-05"}
DECLARED = (
    an_entry(
        "14:02", severity="S2", engage="eoc", state="investigating", status="partial_service_disruption",
        publish="Some image pushes are failing.",
    ),
    an_entry("14:06", page="imoc"),
)  # fmt: skip
LIVE = (
    *DECLARED,
    an_entry("14:11", by="bo", engage="imoc"),
    an_entry("14:30", state="identified", publish="We found the cause."),
    an_entry("14:41", state="monitoring", publish="A fix is in place."),
)
OVER = (*LIVE, an_entry("15:20", by="bo", state="resolved", status="operational", publish="Image pushes work again."))


_PURE = frozenset(method.__name__ for method in (Provider.desired, Provider.shared, Provider.check))


@dataclass
class CallFaults:
    """What goes wrong on the way to a service: death after a call, a lost answer, a refusal (writes count from 1)."""

    death: Death = field(default_factory=Death)
    lose: int = 0
    refuse: int = 0
    writes: int = 0


class Wire:
    """The way to a service, or to a provider that is its own service. Looks like what it leads to."""

    def __init__(self, target: Any, faults: CallFaults, writes: frozenset[str]) -> None:
        self._target = target
        self._faults = faults
        self._writes = writes

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._target, name)
        calls = callable(found) and name not in _PURE
        return (lambda *args, **named: self._call(name, found, *args, **named)) if calls else found

    def _call(self, name: str, found: Callable[..., Any], *args: Any, **named: Any) -> Any:
        faults = self._faults
        faults.death.step()
        faults.writes += name in self._writes
        if name in self._writes and faults.writes == faults.refuse:
            raise Failed("the service says no")
        try:
            answer = found(*args, **named)
        finally:
            faults.death.done()
        if name in self._writes and faults.writes == faults.lose:
            raise Unknown("the answer was lost")
        return answer


class Setting(Protocol):
    """A service, and what a run needs to work with it."""

    handbook: Handbook
    faults: CallFaults
    secrets: tuple[str, ...]

    def provider(self) -> Provider:
        """Return the provider as a new process has it."""
        ...

    def world(self) -> object:
        """Return everything of ours that people would see, without ids, times and what is foreign."""
        ...

    def objects(self) -> list[str]:
        """Return a text for each thing of ours that people would see, by which two of a kind are noticed."""
        ...

    def plant_foreign(self) -> None:
        """Let others make things that look like ours."""
        ...

    def foreign(self) -> object:
        """Return what others made, as it is now."""
        ...


MakeSetting = Callable[[], AbstractContextManager[Setting]]


@dataclass
class Scene:
    """A repository with one record, its ledger, and a setting; each run is a new process."""

    setting: Setting
    records: MemoryRecords = field(default_factory=lambda: MemoryRecords({}))
    ledger: MemoryLedger = field(default_factory=MemoryLedger)
    now: datetime = field(default_factory=lambda: a_time("15:30"))
    lines: list[str] = field(default_factory=list)
    runs: "count[int]" = field(default_factory=lambda: count(1))
    step: int = 0
    wrap: Callable[[Provider], Provider] = lambda provider: provider

    def land(self, *entries: Mapping[str, object], **changes: object) -> None:
        record = a_record(*entries, **{"audience": "public", **changes})
        self.records.files[FILE] = json.dumps(record).encode()

    def inputs(self) -> PlanInputs:
        check = lambda *_: ()  # noqa: E731
        provider = self.wrap(self.setting.provider())
        return PlanInputs(self.records, self.setting.handbook, [provider], check, self.now)

    def plan(self) -> Plan:
        return make_plan(self.inputs(), self.ledger.read()).plan

    def run(self) -> ReconcileReport:
        self.ledger.death = self.setting.faults.death
        wait = WaitPolicy(timedelta(0), timedelta(minutes=5), Clock(self.now).sleep, Clock(self.now).monotonic, print)
        name = f"run {next(self.runs)}"
        return reconcile(
            ReconcileTask(self.inputs(), LeaseTerms(self.ledger, name, wait, lambda: self.now), self._report)
        )

    def finish(self) -> None:
        """Run until there is nothing left, as people would; a handful of times at the most."""
        for _ in range(4):
            if self.run().complete:
                return
        raise AssertionError("runs do not come to an end: " + "; ".join(self.lines[-3:]))

    def play(self) -> None:
        """The record from its declaration to its end, carried out step by step; goes on where it was interrupted."""
        while self.step < len(PHASES):
            entries, changes = PHASES[self.step]
            self.land(*entries, **changes)
            self.finish()
            self.step += 1

    def _report(self, outcome: Outcome) -> None:
        self.lines.append(outcomes.line(outcome))


PHASES: tuple[tuple[tuple[Mapping[str, object], ...], dict[str, object]], ...] = (
    (DECLARED, {}), (LIVE, {}), (OVER, {"corrective_actions": [ACTION]}),
)  # fmt: skip


@cache
def the_end(make: MakeSetting) -> tuple[object, int, int]:
    """The world after all phases without an interruption, with the number of steps and of writes that it took."""
    with make() as setting:
        scene = Scene(setting)
        scene.play()
        return setting.world(), setting.faults.death.steps, setting.faults.writes


# The promises


def what_was_planned_is_done_and_then_there_is_nothing_to_do(make: MakeSetting) -> None:
    with make() as setting:
        scene = Scene(setting)
        wanted = 0
        for entries, changes in PHASES:
            scene.land(*entries, **changes)
            before = setting.world()
            wanted += len(scene.plan().to_do)
            assert before == setting.world(), "a plan changed something"
            assert scene.run().complete, scene.lines
            assert scene.plan().empty, "there is something to do after everything was done"
        assert wanted, "the provider wants nothing at all"


def a_second_run_changes_nothing(make: MakeSetting) -> None:
    with make() as setting:
        scene = Scene(setting)
        for entries, changes in PHASES:
            scene.land(*entries, **changes)
            scene.finish()
            world, writes, files = setting.world(), setting.faults.writes, dict(scene.ledger.files)
            assert scene.run().outcomes == (), "a second run has something to do"
            after = (setting.world(), setting.faults.writes, scene.ledger.files)
            assert after == (world, writes, files), "a second run changed something"


class _Doubled:
    """A provider of which everything that may be repeated is asked twice."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    def __getattr__(self, name: str) -> Any:
        return getattr(self._provider, name)

    def apply(self, job: ApplyRequest) -> Applied:
        if not job.effect.once:
            self._provider.apply(job)
        return self._provider.apply(job)


def what_may_be_repeated_is_the_same_when_it_is_done_twice(make: MakeSetting) -> None:
    world, _, _ = the_end(make)
    with make() as setting:
        Scene(setting, wrap=_Doubled).play()  # type: ignore[arg-type]
        assert setting.world() == world, "done twice, it is not the same"


def nothing_is_there_twice(make: MakeSetting) -> None:
    with make() as setting:
        Scene(setting).play()
        there = setting.objects()
        assert there, "nothing is there at all"
        assert len(there) == len(set(there)), "something is there twice"


def killed_after_any_call_the_next_run_ends_in_the_same_world(make: MakeSetting) -> None:
    world, steps, _ = the_end(make)
    for fatal in range(1, steps + 1):
        with make() as setting:
            scene = Scene(setting)
            setting.faults.death.after = fatal
            _until_it_dies(scene)
            setting.faults.death = scene.ledger.death = Death()
            scene.play()
            assert setting.world() == world, f"killed after call {fatal}"


def _until_it_dies(scene: Scene) -> None:
    try:
        scene.play()
    except Killed:
        return
    raise AssertionError("something swallows the death of the process")


def a_lost_answer_leads_to_a_look_and_not_to_a_second_object(make: MakeSetting) -> None:
    world, _, writes = the_end(make)
    for lost in range(1, writes + 1):
        with make() as setting:
            setting.faults.lose = lost
            Scene(setting).play()
            assert setting.world() == world, f"the answer to write {lost} was lost"


def a_ledger_that_is_lost_makes_nothing_twice(make: MakeSetting) -> None:
    with make() as setting:
        scene = Scene(setting)
        scene.land(*LIVE)
        scene.finish()
        world = setting.world()
        scene.ledger.files.clear()
        again = [str(effect.name) for effect in scene.plan().to_do if effect.once]
        assert again == [], "what a run made cannot be found again"
        scene.finish()
        assert setting.world() == world, "a run without its ledger changed something"


def what_others_made_is_left_alone(make: MakeSetting) -> None:
    world, _, _ = the_end(make)
    with make() as setting:
        setting.plant_foreign()
        before = setting.foreign()
        assert before, "nobody made anything"
        Scene(setting).play()
        assert setting.foreign() == before, "what others made was changed"
        assert setting.world() == world, "what others made is taken for ours"


def nothing_secret_is_in_a_plan_an_outcome_or_the_ledger(make: MakeSetting) -> None:
    for refused in (0, 1, 3):
        with make() as setting:
            scene = Scene(setting)
            setting.faults.refuse = refused
            shown: list[str] = []
            for entries, changes in PHASES:
                scene.land(*entries, **changes)
                plan = scene.plan()
                shown += [plan_json.as_json(plan), plans.text(plan), plans.markdown(plan)]
                report = scene.run()
                shown += [
                    outcomes.summary(report.plan, report.outcomes),
                    outcomes.as_json(report.plan, report.outcomes),
                ]
            everything = "\n".join([*shown, *scene.lines, *map(repr, scene.ledger.files.values())])
            assert not [secret for secret in setting.secrets if secret in everything], "a secret is shown"


def late_news_reaches_nobody(make: MakeSetting) -> None:
    with make() as setting:
        scene = Scene(setting)
        scene.land(*LIVE)
        scene.now += timedelta(days=1)
        late = [e for e in scene.plan().effects if e.resource.nature in (Nature.MESSAGE, Nature.PAGE)]
        assert [str(effect.name) for effect in late if not effect.skip_reason] == [], "old news would be sent"
        scene.finish()


def a_message_that_fails_is_not_overtaken(make: MakeSetting) -> None:
    refused, messages = 1, 1
    while refused <= messages:
        with make() as setting:
            scene = Scene(setting)
            scene.land(*LIVE)
            setting.faults.refuse = refused
            ended = scene.run().outcomes
            done = [o.ok for o in ended if o.effect.resource.nature is Nature.MESSAGE and o.effect.verb.makes]
            assert done == sorted(done, reverse=True), "a later message went out before one that failed"
            refused, messages = refused + 1, len(done)


PROMISES: tuple[Callable[[MakeSetting], None], ...] = (
    what_was_planned_is_done_and_then_there_is_nothing_to_do,
    a_second_run_changes_nothing,
    what_may_be_repeated_is_the_same_when_it_is_done_twice,
    nothing_is_there_twice,
    killed_after_any_call_the_next_run_ends_in_the_same_world,
    a_lost_answer_leads_to_a_look_and_not_to_a_second_object,
    a_ledger_that_is_lost_makes_nothing_twice,
    what_others_made_is_left_alone,
    nothing_secret_is_in_a_plan_an_outcome_or_the_ledger,
    late_news_reaches_nobody,
    a_message_that_fails_is_not_overtaken,
)
