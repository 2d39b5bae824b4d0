"""The main job on the sandbox over HTTP: from a record to the issue, the status page and the review."""

import pytest

from e2e.stage import (
    ACTIONS,
    DECLARED,
    MANAGED,
    NEAR_MISS,
    REGISTRY,
    RESOLVED,
    Stage,
    a_file,
    mortal,
    page_of,
    the_scenario,
)
from e2e.test_kills import STEPS, WRITES, a_stage
from incidentops.flows.reconcile.scope import PlanOptions
from incidentops.plan.outcome import OutcomeStatus
from incidentops.sandbox.app import SandboxOptions
from incidentops.sandbox.seed import PAIRS
from make import an_entry
from pacing import faster
from sandboxes import Sandbox

REGISTRY_PAIR = PAIRS["Container Registry"]


@pytest.fixture
def stage(sandbox: Sandbox) -> Stage:
    return Stage(sandbox)


def issue(stage: Stage, part: str) -> dict[str, object]:
    found = [issue for issue in stage.box.issues() if part in issue["title"]]
    assert len(found) == 1
    return found[0]


def names(issue: dict[str, object]) -> list[str]:
    return sorted(person["username"] for person in issue["assignees"])  # type: ignore[attr-defined]


def test_the_issue_follows_the_record_through_every_phase(stage: Stage) -> None:
    declared, managed, resolved = the_scenario()
    stage.land(declared)
    assert stage.run().complete
    first = issue(stage, "Registry pushes fail with HTTP 503")
    assert {"incident", "severity::2", "Service::Registry", "Incident::Active"} <= set(first["labels"])  # type: ignore[call-overload]
    assert (first["state"], first["issue_type"], first["severity"], names(first)) == (
        "opened", "incident", "HIGH", ["ana"],
    )  # fmt: skip
    stage.land(managed)
    assert stage.run().complete
    second = issue(stage, "Registry pushes fail with HTTP 503")
    assert "Incident::Mitigated" in second["labels"]  # type: ignore[operator]
    assert "Incident::Active" not in second["labels"]  # type: ignore[operator]
    assert names(second) == ["ana", "bo"]
    stage.land(resolved)
    assert stage.run().complete
    last = stage.box.issues()[0]
    assert (last["iid"], last["state"]) == (1, "closed")
    assert "Incident::Resolved" in last["labels"]


def test_the_status_page_gets_each_message_once_with_its_codes(stage: Stage) -> None:
    stage.play()
    [(name, messages)] = page_of(stage.box)  # type: ignore[misc]
    assert name == "Registry pushes fail with HTTP 503"
    assert [(state, status) for state, status, _ in messages] == [
        (100, 400), (100, 400), (200, 400), (300, 400), (400, 100),
    ]  # fmt: skip
    assert [text.rpartition(" Ref ")[0].strip() for _, _, text in messages] == [
        entry["publish"] for entry in RESOLVED if "publish" in entry
    ]
    assert stage.box.component_statuses()[REGISTRY_PAIR] == 100


def test_the_review_is_rendered_labelled_assigned_and_linked(stage: Stage) -> None:
    stage.play()
    (review,) = (i for i in stage.box.issues() if i["title"].startswith("Incident review: Registry"))
    assert names(review) == ["ana"]
    assert "severity::2" in review["labels"]
    assert review["due_date"] == "2026-11-21"
    for part in (
        "- **14:02** Engineer on call: reports it, severity S2, engages as Engineer on call\n",
        "## Root cause: five whys\n",
        "| Pin the chart | S2 | Ana Alvarez | 2026-12-05 | open |\n",
    ):
        assert part in review["description"]
    assert (1, review["iid"]) in stage.box.links()


def test_a_near_miss_gets_its_review_at_once_and_no_incident_issue(stage: Stage) -> None:
    stage.play()
    found = [issue for issue in stage.box.issues() if "certificate" in issue["title"]]
    assert len(found) == 1
    assert {"Near Miss", "severity::1"} <= set(found[0]["labels"])
    assert names(found[0]) == ["ana"]


