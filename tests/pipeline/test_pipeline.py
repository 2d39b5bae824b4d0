"""The pipeline that `incident init` hands out, run by gitlab-ci-local against the sandbox, and GitLab's own schema."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import requests

import pacing
import runner
from commandline import incident
from incidentops.sandbox.seed import PROJECT_ID, TOKEN
from paths import ROOT

BIN = Path(sys.executable).parent
STARTER = ROOT / "tool" / "incidentops" / "starter" / "gitlab-ci.yml"
RUNNER = ROOT / ".tools" / "node_modules" / ".bin" / "gitlab-ci-local"

pytestmark = pytest.mark.slow

needs_runner = pytest.mark.skipif(
    not (RUNNER.exists() and shutil.which("node") and shutil.which("rsync") and (BIN / "pip").exists()),
    reason="needs gitlab-ci-local (make tools), node, rsync and a pip beside this Python",
)

NEVER_SEEN = ("sandbox-token", "sandbox-key")


@dataclass
class Project:
    """A clone of a project with a server of its own, as a GitLab runner would find it."""

    folder: Path
    server: Path
    environment: dict[str, str]
    outputs: list[str] = field(default_factory=list)

    def git(self, *arguments: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.folder, env=self.environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    def land(self, message: str) -> None:
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", message)
        self.git("push", "--quiet", "origin", "HEAD")

    def pipeline(self, source: str, variables: dict[str, str], *options: str) -> str:
        """Run the whole pipeline of an event; return what it printed. Raises when a job failed."""
        given = {"CI_PIPELINE_SOURCE": source, "INCIDENTOPS_PACKAGE": "incidentops", **variables}
        command = [
            str(RUNNER), "--force-shell-executor", "--shell-isolation", "--no-artifacts-to-source",
            "--no-json-schema-validation",  # test_the_pipeline_satisfies_gitlabs_own_schema does it, once
            "--ignore-predefined-vars", "CI_PIPELINE_SOURCE", *options,
            *(part for name, value in given.items() for part in ("--variable", f"{name}={value}")),
        ]  # fmt: skip
        done = subprocess.run(
            command, cwd=self.folder, env=self.environment, capture_output=True, text=True, timeout=180, check=False
        )
        output = done.stdout + done.stderr
        self.outputs.append(output)
        assert 0 == done.returncode, output
        return output

    def artifact(self, job: str, name: str) -> str:
        return (self.folder / ".gitlab-ci-local" / "artifacts" / job / name).read_text(encoding="utf-8")


@pytest.fixture
def project(tmp_path) -> Project:
    """What `incident init` makes, with the handbook of the sandbox's people, landed on the default branch."""
    folder, server = tmp_path / "project", tmp_path / "server.git"
    programs = pacing.on_path(tmp_path / "bin")
    pip = programs / "pip"  # a second a job; tests/house/test_old_pip.py installs for real
    pip.write_text("#!/bin/sh\n", encoding="utf-8")
    pip.chmod(0o755)
    environment = {**os.environ, "PATH": os.pathsep.join((str(programs), str(BIN), os.environ["PATH"]))}
    environment.pop("INCIDENT_NOW", None)
    environment["PIP_NO_INDEX"] = "1"  # all that the pipeline installs is there already, or the test fails
    environment |= {"GIT_AUTHOR_EMAIL": "ana@acme.example", "GIT_COMMITTER_EMAIL": "ana@acme.example"}  # the handbook's
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(server)], check=True)
    assert 0 == incident(tmp_path, "init", str(folder), environment=environment).code
    shutil.copy(ROOT / "incidents" / "handbook.yaml", folder / "incidents" / "handbook.yaml")
    made = Project(folder, server, environment)
    made.git("remote", "add", "origin", str(server))
    made.git("add", ".")
    made.git("commit", "--quiet", "-m", "Begin")
    made.git("push", "--quiet", "--set-upstream", "origin", "main")
    made.git("remote", "set-head", "origin", "main")
    return made


def a_live_record(folder: Path) -> str:
    """Write a public incident that began a few minutes ago; return its id."""
    start = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=5)
    name = f"{start:%Y-%m-%d}-registry-503"
    path = folder / "incidents" / f"{start:%Y}" / f"{name}.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f"""kind: incident
title: Registry pushes fail with HTTP 503
services: [registry]
audience: public
timeline:
  - {{at: {start:%Y-%m-%dT%H:%M:%SZ}, by: ana, severity: S2, engage: eoc, note: Paged by RegistryErrorRatio}}
  - at: {start + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ}
    by: ana
    state: investigating
    status: degraded_performance
    publish: Some image pushes are failing. We are investigating.
