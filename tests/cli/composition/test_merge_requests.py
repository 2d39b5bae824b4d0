"""From the merge request to what was done: the comment and the review, with real git and GitLab over HTTP."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import requests

import runner
from commandline import TIMEOUT, Ran, Shell
from e2e.place import REGISTRY, Place
from e2e.stage import DECLARED, a_file
from gitplace import git
from incidentops.sandbox.app import SandboxOptions
from incidentops.sandbox.seed import PROJECT_ID, TOKEN
from sandboxes import Sandbox
from snapshot import Snapshot

MESSAGE = "Some image pushes are failing. We are investigating."


@dataclass
class Project:
    """A project on GitLab: its git, its merge requests, its pipelines."""

    place: Place
    shell: Shell
    monkeypatch: pytest.MonkeyPatch
    heads: dict[int, str] = field(default_factory=dict)

    @property
    def box(self) -> Sandbox:
        return self.place.box

    def api(self, method: str, path: str, token: str = TOKEN, **body: object) -> requests.Response:
        url = f"{self.box.url}/api/v4/projects/{PROJECT_ID}{path}"
        answer = requests.request(method, url, json=body, headers={"PRIVATE-TOKEN": token}, timeout=TIMEOUT)
        assert answer.ok, answer.text
        return answer

    def open(self, files: Mapping[str, bytes]) -> int:
        """Push a branch and open its merge request."""
        branch = f"incident-{len(self.heads)}"
        git(self.place.root, "switch", "-q", "-c", branch)
        self.push(files)
        fields = {"title": "Declare", "source_branch": branch, "target_branch": "main"}
        iid = int(self.api("POST", "/merge_requests", **fields).json()["iid"])
        self.push({}, iid)
        return iid

    def push(self, files: Mapping[str, bytes], iid: int = 0) -> None:
        self.place.write(files)
        if files:
            git(self.place.root, "add", "-A")
            git(self.place.root, "commit", "-q", "-m", "A change")
        if iid:
            self.heads[iid] = git(self.place.root, "rev-parse", "HEAD")
            runner.moved(self.box.store, iid, self.heads[iid])

    def pipeline(self, iid: int, **variables: str) -> Ran:
        """What the job `plan` of the merge request's pipeline does."""
        given = {
            "CI_MERGE_REQUEST_IID": str(iid),
            "CI_MERGE_REQUEST_PROJECT_ID": str(PROJECT_ID),
            "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": str(PROJECT_ID),
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(self.place.root, "merge-base", "main", "HEAD"),
            "CI_COMMIT_SHA": self.heads[iid],
        }
        plan = self.place.folder / "plan.json"
        with self.monkeypatch.context() as patch:
            for name, value in {**given, **variables}.items():
                patch.setenv(name, value)
            ran = self.shell.run("plan", "--note", "--report", f"json={plan}")
        if ran.code == 0:
            runner.ran(self.box.store, iid, self.heads[iid], {"plan.json": plan.read_bytes()})
        return ran

    def merge(self, iid: int) -> None:
        branch = git(self.place.root, "branch", "--show-current")
        git(self.place.root, "switch", "-q", "main")
        git(self.place.root, "merge", "-q", "--no-ff", "-m", f"Merge {branch}", branch)
        git(self.place.root, "push", "-q", "origin", "main")
        runner.merged(self.box.store, iid, git(self.place.root, "rev-parse", "HEAD"))

    def reconcile(self, *arguments: str) -> Ran:
        return self.shell.run("reconcile", *(arguments or ("--reviewed",)))

    def notes(self, iid: int) -> list[dict[str, object]]:
        found = self.api("GET", f"/merge_requests/{iid}/notes?sort=asc").json()
        return [note for note in found if not note["system"]]


@cache
def begun() -> tuple[Snapshot, bytes]:
    """A project after its first run, which made the ledger and the labels, and what the services hold then."""
    with TemporaryDirectory() as folder, Sandbox(options=SandboxOptions(statusio_gap=0, retry_after=0)) as box:
        place = Place(Path(folder).resolve(), box).make()
        git(place.root, "switch", "-q", "-C", "main")
        place.land()
        git(place.root, "fetch", "-q")
        assert place.run("reconcile", "--reviewed", CI_PROJECT_ID=str(PROJECT_ID))[0] == 0
        box.forget_requests()
        return Snapshot.of(place.folder), box.content()


