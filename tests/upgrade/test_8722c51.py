"""A repository that the program of commit 8722c51 made works unchanged: see README.md beside this file."""

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

import snapshot
from commandline import Ran, incident
from gitplace import git
from incidentops.sandbox import seed
from paths import TESTS
from sandboxes import Sandbox

OLD = TESTS / "upgrade" / "8722c51"
WORLD = json.loads((OLD / "world.json").read_text(encoding="utf-8"))
AFTER_THE_KILL = "2026-11-21T15:40:00Z"
LEASE = ("--lease", "30s")


@dataclass
class OldRepository:
    """The repository in a clone of a bare remote, and the services as the killed run left them."""

    root: Path
    box: Sandbox

    def incident(self, *arguments: str, **environment: str) -> Ran:
        """Run `incident ARGUMENTS` in the clone, without waiting."""
        given = {**os.environ, **self.box.environment(), "INCIDENT_NOW": AFTER_THE_KILL, **environment}
        return incident(self.root, *arguments, environment=given)

    def reconcile(self, *arguments: str) -> Ran:
        """Run `incident reconcile`; it does not wait long for the killed run."""
        return self.incident("reconcile", *LEASE, *arguments)


@pytest.fixture
def old(tmp_path: Path, sandbox: Sandbox) -> OldRepository:
    root = tmp_path / "here"
    ids = _restore(sandbox)
    snapshot.clone().write(tmp_path)
    _push(root, OLD / "ledger", "incident-ledger", ids)
    git(root, "checkout", "-q", "--orphan", "main")
    git(root, "rm", "-rqf", ".")
    _push(root, OLD / "repository", "main", {})
    return OldRepository(root, sandbox)


def _push(root: Path, source: Path, branch: str, ids: dict[str, str]) -> None:
    """Commit a folder as a branch; ids that the services gave then are those that they gave now."""
    git(root, "checkout", "-q", "--orphan", branch) if branch != "main" else None
    for path in source.rglob("*"):
        target = root / path.relative_to(source)
        if path.is_dir():
            target.mkdir(exist_ok=True)
            continue
        text = path.read_text(encoding="utf-8")
        for before, after in ids.items():
            text = text.replace(before, after)
        target.write_text(text, encoding="utf-8")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", f"As 8722c51 left it: {branch}")
    git(root, "push", "-q", "-u", "origin", branch)


def _restore(box: Sandbox) -> dict[str, str]:
    """Make what the services held; return the ids of then and of now."""
    api, headers = f"{box.url}/api/v4/projects/{seed.PROJECT_ID}", {"PRIVATE-TOKEN": seed.TOKEN}
    present = {label["name"] for label in box.labels()}
    for label in WORLD["labels"]:
        if label["name"] not in present:
            _ask("POST", f"{api}/labels", headers, label)
    people = {person["username"]: person["id"] for person in _ask("GET", f"{api}/members/all", headers, {})}
    for issue in WORLD["issues"]:
        made = {name: issue[name] for name in ("title", "description", "issue_type", "due_date", "confidential")}
        made |= {
            "labels": ",".join(issue["labels"]),
            "assignee_ids": [people[name] for name in issue["assignees"]],
        }
        iid = _ask("POST", f"{api}/issues", headers, {n: v for n, v in made.items() if v is not None})["iid"]
        if issue["severity"] != "UNKNOWN":
            severity = f'{{projectPath: "{seed.PROJECT}", iid: "{iid}", severity: {issue["severity"]}}}'
            query = f"mutation {{ issueSetSeverity(input: {severity}) {{ errors }} }}"
            _ask("POST", f"{box.url}/api/graphql", {"Authorization": f"Bearer {seed.TOKEN}"}, {"query": query})
        if issue["state"] == "closed":
            _ask("PUT", f"{api}/issues/{iid}", headers, {"state_event": "close"})
    return {incident["id"]: _publish(box, incident) for incident in WORLD["statusio"]}


def _publish(box: Sandbox, incident: dict[str, Any]) -> str:
    """Bring an incident of the status page back, message by message."""
    headers = {"x-api-id": seed.STATUSIO_ID, "x-api-key": seed.STATUSIO_KEY}
    page = {"statuspage_id": seed.STATUSIO_PAGE, "social": "0", "all_infrastructure_affected": "0"}
    identity = ""
    for message in incident["messages"]:
        sent = {
            "incident_details": message["details"],
            "current_state": message["state"],
            "current_status": message["status"],
        }
        if not identity:
            sent |= {"incident_name": incident["name"], "infrastructure_affected": incident["pairs"]}
            verb = "create"
        else:
            sent |= {"incident_id": identity}
            verb = "resolve" if message["state"] == 400 else "update"
        answer = _ask("POST", f"{box.url}/statusio/v2/incident/{verb}", headers, page | sent)
        identity = identity or answer["result"]
    return identity


