"""The account that the variables mean."""

import pytest

from incidentops.core.secret import Secret
from incidentops.core.variable import values_of
from incidentops.providers.gitlab.variables import (
    VARIABLES,
    GitLabAccount,
    account,
    host,
    merge_requests_unusable,
    unusable,
)

FULL = {"INCIDENT_GITLAB_URL": "https://gitlab.example.com/", "INCIDENT_GITLAB_TOKEN": "glpat-x"}


def values(**changes):
    return values_of({**FULL, **changes}, VARIABLES)


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({}, ""),
        ({"INCIDENT_GITLAB_URL": ""}, "INCIDENT_GITLAB_URL is not set"),
        ({"INCIDENT_GITLAB_URL": "gitlab.example.com"}, "INCIDENT_GITLAB_URL is not the address of a web server"),
        ({"INCIDENT_GITLAB_URL": "http://["}, "INCIDENT_GITLAB_URL is not the address of a web server"),
        ({"INCIDENT_GITLAB_TOKEN": ""}, "INCIDENT_GITLAB_TOKEN is not set"),
    ],
)
def test_what_is_missing_is_named(changes, problem):
    assert unusable(values(**changes)).startswith(problem)
    assert bool(problem) == bool(unusable(values(**changes)))


def test_the_account_is_that_of_the_variables():
    assert GitLabAccount("https://gitlab.example.com", Secret("glpat-x"), "7") == account(values(), "7")


def test_the_host_alone_is_shown():
    assert "gitlab.example.com" == GitLabAccount("https://user:x@gitlab.example.com/git", Secret(""), "").host
    assert ("", "") == (GitLabAccount("http://[", Secret(""), "").host, GitLabAccount("", Secret(""), "").host)


def test_the_repository_is_where_the_issues_are():
    found = host(values(GITLAB_USER_LOGIN="ana"))
    assert ("https://gitlab.example.com", "glpat-x", "ana") == (found.url, found.token.reveal(), found.user)


@pytest.mark.parametrize(
    ("project", "changes", "problem"),
    [
        ("1217", {}, ""),
        ("", {}, "CI_PROJECT_ID does not name the project of the merge requests"),
        ("acme/production", {}, "CI_PROJECT_ID does not name the project of the merge requests"),
        ("1217", {"INCIDENT_GITLAB_URL": ""}, "INCIDENT_GITLAB_URL is not set"),
        ("1217", {"INCIDENT_GITLAB_TOKEN": ""}, "INCIDENT_GITLAB_TOKEN is not set"),
    ],
)
def test_merge_requests_are_those_of_a_project_by_its_number(project, changes, problem):
    assert problem == merge_requests_unusable(values(**changes), project)
