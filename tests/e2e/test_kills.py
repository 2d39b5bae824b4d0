"""Killed after every single request, on every provider, and run again: the end is the same, nothing is there twice."""

from functools import cache
from itertools import combinations

import pytest

from e2e.stage import Stage, mortal, the_scenario
from incidentops.flows.reconcile.adopt import Adoption, adopt, adoption_targets
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.plan.resource import ResourceName
from incidentops.providers.gitlab.section import section
from incidentops.sandbox.app import SandboxOptions
from providers.memory import Killed
from sandboxes import Sandbox

STEPS, WRITES = 40, 19
"""At least as many as the scenario has; `test_main_job` holds them together."""

OPTIONS = SandboxOptions(statusio_gap=0, retry_after=0)


@cache
def the_end() -> dict[str, object]:
    """The world after the scenario, without an interruption."""
    with Sandbox(options=OPTIONS) as box:
        stage = a_stage(box)
        stage.play()
        return stage.world()


def a_stage(box: Sandbox) -> Stage:
    """A stage whose project has its labels but two: one is as good as ten for dying between them."""
    stage = Stage(box)
    labels = section(stage.handbook)
    box.plant_labels(label for label in labels.labels() if label not in (labels.managed, labels.review))
    return stage


def carry_on(stage: Stage) -> None:
    """Run until everything is done, as people would; a handful of times at the most."""
    for _ in range(4):
        if stage.run().complete:
            break


def finish(stage: Stage) -> None:
    """Run until everything is done, and once more: then there is nothing left."""
    carry_on(stage)
    assert stage.run().outcomes == ()


@pytest.mark.parametrize("fatal", range(1, STEPS + 1))
def test_killed_after_any_step_and_run_again_the_end_is_the_same(fatal: int, monkeypatch: pytest.MonkeyPatch) -> None:
    with Sandbox(options=OPTIONS) as box:
        stage = a_stage(box)
        with mortal(monkeypatch, stage, fatal) as death:
            try:
                for files in the_scenario():
                    stage.land(files)
                    stage.run()
            except Killed:
                pass
            before = death.dead
        for files in the_scenario() if before else ():
            if all(stage.records.files.get(file) == content for file, content in files.items()):
                continue
            if set(files) <= set(stage.records.files) and _later(stage, files):
                continue
            carry_on(stage)
            stage.land(files)
        finish(stage)
        assert stage.world() == the_end()


def _later(stage: Stage, files: dict[str, bytes]) -> bool:
    """Whether the scenario has come further than these files already."""
    return any(len(stage.records.files[file]) > len(content) for file, content in files.items())


@pytest.mark.parametrize("lost", range(1, WRITES + 1))
def test_the_answer_of_any_write_is_lost(lost: int) -> None:
    with Sandbox(options=OPTIONS) as box:
        stage = a_stage(box)
        box.faults.lose_reply_of(lost)
        stage.play()
        finish(stage)
        assert stage.world() == the_end()


FAULTS = ["lost-reply", "503", "409", "429", "lost-reply:1", "503:1"]


@pytest.mark.parametrize("fault", [*FAULTS, *(f"{s}/{f}" for s in ("gitlab", "statusio") for f in FAULTS[:4])])
def test_with_a_fault_that_passes_the_end_is_the_same(fault: str) -> None:
    with Sandbox(options=SandboxOptions(statusio_gap=0, retry_after=0, faults=(fault,))) as box:
        stage = a_stage(box)
        for files in the_scenario():
            stage.land(files)
            for _ in range(6):
                if stage.run().complete:
                    break
        finish(stage)
        assert stage.world() == the_end()


@pytest.mark.parametrize("faults", list(combinations(FAULTS[:4], 2)), ids=" and ".join)
def test_with_two_faults_at_once_the_end_is_the_same(faults: tuple[str, ...]) -> None:
    with Sandbox(options=SandboxOptions(statusio_gap=0, retry_after=0, faults=faults)) as box:
        stage = a_stage(box)
        for files in the_scenario():
            stage.land(files)
            for _ in range(8):
                if stage.run().complete:
                    break
        finish(stage)
        assert stage.world() == the_end()


@pytest.mark.parametrize("second", ["lost-reply", "503", "409"])
def test_lists_that_come_back_empty_never_make_anything_twice(second: str) -> None:
    """While the lists hide things nothing may be made twice; once they are complete again the end is the same."""
    with Sandbox(options=OPTIONS) as box:
        stage = a_stage(box)
        for number, files in enumerate(the_scenario()):
            stage.land(files)
            box.faults.switch(on=["empty-list", second])
            for _ in range(3):
                stage.run()
            titles = [issue["title"] for issue in box.issues()]
            assert len(titles) == len(set(titles)), number
            box.faults.switch(off=["empty-list", second])
            finish(stage)
        assert stage.world() == the_end()


@pytest.mark.parametrize("step", [0, 1])
def test_a_ledger_that_is_lost_makes_nothing_twice(step: int) -> None:
    """Somebody deletes the branch: what is there is found again by its marks, every message of it."""
    with Sandbox(options=OPTIONS) as box:
        stage = a_stage(box)
        for number, files in enumerate(the_scenario()):
            stage.land(files)
            finish(stage)
            if number == step:
                stage.ledger.files.clear()
                finish(stage)
        assert stage.world() == the_end()


def test_an_adopted_page_incident_gets_no_message_twice() -> None:
    with Sandbox(options=OPTIONS) as box:
        stage = a_stage(box)
        for files in the_scenario()[:2]:
            stage.land(files)
            finish(stage)
        stage.ledger.files.clear()
        name = ResourceName("2026-11-21-registry-503", "statusio", "incident")
        identity = box.statusio_incidents()[0]["_id"]
        question = stage.question(PlanOptions((name.incident,)), writable=False)
        book = stage.ledger.read()
        assert adopt(stage.ledger, book, adoption_targets(question, book), Adoption(name, identity, "ana", stage.now))
        finish(stage)
        stage.land(the_scenario()[2])
        finish(stage)
        assert stage.world() == the_end()
