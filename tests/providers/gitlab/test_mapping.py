"""GitLab's answers as values: total over what it documents, strict about anything else."""

from datetime import UTC, datetime

import pytest

from incidentops.core.errors import Failed
from incidentops.model.vocabulary import Severity
from incidentops.providers.gitlab import mapping
from incidentops.providers.gitlab.mapping import User

RAW = {
    "id": 41001,
    "iid": 7,
    "web_url": "https://gitlab.example.com/acme/production/-/issues/7",
    "references": {"short": "#7", "relative": "#7", "full": "acme/production#7"},
    "title": "Down",
    "description": "one\r\ntwo \n",
    "labels": ["b", "a"],
    "assignees": [{"id": 3, "username": "ana"}],
    "confidential": False,
    "state": "opened",
    "severity": "HIGH",
    "due_date": "2026-12-05",
    "author": {"id": 1, "username": "incident-bot"},
    "created_at": "2026-11-21T14:02:00.123Z",
    "moved_to_id": None,
    "issue_type": "incident",
}


def test_an_issue_is_read_as_gitlab_shows_it():
    issue = mapping.issue(RAW)
    assert (41001, 7, "acme/production", "Down", "one\ntwo") == (
        issue.id,
        issue.iid,
        issue.full_path,
        issue.title,
        issue.description,
    )
    assert (("a", "b"), (User(3, "ana"),), "high", "2026-12-05", "incident-bot", None) == (
        issue.labels,
        issue.assignees,
        issue.severity,
        issue.due_date,
        issue.author.username,
        issue.moved_to_id,
    )
    assert datetime(2026, 11, 21, 14, 2, 0, 123000, tzinfo=UTC) == issue.created_at


def test_what_may_be_null_is_empty():
    issue = mapping.issue({**RAW, "description": None, "due_date": None, "moved_to_id": 12})
    assert ("", "", 12) == (issue.description, issue.due_date, issue.moved_to_id)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("id", "7"),
        ("iid", True),
        ("iid", None),
        ("title", None),
        ("description", 5),
        ("labels", "a,b"),
        ("labels", [5]),
        ("labels", [{"name": "bug"}]),
        ("assignees", None),
        ("assignees", ["ana"]),
        ("assignees", [{"id": 3}]),
        ("confidential", "false"),
        ("state", "melted"),
        ("severity", "SEVERE"),
        ("author", None),
        ("references", {}),
        ("created_at", "yesterday"),
        ("created_at", "2026-11-21T14:02:00"),
        ("due_date", 5),
    ],
)
def test_a_value_that_is_not_as_documented_is_named_by_its_key(key, value):
    with pytest.raises(Failed, match=rf"GitLab's answer cannot be read: .* at `{key}"):
        mapping.issue({**RAW, key: value})


def test_a_label_tells_whether_it_is_the_groups():
    raw = {"name": "bug", "color": "#FF0000", "description": None, "is_project_label": False}
    assert mapping.LabelSeen("bug", "#ff0000", "", is_project_label=False) == mapping.label(raw)


@pytest.mark.parametrize(
    ("permissions", "level"),
    [
        ({"project_access": {"access_level": 20}, "group_access": None}, 20),
        ({"project_access": {"access_level": 20}, "group_access": {"access_level": 40}}, 40),
        (None, 0),
        ({}, 0),
    ],
)
def test_the_highest_access_counts(permissions, level):
    raw = {"id": 1, "path_with_namespace": "acme/production", "permissions": permissions}
    assert level == mapping.project(raw).level


def test_a_project_may_have_its_issues_switched_off():
    raw = {"id": 1, "path_with_namespace": "a/b", "archived": True}
    assert (True, True) == (mapping.project(raw).issues_enabled, mapping.project(raw).archived)
    assert not mapping.project({**raw, "issues_enabled": False}).issues_enabled
    assert not mapping.project({**raw, "issues_access_level": "disabled"}).issues_enabled


def test_words_are_gitlabs():
    assert ["critical", "high", "medium", "low"] == [mapping.SEVERITIES[severity] for severity in Severity]


def test_only_those_named_count():
    users = (User(1, "bo"), User(2, "ana"), User(3, "fay"))
    assert ("ana", "bo") == mapping.usernames(users, ("bo", "ana", "cem"))


def test_names_are_a_tuple_of_texts_or_nothing():
    assert ("a",) == mapping.names(("a", 5))
    assert () == mapping.names("a") == mapping.names(None)


MERGE_REQUEST = {
    "iid": 7,
    "web_url": "https://gitlab.example.com/x",
    "state": "merged",
    "sha": "a",
    "target_branch": "main",
}
NOTE = {"id": 12, "body": "one\r\n", "author": {"id": 3, "username": "ana"}}


def test_a_merge_request_is_merged_when_gitlab_says_so_or_is_about_to():
    assert mapping.merge_request(MERGE_REQUEST).merged
    assert mapping.merge_request({**MERGE_REQUEST, "state": "locked"}).merged
    assert not mapping.merge_request({**MERGE_REQUEST, "state": "opened"}).merged
    assert "" == mapping.merge_request({**MERGE_REQUEST, "sha": None}).sha


def test_a_comment_is_read_as_gitlab_stores_it():
    note = mapping.note(NOTE)
    assert (12, "one", "ana", 3) == (note.id, note.body, note.author, note.author_id)
    assert 12 == mapping.number(NOTE)


@pytest.mark.parametrize("key", ["iid", "web_url", "state", "target_branch"])
def test_a_merge_request_without_a_required_key_is_refused_by_name(key):
    with pytest.raises(Failed, match=key):
        mapping.merge_request({name: value for name, value in MERGE_REQUEST.items() if name != key})
