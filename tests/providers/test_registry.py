"""Providers from what the environment says."""

import subprocess
import sys

import pytest

from incidentops.core.secret import Secret
from incidentops.providers.registry import Access, build, merge_requests, merge_requests_off
from make import a_handbook
from paths import ROOT

FULL = {
    "gitlab_url": "https://gitlab.example.com", "gitlab_token": Secret("glpat-x"), "gitlab_project": "acme/production",
    "statusio_url": "https://api.status.io/v2", "statusio_id": Secret("i"), "statusio_key": Secret("k"),
}  # fmt: skip


def off(handbook=None, **changes):
    providers = build(Access(**{**FULL, **changes}), handbook or a_handbook(), writable=False)
    return {provider.name: provider.not_configured for provider in providers}


def test_with_everything_set_all_are_on():
    assert {"gitlab": "", "statusio": ""} == off()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"gitlab_url": ""}, "INCIDENT_GITLAB_URL is not set"),
        ({"gitlab_url": "gitlab.example.com"}, "INCIDENT_GITLAB_URL is no address of a web server"),
        ({"gitlab_url": "http://["}, "INCIDENT_GITLAB_URL is no address of a web server"),
        ({"gitlab_token": Secret("")}, "INCIDENT_GITLAB_TOKEN is not set"),
    ],
)
def test_without_a_variable_gitlab_is_off_and_names_it(changes, said):
    assert said in off(**changes)["gitlab"]


def test_the_project_comes_from_variable_handbook_or_pipeline():
    nowhere = a_handbook(gitlab={"url": "https://gitlab.example.com"})
    assert "" == off(gitlab_project="")["gitlab"]
    assert "" == off(nowhere)["gitlab"]
    assert "" == off(nowhere, gitlab_project="", ci_project="1217")["gitlab"]
    assert (
        "no project is named: set INCIDENT_GITLAB_PROJECT, or gitlab.project in incidents/handbook.yaml"
        == off(nowhere, gitlab_project="")["gitlab"]
    )


def test_the_handbook_cannot_say_where_the_token_goes():
    assert "INCIDENT_GITLAB_URL is not set" == off(gitlab_url="")["gitlab"]


def test_no_library_is_loaded_before_a_service_is_talked_to():
    code = (
        "import sys; sys.path[:0] = ['tests', 'tool']; from incidentops.providers.registry import Access, build;"
        "from make import a_handbook, an_incident; from incidentops.providers.base import RecordContext;"
        "from incidentops.plan.resource import LedgerEntry; from make import NOW;"
        "h = a_handbook(); p = build(Access(), h, writable=False);"
        "[list(q.desired(an_incident(), RecordContext(h, NOW, LedgerEntry('x')))) for q in p];"
        "print(sorted({'gitlab', 'requests', 'git'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()


@pytest.mark.parametrize("writable", [True, False])
def test_a_provider_opens_its_door_when_it_is_needed(sandbox, writable):
    access = Access(gitlab_url=sandbox.url, gitlab_token=Secret("sandbox-token"), gitlab_project="acme/production")
    gitlab = next(p for p in build(access, a_handbook(), writable=writable) if p.name == "gitlab")
    assert () == sandbox.requests()
    assert gitlab.check(a_handbook())
    assert sandbox.requests()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, ""),
        ({"ci_project": ""}, "CI_PROJECT_ID does not name the project of the merge requests"),
        ({"ci_project": "acme/production"}, "CI_PROJECT_ID does not name the project of the merge requests"),
        ({"gitlab_url": ""}, "INCIDENT_GITLAB_URL is not set"),
        ({"gitlab_token": Secret("")}, "INCIDENT_GITLAB_TOKEN is not set"),
    ],
)
def test_merge_requests_are_those_of_the_pipelines_own_project(changes, said):
    assert said == merge_requests_off(Access(**{**FULL, "ci_project": "1217", **changes}))


def test_the_door_to_merge_requests_is_opened_without_a_request():
    assert callable(merge_requests(Access(**{**FULL, "ci_project": "1217"})).notes)
