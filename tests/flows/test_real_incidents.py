"""A scenario test of this repository's own records: twelve real incidents, checked and carried out in one run."""

import json
import os
import shutil
import subprocess
from datetime import datetime
from pathlib import Path

import pytest

import commandline
from commandline import Ran
from paths import ROOT, TESTS

TIMES = json.loads((TESTS / "flows" / "real_times.json").read_text(encoding="utf-8"))
"""The source of each incident, and every time that is stated there (UTC). Facts, looked up on 2026-11-21."""

RECORDS = {
    "gitlab-2017-01-31": "2017-01-31-primary-database-removed",
    "gitlab-prod-2603": "2020-08-31-push-mirroring-stops",
    "gitlab-prod-5514": "2021-09-12-replica-connections",
    "github-2018-10-21": "2018-10-21-database-failover-across-regions",
    "github-2024-08-14": "2024-08-14-database-configuration",
    "cloudflare-2019-07-02": "2019-07-02-firewall-rule-exhausts-cpu",
    "cloudflare-2023-11-02": "2023-11-02-power-loss",
    "google-2020-12-14": "2020-12-14-sign-in-quota",
    "google-2025-06-12": "2025-06-12-quota-checker-crash",
    "jenkins-2021-05-29": "2021-05-29-container-agents",
    "circleci-2023-01-04": "2022-12-29-stolen-session",
    "dfds-2022-005": "2022-03-18-sabotaged-package",
}


@pytest.fixture
def clone(tmp_path) -> Path:
    """The repository's records as the default branch of a repository that has a server."""
    here, server = tmp_path / "here", tmp_path / "server.git"
    shutil.copytree(ROOT / "incidents", here / "incidents")
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", str(server)], check=True)
    for arguments in (
        ("init", "-q", "-b", "main"),
        ("add", "."),
        ("commit", "-q", "-m", "Records"),
        ("remote", "add", "origin", str(server)),
        ("push", "-q", "-u", "origin", "main"),
    ):
        subprocess.run(["git", *arguments], cwd=here, check=True)
    return here


def incident(folder: Path, *arguments: str, **given: str) -> Ran:
    return commandline.incident(folder, *arguments, environment={**os.environ, **given})


def shown(name: str) -> dict:
    return json.loads(incident(ROOT, "show", name, "--format", "json").out)


def test_every_real_incident_has_its_record_and_there_is_no_other():
    assert sorted(RECORDS.values()) == sorted(path.stem for path in (ROOT / "incidents").glob("*/*.yaml"))


def test_no_record_blocks():
    done = incident(ROOT, "validate", "--format", "json")
    assert 0 == done.code, done.out


@pytest.mark.no_cover
def test_they_land_in_one_run_without_a_late_message_and_a_second_run_asks_nobody(clone, sandbox):
    given = sandbox.environment()
    done = incident(clone, "reconcile", "--max-creates", "200", **given)
    assert 0 == done.code, done.out + done.err

    assert [] == sandbox.statusio_incidents()
    assert [] == sandbox.statusio_messages()
    assert {100} == set(sandbox.component_statuses().values())
    titles = [issue["title"] for issue in sandbox.issues()]
    assert len(titles) == len(set(titles))
    incidents = [issue for issue in sandbox.issues() if "incident" in issue["labels"]]
    assert 11 == len(incidents), "a near miss has a review and no incident"
    assert {"closed"} == {issue["state"] for issue in incidents}
    assert [] == sandbox.todos(), "no text of a record mentions anybody"
    assert [] == sandbox.quick_actions()

    before = len(sandbox.requests())
    again = incident(clone, "reconcile", **given)
    assert (0, ()) == (again.code, sandbox.requests()[before:])
    everything = incident(clone, "reconcile", "--all", **given)
    assert 0 == everything.code, everything.out
    assert not any(one.write for one in sandbox.requests()[before:]), everything.out


@pytest.mark.no_cover
def test_security_records_are_confidential_until_they_are_disclosed(clone, sandbox):
    incident(clone, "reconcile", "--max-creates", "200", **sandbox.environment())
    confidential = {issue["title"] for issue in sandbox.issues() if issue["confidential"]}
    assert {
        "Connections to the database replicas run out under suspicious traffic",
        "Incident review: Connections to the database replicas run out under suspicious traffic",
    } <= confidential
    assert any("sabotaged package" in title for title in confidential)


@pytest.mark.parametrize("source", RECORDS)
def test_no_time_of_the_source_was_moved(source):
    """Every time that a record states is one of the source's; a record adds only the day on which it was written."""
    text = (next((ROOT / "incidents").glob(f"*/{RECORDS[source]}.yaml"))).read_text(encoding="utf-8")
    record = shown(RECORDS[source])
    times = {entry["at"] for entry in record["timeline"]}
    assert {moment for moment in times if not moment.startswith("2026-11-21")} <= set(TIMES[source]["times"])
    assert TIMES[source]["source"] in text
    assert sorted(times, key=datetime.fromisoformat) == [entry["at"] for entry in record["timeline"]]
