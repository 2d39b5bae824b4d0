import pytest


@pytest.fixture
def filled(gitlab):
    gitlab.issue("Registry is down", labels="a,b", issue_type="incident", description="pushes FAIL")
    gitlab.issue("Pages are slow", labels="b", confidential=True, assignee_ids=[2], due_date="2026-12-01")
    gitlab.by("ana").issue("Something else", description="registry")
    gitlab.edit(2, state_event="close")
    return gitlab


@pytest.mark.parametrize(
    ("query", "iids"),
    [
        ({}, [3, 2, 1]),
        ({"sort": "asc"}, [1, 2, 3]),
        ({"order_by": "updated_at"}, [2, 3, 1]),
        ({"order_by": "title", "sort": "asc"}, [2, 1, 3]),
        ({"iids[]": [1, 3, 9]}, [3, 1]),
        ({"labels": "a,b"}, [1]),
        ({"labels": "b"}, [2, 1]),
        ({"labels": "None"}, [3]),
        ({"labels": "Any"}, [2, 1]),
        ({"not[labels]": "a"}, [3, 2]),
        ({"state": "closed"}, [2]),
        ({"state": "opened"}, [3, 1]),
        ({"issue_type": "incident"}, [1]),
        ({"confidential": "true"}, [2]),
        ({"confidential": "false"}, [3, 1]),
        ({"search": "registry"}, [3, 1]),
        ({"search": "down reg"}, [1]),
        ({"search": "registry", "in": "title"}, [1]),
        ({"author_username": "ana"}, [3]),
        ({"author_id": "1"}, [2, 1]),
        ({"assignee_username": "ana"}, [2]),
        ({"assignee_id": "2"}, [2]),
        ({"assignee_id": "None"}, [3, 1]),
        ({"assignee_id": "Any"}, [2]),
        ({"scope": "created_by_me"}, [2, 1]),
        ({"created_after": "2000-01-01T00:00:00Z"}, [3, 2, 1]),
        ({"created_before": "2000-01-01"}, []),
        ({"updated_after": "2999-01-01T00:00:00Z"}, []),
        ({"updated_before": "2999-01-01T00:00:00Z"}, [3, 2, 1]),
    ],
)
def test_a_filter_keeps_what_it_says(filled, query, iids):
    assert iids == filled.listed(**query)


def test_an_invalid_moment_is_refused(gitlab):
    assert 400 == gitlab.get("/projects/1217/issues", updated_after="yesterday").status_code


def test_the_moment_of_a_change_finds_what_changed_since(filled):
    changed = filled.read(2)["updated_at"]
    assert [2] == filled.listed(updated_after=changed)