@pytest.fixture
def project(
    tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("CI_PROJECT_ID", str(PROJECT_ID))
    monkeypatch.setenv("INCIDENT_NOW", "2026-11-21T15:00:00Z")
    monkeypatch.setattr("signal.signal", lambda *_: None)
    place = Place(tmp_path, sandbox)
    folder, services = begun()
    folder.write(place.folder)
    sandbox.fill(services)
    return Project(place, Shell(place.root, capsys, monkeypatch), monkeypatch)


def test_a_plan_stands_on_the_merge_request_and_becomes_what_was_done(project: Project) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    ran = project.pipeline(iid)
    assert (ran.code, ran.err.strip()) == (0, f"a comment was written on merge request {iid}")
    [note] = project.notes(iid)
    assert f"customers will read:\n\n```\n{MESSAGE} Ref " in str(note["body"])
    assert "**Rules:** 1 record, 0 blocking" in str(note["body"])
    project.merge(iid)
    ran = project.reconcile()
    assert ran.code == 0, ran.out + ran.err
    assert f"the comment on merge request {iid} was updated" in ran.err
    [after] = project.notes(iid)
    assert after["id"] == note["id"]
    assert "## What was done" in str(after["body"])
    assert f"({project.box.url}/acme/production/-/issues/1)" in str(after["body"])
    assert project.box.quick_actions() == []
    before = len(project.box.writes())
    assert project.reconcile().code == 0
    assert len(project.box.writes()) == before


def test_ten_pipelines_of_one_commit_write_one_comment_once(project: Project) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    for _ in range(10):
        assert project.pipeline(iid).code == 0
    assert len(project.notes(iid)) == 1
    assert len(project.box.writes()) == 2, "the merge request and its comment"


def test_another_commit_changes_the_comment(project: Project) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    project.pipeline(iid)
    project.push({REGISTRY: a_file(*DECLARED[:1], audience="internal")}, iid)
    project.pipeline(iid)
    [note] = project.notes(iid)
    assert MESSAGE not in str(note["body"])
    assert project.heads[iid][:12] in str(note["body"])


def test_only_what_the_merge_request_changes_is_checked_in_the_comment(project: Project) -> None:
    project.place.land({"incidents/2026/2026-11-21-bad.yaml": a_file(*DECLARED, services=["nothing"])})
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    project.pipeline(iid)
    assert "1 record, 0 blocking" in str(project.notes(iid)[0]["body"])
    project.push({"readme.md": b"Hello"}, iid)
    project.pipeline(iid, CI_MERGE_REQUEST_DIFF_BASE_SHA=git(project.place.root, "rev-parse", "HEAD~"))
    assert "0 records, 0 blocking" in str(project.notes(iid)[0]["body"])
    project.pipeline(iid, CI_MERGE_REQUEST_DIFF_BASE_SHA="0" * 40)
    assert "2 records, 1 blocking" in str(project.notes(iid)[0]["body"])
    assert "REC002 block" in str(project.notes(iid)[0]["body"])


def test_a_changed_handbook_has_every_record_checked(project: Project) -> None:
    project.place.land({REGISTRY: a_file(*DECLARED)})
    handbook = (project.place.root / "incidents/handbook.yaml").read_bytes()
    iid = project.open({"incidents/handbook.yaml": handbook + b"rules: {COM001: advise}\n"})
    project.pipeline(iid)
    assert "1 record, 0 blocking" in str(project.notes(iid)[0]["body"])


def test_what_became_of_landed_records_is_checked_in_the_comment(project: Project) -> None:
    project.place.land({REGISTRY: a_file(*DECLARED)})
    iid = project.open({REGISTRY: a_file(DECLARED[0], {**DECLARED[1], "publish": "All is well."})})
    project.pipeline(iid)
    assert "TIM005 block" in str(project.notes(iid)[0]["body"])
    (project.place.root / REGISTRY).unlink()
    project.push({"readme.md": b"Nothing happened"}, iid)
    project.pipeline(iid)
    assert "DIF001 block" in str(project.notes(iid)[0]["body"])


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"INCIDENT_GITLAB_TOKEN": ""}, "INCIDENT_GITLAB_TOKEN is not set"),
        ({"INCIDENT_GITLAB_URL": ""}, "INCIDENT_GITLAB_URL is not set"),
        ({"INCIDENT_GITLAB_URL": "gitlab"}, "is not the address"),
        ({"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "99"}, "it comes from a fork"),
        ({"CI_PROJECT_ID": "99"}, "it comes from a fork"),
        ({"CI_MERGE_REQUEST_SOURCE_PROJECT_ID": "", "CI_MERGE_REQUEST_PROJECT_ID": ""}, "it comes from a fork"),
        ({"CI_MERGE_REQUEST_IID": ""}, "this is not a merge request pipeline"),
    ],
)
def test_without_a_token_or_in_a_fork_it_says_so_in_one_line_and_fails_nothing(
    project: Project, variables: dict[str, str], reason: str
) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    ran = project.pipeline(iid, **variables)
    assert ran.code == 0
    lines = [line for line in ran.err.split("\n") if "comment" in line]
    assert len(lines) == 1
    assert reason in lines[0]
    assert lines[0].endswith("; the plan is an artifact of this job")
    assert project.notes(iid) == []


