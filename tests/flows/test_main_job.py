"""A scenario test by use cases alone: what any front end can call, with neither click nor the command line loaded."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from incidentops.sandbox.app import SandboxOptions
from incidentops.sandbox.seed import PAIRS, STATUSIO_PAGE
from make import a_handbook_data
from paths import TESTS
from sandboxes import Sandbox

HANDBOOK = json.dumps(
    a_handbook_data(
        people={"ana": {"name": "Ana Alvarez"}, "bo": {"name": "Bo Berg"}},
        services={"registry": {"name": "Registry", "statusio": [PAIRS["Container Registry"]]}},
        statusio={"page": STATUSIO_PAGE},
    )
)


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the job returned, and what GitLab and the status page have after it."""
    with Sandbox(options=SandboxOptions(statusio_gap=0, retry_after=0)) as box:
        done = subprocess.run(
            [sys.executable, "-W", "error", str(TESTS / "flows" / "main_job.py"), str(tmp_path_factory.mktemp("job"))],
            input=json.dumps({"environment": box.environment(), "handbook": HANDBOOK}),
            env={
                **{name: value for name, value in os.environ.items() if not name.startswith(("INCIDENT_", "CI_"))},
                "PYTHONPATH": str(TESTS),
                "GIT_CONFIG_GLOBAL": os.devnull,
                **{f"GIT_{role}_NAME": "Ana Alvarez" for role in ("AUTHOR", "COMMITTER")},
                **{f"GIT_{role}_EMAIL": "ana@example.com" for role in ("AUTHOR", "COMMITTER")},
            },
            capture_output=True,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stderr
        return json.loads(done.stdout), {"issues": box.issues(), "page": box.statusio_incidents()}


def test_the_record_is_declared_updated_and_resolved(played):
    result, _ = played
    assert ("2026-11-21-registry-pushes-fail", 1, []) == (result["record"], result["records"], result["blocking"])
    assert (["OWN001"], [True, "wait"]) == (result["refused"], result["resolved"])


def test_the_plan_names_what_reconcile_does(played):
    result, world = played
    assert "gitlab.issue" in result["planned"]
    assert [True, True, True] == result["reconciled"]
    assert len(result["planned"]) == result["outcomes"][0]
    assert ["closed"] == [
        issue["state"] for issue in world["issues"] if issue["title"].endswith("Registry pushes fail")
    ][:1]


def test_customers_read_every_message(played):
    _, world = played
    (incident,) = world["page"]
    assert ["Some pushes fail", "A fix is in place", "Pushes work again"] == [
        message["details"].partition(".")[0] for message in incident["messages"]
    ]


def test_there_is_a_review(played):
    result, world = played
    assert "five whys" in result["review"]
    assert 1 == sum("review" in issue["title"].lower() for issue in world["issues"])


def test_a_second_reconcile_changes_nothing(played):
    assert 0 == played[0]["outcomes"][2]


def test_no_front_end_is_needed(played):
    result, _ = played
    assert [] == result["command_line"]
    assert "incidentops" in result["loaded"]
    assert not {"click", "rich", "uvicorn"} & set(result["loaded"])