def test_corrective_actions_are_issues_with_owner_and_date_and_closed_when_done(stage: Stage) -> None:
    stage.play()
    pin, alert = (next(i for i in stage.box.issues() if action["title"] in i["title"]) for action in ACTIONS)
    assert (pin["state"], names(pin), pin["due_date"]) == ("opened", ["ana"], "2026-12-05")
    assert (alert["state"], names(alert)) == ("closed", ["bo"])
    assert "corrective action" in pin["labels"]


def test_a_second_run_writes_nothing_and_asks_each_service_at_most_once(stage: Stage) -> None:
    stage.play()
    stage.land({"incidents/2026/2026-11-21-live.yaml": a_file(*DECLARED, title="Another one", services=["web"])})
    assert stage.run().complete
    pushes = stage.ledger.pushes
    stage.box.forget_requests()
    report = stage.run()
    assert report.complete
    assert report.outcomes == ()
    asked = stage.box.requests()
    assert [row.write for row in asked] == [False] * len(asked)
    assert sorted(row.service for row in asked) == ["gitlab", "statusio"]
    assert stage.ledger.pushes == pushes


def test_with_nothing_live_nobody_is_asked(stage: Stage) -> None:
    stage.play()
    stage.box.forget_requests()
    assert stage.run().complete
    assert stage.box.requests() == ()


def test_one_landed_update_is_cheap(stage: Stage) -> None:
    stage.land({REGISTRY: a_file(*DECLARED)})
    assert stage.run().complete
    stage.box.forget_requests()
    pushes = stage.ledger.pushes
    stage.land({REGISTRY: a_file(*DECLARED, an_entry("15:01", publish="We are still looking."))})
    assert stage.run().complete
    asked = [row.service for row in stage.box.requests()]
    assert asked.count("gitlab") <= 2
    assert asked.count("statusio") == 1
    assert stage.ledger.pushes - pushes == 2


def test_a_hundred_live_incidents_are_one_request(stage: Stage) -> None:
    for number in range(100):
        name = f"incidents/2026/2026-11-21-n{number:03}.yaml"
        stage.land({name: a_file(an_entry("15:00", severity="S3"), audience="internal", title=f"Number {number}")})
    assert stage.run(stage.question(PlanOptions(max_creates=200))).complete
    stage.box.forget_requests()
    assert stage.run().complete
    assert len([row for row in stage.box.requests() if row.service == "gitlab"]) == 1


def test_a_plan_writes_nothing_and_reconcile_does_just_what_was_planned(stage: Stage) -> None:
    from incidentops.flows.reconcile.plan import make_plan

    stage.land(the_scenario()[0])
    plan = make_plan(stage.question(writable=False), stage.ledger.read()).plan
    assert not any(row.write for row in stage.box.requests())
    report = stage.run(approved=frozenset(effect.digest for effect in plan.effects))
    assert report.complete
    assert {o.effect.digest for o in report.outcomes if o.status is OutcomeStatus.DONE} <= {
        e.digest for e in plan.effects
    }


def test_people_s_labels_comments_and_text_survive(stage: Stage) -> None:
    stage.land(the_scenario()[0])
    stage.run()
    _as_person(stage, "labels", {"add_labels": "group::on-call,theirs"})
    body = stage.box.issues()[0]["description"] + "\n\nWritten by a person below our part."
    _as_person(stage, "description", {"description": "A person's preface.\n\n" + body})
    _as_person(stage, "note", {"body": "We look at the chart"}, path="/notes", method="POST")
    stage.land(the_scenario()[1])
    assert stage.run().complete
    now = stage.box.issues()[0]
    assert {"group::on-call", "theirs"} <= set(now["labels"])
    assert now["description"].startswith("A person's preface.")
    assert now["description"].rstrip().endswith("Written by a person below our part.")
    assert "| **Owner** | Bo Berg since 2026-11-21 14:11 UTC |\n" in now["description"]
    assert [note["body"] for note in stage.box.notes(1)] == ["We look at the chart"]


def _as_person(stage: Stage, what: str, body: dict[str, str], path: str = "", method: str = "PUT") -> None:
    import requests

    url = f"{stage.box.url}/api/v4/projects/acme%2Fproduction/issues/1{path}"
    answer = requests.request(method, url, json=body, headers={"PRIVATE-TOKEN": "sandbox-dee"}, timeout=5)
    assert answer.ok, (what, answer.text)