def _ask(method: str, url: str, headers: dict[str, str], body: dict[str, Any]) -> Any:
    answer = requests.request(method, url, headers=headers, json=body, timeout=10)
    assert answer.ok, answer.text
    assert not (isinstance(answer.json(), dict) and (answer.json().get("status") or {}).get("error") == "yes")
    return answer.json()


def titles(box: Sandbox) -> list[str]:
    return sorted(issue["title"] for issue in box.issues())


def test_its_records_are_valid(old: OldRepository) -> None:
    ran = old.incident("validate")
    assert (0, "", True) == (ran.code, ran.out.strip(), "2 records, 0 blocking" in ran.err)


def test_its_open_intents_are_looked_up_and_its_approved_plan_is_carried_out(old: OldRepository) -> None:
    ran = old.reconcile("--approved", str(OLD / "plan.json"))
    assert 0 == ran.code, ran.out + ran.err
    assert [
        "Alert on missing secrets",
        "Incident review: Registry pushes fail with HTTP 503",
        "Near miss review: The web certificate had nine hours left",
        "Pin the registry chart",
        "Registry pushes fail with HTTP 503",
    ] == titles(old.box)
    assert 3 == len(old.box.links())
    assert [len(WORLD["statusio"][0]["messages"])] == [len(i["messages"]) for i in old.box.statusio_incidents()]


def test_a_second_run_finds_nothing_to_do(old: OldRepository) -> None:
    old.reconcile("--approved", str(OLD / "plan.json"))
    before = len(old.box.writes())
    ran = old.reconcile("--all")
    assert (0, before) == (ran.code, len(old.box.writes())), ran.out


def test_the_plan_without_approval_is_part_of_the_approved_one(old: OldRepository) -> None:
    """The digests have not changed: what was approved then is what would be done now."""
    ran = old.incident("plan", "--format", "json")
    approved = {effect["digest"] for effect in json.loads((OLD / "plan.json").read_text())["effects"]}
    planned = {effect["digest"] for effect in json.loads(ran.out)["effects"] if effect["verb"] != "adopt"}
    assert planned
    assert set() == planned - approved


def test_its_pipeline_runs_job_by_job(old: OldRepository) -> None:
    """Every line that its jobs run is understood, and writes the reports that it names."""
    import yaml

    jobs = yaml.safe_load((old.root / ".gitlab-ci.yml").read_text(encoding="utf-8"))
    lines = [line for job in jobs.values() if isinstance(job, dict) for line in job.get("script", ())]
    assert 4 == len(lines)
    landed = {"CI_PROJECT_ID": str(seed.PROJECT_ID), "CI_DEFAULT_BRANCH": "main"}
    merge_request = {**landed, "CI_MERGE_REQUEST_DIFF_BASE_SHA": git(old.root, "rev-parse", "HEAD")}
    for line in lines:
        program, *arguments = line.split()
        assert "incident" == program
        if arguments[0] == "reconcile":
            arguments[1:1] = LEASE
        ran = old.incident(*arguments, **(landed if arguments[0] == "reconcile" else merge_request))
        assert 0 == ran.code, f"{line}: {ran.out}{ran.err}"
    for report in ("gl-code-quality-report.json", "junit.xml", "plan.md", "plan.json"):
        assert (old.root / report).stat().st_size


def test_its_cache_is_recognised_and_thrown_away(old: OldRepository) -> None:
    folder = old.root / ".git" / "incidentops"
    folder.mkdir()
    cache = folder / "verdicts-cdb4ee2aea69"
    forged = (OLD / "verdicts").read_text(encoding="utf-8").replace('"",[],[]', '"",[["REC006","block"]],[]')
    shutil.copy(OLD / "verdicts", cache)
    for content in ((OLD / "verdicts").read_text(encoding="utf-8"), forged, "incidentops verdicts 1\n{"):
        cache.write_text(content, encoding="utf-8")
        ran = old.incident("validate")
        assert (0, "") == (ran.code, ran.out.strip())
    written = [path.read_text(encoding="utf-8") for path in folder.iterdir()]
    assert written
    assert all(content not in written for content in (forged, (OLD / "verdicts").read_text(encoding="utf-8")))
