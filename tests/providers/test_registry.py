"""Providers by name, from what the environment says."""

import subprocess
import sys

import pytest

from incidentops.core.variable import Variable, values_of
from incidentops.providers import registry
from make import a_handbook, an_incident
from pacing import no_pauses
from paths import ROOT

FULL = {
    "INCIDENT_GITLAB_URL": "https://gitlab.example.com", "INCIDENT_GITLAB_TOKEN": "glpat-x",
    "INCIDENT_GITLAB_PROJECT": "acme/production", "STATUSIO_API_ID": "i", "STATUSIO_API_KEY": "k",
}  # fmt: skip


def values(**changes):
    return values_of({**FULL, **changes}, (*registry.variables(), Variable("CI_*", "")))


def off(**changes):
    handbook = a_handbook(statusio={"page": "p"})
    return {p.name: p.not_configured for p in registry.build(values(**changes), handbook, no_pauses(), writable=False)}


def test_with_everything_set_all_are_configured_in_order():
    assert list(registry.ORDER) == list(off())
    assert {"gitlab": "", "statusio": ""} == off()


def test_without_its_variables_each_says_which():
    assert {"gitlab": "INCIDENT_GITLAB_TOKEN is not set", "statusio": ""} == off(INCIDENT_GITLAB_TOKEN="")
    assert "STATUSIO_API_KEY is not set" == off(STATUSIO_API_KEY="")["statusio"]


def test_no_variable_is_declared_twice():
    names = [variable.name for variable in registry.variables()]
    assert (len(names), set(FULL)) == (len(set(names)), set(FULL) & set(names))


def test_no_library_is_loaded_before_a_service_is_talked_to():
    code = (
        "import sys; sys.path[:0] = ['tests', 'tool']; from incidentops.providers.registry import build;"
        "from incidentops.core.variable import VariableValues; from make import a_handbook, an_incident, NOW;"
        "from pacing import no_pauses;"
        "from incidentops.providers.base import RecordContext; from incidentops.plan.resource import LedgerEntry;"
        "h = a_handbook(); p = build(VariableValues(), h, no_pauses(), writable=False);"
        "[list(q.desired(an_incident(), RecordContext(h, NOW, LedgerEntry('x')))) for q in p];"
        "print(sorted({'gitlab', 'requests', 'git'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "[]" == done.stdout.strip()


@pytest.mark.parametrize("writable", [True, False])
def test_a_provider_connects_when_it_is_needed(sandbox, writable):
    here = values(INCIDENT_GITLAB_URL=sandbox.url, INCIDENT_GITLAB_TOKEN="sandbox-token")
    gitlab = next(p for p in registry.build(here, a_handbook(), no_pauses(), writable=writable) if p.name == "gitlab")
    assert () == sandbox.requests()
    assert gitlab.check(a_handbook())
    assert sandbox.requests()


def test_the_client_of_merge_requests_is_made_without_a_request():
    access = registry.merge_requests(values(), "1217", no_pauses())
    assert ("", True) == (access.unusable, callable(access.connect().notes))
    assert registry.merge_requests(values(), "", no_pauses()).unusable.startswith("CI_PROJECT_ID")


def test_the_repository_is_at_a_host():
    found = registry.host(values(GITLAB_USER_LOGIN="ana"))
    assert ("https://gitlab.example.com", "ana") == (found.url, found.user)


def test_the_review_is_markdown_without_the_marker():
    text = registry.review_text(an_incident(), a_handbook())
    assert text.startswith("Filled in from")
    assert "incidentops:begin" not in text
