import pytest

P = "/projects/1217"


@pytest.fixture
def noted(gitlab):
    """An issue to write quick actions on; returns a function that runs some and gives the issue."""
    gitlab.issue("First")
    gitlab.issue("Second", labels="a,b", assignee_ids=[2], issue_type="incident", due_date="2026-12-01")

    def run(body):
        answer = gitlab.post(f"{P}/issues/2/notes", body=body)
        assert answer.status_code in (202, 400), answer.text
        return gitlab.read(2)

    return run


@pytest.mark.parametrize(
    ("body", "field", "value"),
    [
        ("/close", "state", "closed"),
        ("/close\n/reopen", "state", "closed"),
        ("/assign @bo", "assignees", ["ana", "bo"]),
        ("/assign me", "assignees", ["ana", "incident-bot"]),
        ("/assign @nobody", "assignees", ["ana"]),
        ("/reassign @bo @cem", "assignees", ["bo", "cem"]),
        ("/unassign", "assignees", []),
        ("/unassign @ana", "assignees", []),
        ("/label ~severity::1 ~missing", "labels", ["a", "b", "severity::1"]),
        ('/label ~"group::on-call"', "labels", ["a", "b", "group::on-call"]),
        ("/unlabel ~a", "labels", ["b"]),
        ("/unlabel", "labels", []),
        ("/relabel ~b ~severity::2", "labels", ["b", "severity::2"]),
        ("/confidential", "confidential", True),
        ("/title A new one", "title", "A new one"),
        ("/due 2026-12-24", "due_date", "2026-12-24"),
        ("/due some day", "due_date", "2026-12-01"),
        ("/remove_due_date", "due_date", None),
        ("/severity S1", "severity", "CRITICAL"),
        ("/severity high", "severity", "HIGH"),
        ("/severity none", "severity", "UNKNOWN"),
        ("/lock", "discussion_locked", True),
        ("/duplicate #1", "state", "closed"),
        ("/duplicate #9", "state", "opened"),
        ("/shrug", "state", "opened"),
    ],
)
def test_a_quick_action_does_what_gitlab_does(noted, body, field, value):
    issue = noted(body)
    found = [user["username"] for user in issue[field]] if field == "assignees" else issue[field]
    assert value == found


def test_a_closed_issue_can_be_reopened(noted):
    noted("/close")
    assert "opened" == noted("/reopen")["state"]


def test_an_issue_becomes_an_incident(gitlab):
    issue = gitlab.issue(description="/promote_to_incident")
    assert "incident" == issue["issue_type"]


def test_unlock_lets_people_talk_again(noted):
    noted("/lock")
    assert noted("/unlock")["discussion_locked"] is False


def test_each_quick_action_is_recorded(gitlab):
    gitlab.issue(description="x\n/label ~severity::1\n/page dev\n")
    wanted = [
        {"name": "label", "argument": "~severity::1", "applied": 1},
        {"name": "page", "argument": "dev", "applied": 0},
    ]
    assert wanted == gitlab.box.quick_actions()


def test_a_guests_quick_actions_do_nothing(gitlab):
    gus = gitlab.by("gus")
    issue = gus.issue(description="x\n/label ~severity::1\n/confidential")
    assert ([], False) == (issue["labels"], issue["confidential"])