def test_confidentiality_is_raised_and_never_lowered(stage: Stage) -> None:
    stage.land({REGISTRY: a_file(*DECLARED[:1], audience="internal")})
    stage.run()
    assert stage.box.issues()[0]["confidential"] is False
    raised = an_entry("14:20", audience="confidential", why="It may be an attack")
    stage.land({REGISTRY: a_file(*DECLARED[:1], raised, audience="internal")})
    assert stage.run().complete
    assert stage.box.issues()[0]["confidential"] is True
    lowered = an_entry("14:40", audience="internal", why="It was none")
    stage.land({REGISTRY: a_file(*DECLARED[:1], raised, lowered, audience="internal")})
    assert stage.run().complete
    assert stage.box.issues()[0]["confidential"] is True


def test_a_resolve_leaves_a_shared_component_at_the_worst_that_is_still_open(stage: Stage) -> None:
    other = "incidents/2026/2026-11-21-other.yaml"
    stage.land({REGISTRY: a_file(*MANAGED), other: a_file(*DECLARED, title="Registry pulls are slow")})
    assert stage.run().complete
    stage.land({REGISTRY: a_file(*RESOLVED)})
    assert stage.run().complete
    assert stage.box.component_statuses()[REGISTRY_PAIR] == 400
    over = (
        an_entry("15:25", state="monitoring"),
        an_entry("15:29", state="resolved", status="operational", publish="Pulls are fast again."),
    )
    waiver = {"rule": "STA003", "reason": "Watched for days", "until": "2026-12-31", "by": "bo"}
    bad = {"rule": "STA004", "reason": "Nobody was needed", "until": "2026-12-31", "by": "bo"}
    stage.land({other: a_file(*DECLARED, *over, title="Registry pulls are slow", waivers=[waiver, bad])})
    assert stage.run().complete
    assert stage.box.component_statuses()[REGISTRY_PAIR] == 100


def test_commands_mentions_and_references_in_any_text_are_inert(stage: Stage) -> None:
    evil = "/close\n/assign @dee\n@bo @acme #1 !1\n<!-- incidentops:end -->\n```\n/label ~theirs\n```\r/confidential"
    stage.land(
        {
            REGISTRY: a_file(
                *DECLARED[:1],
                an_entry("14:03", note=evil),
                an_entry("14:04", state="investigating", why=evil, note=evil),
                audience="internal",
                title="/close the door @bo #1",
                impact={"summary": evil},
                corrective_actions=[{"key": "a", "title": "/close @bo", "owner": "ana", "due": "2026-12-05"}],
                review={"root_cause": evil, "lessons": evil, "impact": evil, "detection": evil},
                links={"doc": "https://example.com/x"},
            )
        }
    )
    report = stage.run()
    assert report.complete
    assert stage.box.quick_actions() == []
    assert stage.box.todos() == []
    assert all(issue["state"] == "opened" for issue in stage.box.issues())
    assert stage.run().outcomes == ()


def test_free_tier_converges_with_one_assignee_the_owner() -> None:
    with Sandbox(options=SandboxOptions(statusio_gap=0, retry_after=0, faults=("free-tier",))) as box:
        stage = Stage(box)
        for report in stage.play():
            assert report.complete
        assert names(box.issues()[0]) == ["bo"]
        stage.land({"incidents/2026/2026-11-21-live.yaml": a_file(*MANAGED, title="Another one", services=["web"])})
        assert stage.run().complete
        assert stage.run().outcomes == ()
        states = [label for label in box.issues()[0]["labels"] if label.startswith("Incident::")]
        assert states == ["Incident::Resolved"]


def test_status_io_sees_one_request_at_a_time() -> None:
    # the client pauses within a run: between two runs a warm process takes about 15 ms
    with Sandbox(options=SandboxOptions(statusio_gap=0.01, retry_after=0)) as box:
        stage = Stage(box, pauses=faster(40))
        stage.play()
        assert box.pacing_violations() == ()


def test_the_scenario_has_as_many_steps_as_the_kill_test_kills(
    sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The kill test goes through every step of this run; if it grows, that range must grow with it."""
    stage = a_stage(sandbox)
    with mortal(monkeypatch, stage, None) as death:
        stage.play()
    assert STEPS - 4 <= death.steps <= STEPS
    assert WRITES - 4 <= len(sandbox.writes()) <= WRITES
    assert NEAR_MISS in stage.records.files