""",
        encoding="utf-8",
    )
    return name


def opened(sandbox, head: str) -> int:
    """Open a merge request on the sandbox, whose branch is at a commit."""
    fields = {"title": "Declare", "source_branch": "incident/registry", "target_branch": "main"}
    url = f"{sandbox.url}/api/v4/projects/{PROJECT_ID}/merge_requests"
    answer = requests.post(url, json=fields, headers={"PRIVATE-TOKEN": TOKEN}, timeout=5)
    runner.moved(sandbox.store, answer.json()["iid"], head)
    sandbox.forget_requests()
    return answer.json()["iid"]


def of_merge_request(iid: int, base: str) -> dict[str, str]:
    """What GitLab sets in a pipeline of a merge request of the project itself."""
    return {
        "CI_MERGE_REQUEST_IID": str(iid),
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": base,
        "CI_MERGE_REQUEST_PROJECT_ID": str(PROJECT_ID),
        "CI_MERGE_REQUEST_SOURCE_PROJECT_ID": str(PROJECT_ID),
    }


def comments(sandbox, iid: int) -> list[str]:
    url = f"{sandbox.url}/api/v4/projects/{PROJECT_ID}/merge_requests/{iid}/notes"
    answer = requests.get(url, headers={"PRIVATE-TOKEN": TOKEN}, timeout=5)
    return [note["body"] for note in answer.json() if not note["system"]]


@needs_runner
def test_a_record_goes_from_the_merge_request_to_the_issue_and_the_status_page(project, sandbox):
    project.git("switch", "--quiet", "-c", "incident/registry")
    incident = a_live_record(project.folder)
    project.land(f"{incident}: declared")

    base = project.git("merge-base", "origin/main", "HEAD")
    iid, head = opened(sandbox, project.git("rev-parse", "HEAD")), project.git("rev-parse", "HEAD")
    merge_request = of_merge_request(iid, base)
    output = project.pipeline("merge_request_event", merge_request, "--unset-variable", "CI_COMMIT_BRANCH")
    assert "incident validate" in output
    assert "incident reconcile" not in output
    assert [] == json.loads(project.artifact("validate", "gl-code-quality-report.json"))
    assert "<testsuites" in project.artifact("validate", "junit.xml")
    assert "Some image pushes are failing. We are investigating." in project.artifact("plan", "plan.md")
    effects = json.loads(project.artifact("plan", "plan.json"))["effects"]
    assert (incident, "gitlab.issue") in {(effect["incident"], effect["resource"]) for effect in effects}
    assert "no comment on the merge request: INCIDENT_GITLAB_TOKEN is not set" in output
    assert () == sandbox.requests(), "a merge request's pipeline has no token and asks nobody"
    runner.ran(sandbox.store, iid, head, {"plan.json": project.artifact("plan", "plan.json").encode()})

    project.git("switch", "--quiet", "main")
    project.git("merge", "--quiet", "--ff-only", "incident/registry")
    project.git("push", "--quiet", "origin", "main")
    runner.merged(sandbox.store, iid, head)
    output = project.pipeline("push", sandbox.environment())
    assert "incident reconcile --reviewed" in output
    assert "came without a merge request" in output, "the handbook was there before"
    assert f"{incident}: commit" not in output
    assert "--all" not in output
    issues = sandbox.issues()
    assert ["Registry pushes fail with HTTP 503"] == [issue["title"] for issue in issues]
    assert ["ana"] == [person["username"] for person in issues[0]["assignees"]]
    assert ["Registry pushes fail with HTTP 503"] == [one["name"] for one in sandbox.statusio_incidents()]
    assert 1 == len(sandbox.statusio_messages())
    assert "incident-ledger" in project.git("ls-remote", "--heads", "origin")

    before = len(sandbox.requests())
    output = project.pipeline("schedule", sandbox.environment())
    assert "incident reconcile --all --reviewed" in output
    assert not any(one.write for one in sandbox.requests()[before:]), "nothing has changed, so nothing is written"
    assert 1 == len(sandbox.issues())
    assert 1 == len(sandbox.statusio_messages())

    assert [] == [secret for secret in NEVER_SEEN for text in project.outputs if secret in text]


@needs_runner
def test_with_a_token_the_plan_is_a_comment_and_what_it_did_not_show_is_refused(project, sandbox):
    project.git("switch", "--quiet", "-c", "incident/registry")
    incident = a_live_record(project.folder)
    project.land(f"{incident}: declared")
    head = project.git("rev-parse", "HEAD")
    iid = opened(sandbox, head)
    variables = of_merge_request(iid, project.git("merge-base", "origin/main", "HEAD"))

    project.pipeline(
        "merge_request_event", {**variables, **sandbox.environment()}, "--unset-variable", "CI_COMMIT_BRANCH"
    )
    [comment] = comments(sandbox, iid)
    assert "Some image pushes are failing. We are investigating." in comment
    runner.ran(sandbox.store, iid, head, {"plan.json": project.artifact("plan", "plan.json").encode()})

    path = next((project.folder / "incidents").rglob(f"{incident}.yaml"))
    path.write_text(path.read_text(encoding="utf-8").replace("are failing", "are fine"), encoding="utf-8")
    project.land("nobody reviewed this")
    project.git("switch", "--quiet", "main")
    project.git("merge", "--quiet", "--ff-only", "incident/registry")
    project.git("push", "--quiet", "origin", "main")
    newest = project.git("rev-parse", "HEAD")
    runner.moved(sandbox.store, iid, newest)
    runner.merged(sandbox.store, iid, newest, head)
    with pytest.raises(AssertionError, match="was made for commit"):
        project.pipeline("push", sandbox.environment())
    assert [] == sandbox.issues()
    assert () == tuple(sandbox.statusio_messages())
    [comment] = comments(sandbox, iid)
    assert "refused" in comment
    assert [] == [secret for secret in NEVER_SEEN for text in project.outputs if secret in text]


@needs_runner
def test_a_blocking_finding_fails_the_merge_request_and_stands_in_its_reports(project):
    project.git("switch", "--quiet", "-c", "incident/registry")
    path = project.folder / "incidents" / "2026" / "2026-11-20-wrong-day.yaml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        "kind: incident\ntitle: It fails\nservices: [nothing]\n"
        "timeline: [{at: 2026-11-21T10:00:00Z, by: ana, severity: S2}]\n"
    )
    project.land("a bad record")
    with pytest.raises(AssertionError):
        project.pipeline("merge_request_event", {}, "--unset-variable", "CI_COMMIT_BRANCH")
    report = json.loads(project.artifact("validate", "gl-code-quality-report.json"))
    assert {"REC001", "REC002"} <= {finding["check_name"].split()[0] for finding in report}
    assert {"incidents/2026/2026-11-20-wrong-day.yaml"} == {finding["location"]["path"] for finding in report}


@needs_runner
def test_without_the_package_variable_a_job_says_which_one_is_missing(project):
    command = [str(RUNNER), "--force-shell-executor", "--shell-isolation", "--no-json-schema-validation", "validate"]
    done = subprocess.run(
        command, cwd=project.folder, env=project.environment, capture_output=True, text=True, check=False
    )
    assert 1 == done.returncode
    assert "INCIDENTOPS_PACKAGE" in done.stdout + done.stderr


@pytest.mark.skipif(not (BIN / "check-jsonschema").exists(), reason="needs check-jsonschema")
@pytest.mark.parametrize("file", [STARTER, ROOT / ".gitlab-ci.yml"], ids=["starter", "ours"])
def test_the_pipeline_satisfies_gitlabs_own_schema(file):
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci", file]
    done = subprocess.run(list(map(str, command)), capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stdout


@needs_runner
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("merge_request_event", {"validate", "plan"}),
        ("push", {"validate", "reconcile"}),
        ("schedule", {"validate", "reconcile everything"}),
    ],
)
def test_each_event_has_its_jobs(project, source, expected):
    branch = ["--unset-variable", "CI_COMMIT_BRANCH"] if source == "merge_request_event" else []
    command = [
        str(RUNNER), "--list-json", "--no-json-schema-validation", "--ignore-predefined-vars", "CI_PIPELINE_SOURCE",
        "--variable", f"CI_PIPELINE_SOURCE={source}", *branch,
    ]  # fmt: skip
    done = subprocess.run(
        command, cwd=project.folder, env=project.environment, capture_output=True, text=True, check=True
    )
    jobs = json.loads(done.stdout[done.stdout.index("[") :])
    assert expected == {job["name"] for job in jobs if job["when"] != "never"}


def test_no_script_line_holds_logic():
    """The jobs call commands; whoever wants to know what they do reads the commands."""
    import yaml

    jobs = yaml.safe_load(STARTER.read_text(encoding="utf-8"))
    lines = [line for job in jobs.values() if isinstance(job, dict) for line in job.get("script", [])]
    assert lines
    assert [] == [line for line in lines if not line.startswith("incident ") or any(mark in line for mark in ";&|$`")]