@pytest.mark.parametrize("token", ["wrong", "sandbox-expired", "sandbox-read", "sandbox-out"])
def test_a_token_that_may_not_write_fails_nothing(project: Project, token: str) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    ran = project.pipeline(iid, INCIDENT_GITLAB_TOKEN=token)
    assert "no comment on the merge request: " in ran.err
    assert token not in ran.err.replace("wrong place", "")
    assert project.notes(iid) == []


def test_a_comment_with_our_mark_by_somebody_else_is_left_alone(project: Project) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    project.pipeline(iid)
    forged = str(project.notes(iid)[0]["body"]).replace("failing", "fine")
    project.api("DELETE", f"/merge_requests/{iid}/notes/{project.notes(iid)[0]['id']}")
    project.api("POST", f"/merge_requests/{iid}/notes", "sandbox-dee", body=forged)
    project.pipeline(iid)
    first, second = project.notes(iid)
    assert first["body"] == forged.rstrip()
    assert f"Comment {first['id']} by dee has the mark of this one" in str(second["body"])


def test_an_answer_that_is_lost_leaves_one_comment(project: Project) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    project.box.faults.lose_reply_of(1)
    assert project.pipeline(iid).code == 0
    assert len(project.notes(iid)) == 1
    project.push({REGISTRY: a_file(*DECLARED[:1], audience="internal")}, iid)
    project.box.faults.lose_reply_of(1)
    assert project.pipeline(iid).code == 0
    assert len(project.notes(iid)) == 1
    assert MESSAGE not in str(project.notes(iid)[0]["body"])


def test_what_an_adversary_writes_does_nothing_on_the_merge_request(project: Project) -> None:
    evil = (
        "/close\n/assign @dee\n@bo @acme #1 !1\n</details>\n```\n/label ~theirs\n```\r/confidential\n"
        "<!-- incidentops:plan merge-request 1 " + "0" * 64 + " -->"
    )
    record = a_file(
        *DECLARED[:1], {**DECLARED[1], "publish": evil[:40], "note": evil}, title="/close the door @bo #1",
        impact={"summary": evil}, corrective_actions=[{"key": "a", "title": "/merge @bo", "owner": "ana"}],
    )  # fmt: skip
    iid = project.open({REGISTRY: record, "incidents/2026/2026-11-21-no.yaml": b"title: /close\nservices: [@all]\n"})
    project.pipeline(iid)
    project.merge(iid)
    project.reconcile()
    assert project.box.quick_actions() == []
    assert project.box.todos() == []
    assert project.api("GET", f"/merge_requests/{iid}").json()["state"] == "merged"
    assert len(project.notes(iid)) == 1


# The reviewed plan is the applied plan


def test_what_was_pushed_after_the_review_is_refused_in_words_and_approved_by_hand(project: Project) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    project.pipeline(iid)
    project.push({REGISTRY: a_file(*DECLARED, title="All is lost")}, iid)
    project.merge(iid)
    ran = project.reconcile()
    assert ran.code == 5
    assert f"the reviewed plan of !{iid} was made for commit " in ran.out
    assert "hint: look at what is left" in ran.err
    assert project.box.issues() == []
    assert project.box.statusio_incidents() == []
    assert "refused: " in str(project.notes(iid)[0]["body"])
    plan = project.place.folder / "approved.json"
    assert project.shell.run("plan", "--report", f"json={plan}").code == 0
    assert project.reconcile("--approved", str(plan)).code == 0
    assert "All is lost" in project.box.issues()[0]["title"]
    assert "1 done" not in str(project.notes(iid)[0]["body"]).partition("Reconcile")[0]


