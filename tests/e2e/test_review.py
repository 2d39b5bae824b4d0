"""The review against the real providers: what is reviewed as it should be is never refused, whenever it was planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from e2e.stage import DECLARED, MANAGED, REGISTRY, RESOLVED, Stage, a_file, the_scenario
from flows.reconcile.merge_request_fake import MemoryMergeRequests, a_merge_request
from incidentops.flows.reconcile.approval import Reviewer
from incidentops.flows.reconcile.merge_requests import MergeRequestFinder
from incidentops.flows.reconcile.plan import PlanInputs, make_plan
from incidentops.flows.reconcile.reconcile import ReconcileReport
from incidentops.render import plan_json
from make import an_entry
from providers.memory import MemoryRecords
from sandboxes import Sandbox

OTHER = "incidents/2026/2026-11-21-other.yaml"
HANDBOOK = "incidents/handbook.yaml"


@dataclass
class Project:
    """A stage whose every change comes by a merge request. `online`: its pipelines may read the services."""

    stage: Stage
    online: bool = False
    client: MemoryMergeRequests = field(default_factory=MemoryMergeRequests)
    history: list[tuple[int, tuple[str, ...]]] = field(default_factory=list)
    count: int = 0

    def plan(self, files: Mapping[str, bytes]) -> int:
        """Open a merge request; return its number."""
        self.count += 1
        landed = self.stage.records
        self.stage.records = MemoryRecords({**landed.files, **files})
        planned = make_plan(self.question(), self.stage.ledger.read()).plan
        self.stage.records = landed
        self.client.artifacts[self.count] = plan_json.as_json(planned, "head").encode()
        self.client.put(a_merge_request(self.count))
        return self.count

    def question(self) -> PlanInputs:
        known, self.stage.access = (
            self.stage.access,
            {} if self.online else {"INCIDENT_GITLAB_URL": "", "STATUSIO_API_ID": ""},
        )
        asked = self.stage.question(writable=False)
        self.stage.access = known
        return asked

    def merge(self, iid: int, files: Mapping[str, bytes]) -> None:
        first = () if self.history else (HANDBOOK,)
        self.stage.land(files)
        self.history.insert(0, (iid, (*files, *first)))
        self.client.commits[f"commit {iid}"] = (iid,)

    def landings(self, files: Sequence[str]) -> Sequence[str]:
        return [f"commit {iid}" for iid, changed in self.history if set(changed) & set(files)]

    def run(self) -> ReconcileReport:
        finder = MergeRequestFinder(lambda: self.client, self.landings, "main")
        return self.stage.run(review=Reviewer(finder, strict=True).review)


@pytest.fixture(params=[False, True], ids=["planned offline", "planned with tokens"])
def project(request: pytest.FixtureRequest, sandbox: Sandbox) -> Project:
    return Project(Stage(sandbox), request.param)


def refusals(report: ReconcileReport) -> list[str]:
    return [outcome.detail for outcome in report.refused]


def test_a_scenario_that_is_reviewed_step_by_step_is_done_step_by_step(project: Project) -> None:
    for files in the_scenario():
        project.merge(project.plan(files), files)
        report = project.run()
        assert refusals(report) == []
        assert report.complete


def test_a_plan_that_is_made_before_the_run_of_the_last_step_is_enough(project: Project) -> None:
    """Updates come faster than pipelines: the next merge request is planned while the last one is carried out."""
    scenario = the_scenario()
    planned = [project.plan(scenario[0])]
    for step, files in enumerate(scenario):
        project.merge(planned[-1], files)
        if step + 1 < len(scenario):
            planned.append(project.plan(scenario[step + 1]))
        report = project.run()
        assert refusals(report) == []
        assert report.complete


def test_a_run_that_was_superseded_is_made_up_for_by_the_next(project: Project) -> None:
    for files in the_scenario()[:2]:
        project.merge(project.plan(files), files)
    report = project.run()
    assert refusals(report) == []
    assert report.complete


def test_what_several_records_decide_about_a_component_is_not_refused(project: Project) -> None:
    """The other incident landed after the resolve was planned; the component must not become green."""
    first = {REGISTRY: a_file(*MANAGED)}
    project.merge(project.plan(first), first)
    assert project.run().complete
    resolve = {REGISTRY: a_file(*RESOLVED)}
    planned = project.plan(resolve)
    other = {OTHER: a_file(*DECLARED, title="Registry pulls are slow")}
    project.merge(project.plan(other), other)
    assert refusals(project.run()) == []
    project.merge(planned, resolve)
    report = project.run()
    assert refusals(report) == []
    assert report.complete
    assert 400 in project.stage.box.component_statuses().values()


def test_a_message_that_nobody_saw_is_not_sent_and_everything_else_is(project: Project) -> None:
    first = {REGISTRY: a_file(*DECLARED)}
    project.merge(project.plan(first), first)
    assert project.run().complete
    reviewed = {REGISTRY: a_file(*DECLARED, an_entry("15:01", publish="We are still looking."))}
    planned = project.plan(reviewed)
    project.merge(planned, {REGISTRY: a_file(*DECLARED, an_entry("15:01", publish="It is over."))})
    report = project.run()
    reasons = "\n".join(refusals(report))
    assert f"not in the reviewed plan of !{planned}" in reasons
    assert "details 'It is over. Ref " in reasons
    assert [m["details"] for m in project.stage.box.statusio_messages() if "over" in m["details"]] == []
