"""The provider put together from variables and handbook."""

import pytest

from incidentops.core.variable import Variable, values_of
from incidentops.providers.gitlab.setup import build, merge_requests_unusable
from incidentops.providers.gitlab.variables import VARIABLES
from make import a_handbook

FULL = {"INCIDENT_GITLAB_URL": "https://gitlab.example.com", "INCIDENT_GITLAB_TOKEN": "glpat-x"}
NOWHERE = {"url": "https://gitlab.example.com"}


def values(**changes):
    return values_of({**FULL, **changes}, (*VARIABLES, Variable("CI_*", "")))


@pytest.mark.parametrize(
    ("section", "variables", "project"),
    [
        ({"project": "b/b"}, {"INCIDENT_GITLAB_PROJECT": "a/a", "CI_PROJECT_ID": "1217"}, "a/a"),
        ({"project": "b/b"}, {"CI_PROJECT_ID": "1217"}, "b/b"),
        ({}, {"CI_PROJECT_ID": "1217"}, "1217"),
    ],
)
def test_the_project_comes_from_variable_handbook_or_pipeline(section, variables, project):
    asked = []

    def connect(account):
        asked.append(account)
        raise LookupError

    provider = build(values(**variables), a_handbook(gitlab={**NOWHERE, **section}), connect)
    with pytest.raises(LookupError):
        provider.check(a_handbook())
    assert (project, "") == (asked[0].project, provider.not_configured)


def test_without_a_project_it_says_what_to_set():
    provider = build(values(), a_handbook(gitlab=NOWHERE), lambda account: None)
    assert (
        "no project is named: set INCIDENT_GITLAB_PROJECT, or gitlab.project in incidents/handbook.yaml"
        == provider.not_configured
    )


def test_the_handbook_cannot_say_where_the_token_goes():
    provider = build(values(INCIDENT_GITLAB_URL=""), a_handbook(), lambda account: None)
    assert "INCIDENT_GITLAB_URL is not set" == provider.not_configured


@pytest.mark.parametrize(
    ("project", "changes", "said"),
    [
        ("1217", {}, ""),
        ("", {}, "CI_PROJECT_ID does not name the project of the merge requests"),
        ("acme/production", {}, "CI_PROJECT_ID does not name the project of the merge requests"),
        ("1217", {"INCIDENT_GITLAB_URL": ""}, "INCIDENT_GITLAB_URL is not set"),
        ("1217", {"INCIDENT_GITLAB_TOKEN": ""}, "INCIDENT_GITLAB_TOKEN is not set"),
    ],
)
def test_merge_requests_are_those_of_a_project_by_its_number(project, changes, said):
    assert said == merge_requests_unusable(values(**changes), project)