def test_a_plan_that_was_made_without_a_token_is_the_plan_that_is_applied(project: Project) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    off = {"INCIDENT_GITLAB_TOKEN": "", "STATUSIO_API_ID": "", "STATUSIO_API_KEY": ""}
    assert project.pipeline(iid, **off).code == 0
    project.merge(iid)
    ran = project.reconcile()
    assert ran.code == 0, ran.out
    assert len(project.box.statusio_messages()) == 1


def test_the_plan_of_a_fork_does_not_count(project: Project) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    runner.ran(project.box.store, iid, project.heads[iid], {"plan.json": b"{}"}, project=99)
    project.merge(iid)
    ran = project.reconcile()
    assert ran.code == 5
    assert "no pipeline of this project left plan.json" in ran.out


def test_every_refusal_names_the_fields_and_the_rest_is_done(project: Project) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    project.pipeline(iid)
    artifact = project.place.folder / "plan.json"
    plan = json.loads(artifact.read_text())
    plan["effects"] = [one for one in plan["effects"] if one["resource"] != "statusio.incident"]
    runner.ran(project.box.store, iid, project.heads[iid], {"plan.json": json.dumps(plan).encode()})
    project.merge(iid)
    ran = project.reconcile()
    assert ran.code == 5
    assert "that statusio.incident is made at all; " in ran.out
    assert f"details '{MESSAGE} Ref " in ran.out
    assert len(project.box.issues()) == 1
    assert project.box.statusio_incidents() == []


def test_a_direct_push_goes_on_and_says_that_nobody_reviewed_it(project: Project) -> None:
    project.place.land({REGISTRY: a_file(*DECLARED)})
    ran = project.reconcile()
    assert ran.code == 0
    assert "came without a merge request, so nobody reviewed what it does" in ran.out


def test_where_a_review_is_always_wanted_a_direct_push_is_refused(project: Project) -> None:
    project.place.land({REGISTRY: a_file(*DECLARED)})
    assert project.reconcile("--reviewed=always").code == 5
    assert project.box.issues() == []


def test_a_history_that_is_cut_off_is_no_pass(project: Project, tmp_path: Path) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    project.pipeline(iid)
    project.merge(iid)
    shallow = tmp_path / "shallow"
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{project.place.remote}", str(shallow))
    ran = Shell(shallow, project.shell.capsys, project.monkeypatch).run("reconcile", "--reviewed")
    assert ran.code == 5
    assert "the history of this clone is cut off" in ran.out


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("INCIDENT_GITLAB_TOKEN", "", "INCIDENT_GITLAB_TOKEN is not set"),
        ("CI_PROJECT_ID", "", "CI_PROJECT_ID does not name the project"),
    ],
)
def test_what_cannot_be_checked_is_no_pass(
    project: Project, monkeypatch: pytest.MonkeyPatch, name: str, value: str, message: str
) -> None:
    project.place.land({REGISTRY: a_file(*DECLARED)})
    monkeypatch.setenv(name, value)
    ran = project.reconcile()
    assert ran.code == 5
    assert message in ran.out
    assert project.box.statusio_messages() == []


def test_one_guard_at_a_time(project: Project) -> None:
    ran = project.reconcile("--reviewed", "--approved", "plan.json")
    assert ran.code == 2
    assert "exclude each other" in ran.err


def test_a_comment_that_cannot_be_written_fails_nothing(project: Project) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    project.pipeline(iid)
    project.merge(iid)
    project.api("DELETE", f"/merge_requests/{iid}/notes/{project.notes(iid)[0]['id']}")
    notes = f"POST /api/v4/projects/{PROJECT_ID}/merge_requests/{iid}/notes"
    hits = project.box.faults.hits

    def only_comments(fault: str, service: str, request: str) -> int:
        return 1 if (fault, request) == ("503", notes) else hits(fault, service, request)

    project.monkeypatch.setattr(project.box.faults, "hits", only_comments)
    ran = project.reconcile()
    assert ran.code == 0, ran.out
    assert "what was done could not be written on the merge request" in ran.err
    assert len(project.box.issues()) == 1


def test_no_token_is_shown(project: Project) -> None:
    iid = project.open({REGISTRY: a_file(*DECLARED)})
    runs = [project.pipeline(iid), project.pipeline(iid, INCIDENT_GITLAB_TOKEN="sandbox-read")]
    project.merge(iid)
    runs.append(project.reconcile())
    shown = "".join(ran.out + ran.err for ran in runs) + str(project.notes(iid))
    assert TOKEN not in shown
    assert "sandbox-read" not in shown
