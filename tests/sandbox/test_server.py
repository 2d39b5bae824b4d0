import socket

import pytest
import requests

from incidentops.sandbox.app import SandboxOptions
from incidentops.sandbox.seed import PAIRS, TOKEN
from sandboxes import Sandbox


def test_a_sandbox_serves_while_it_is_open_and_no_longer():
    with Sandbox() as box:
        assert 200 == requests.get(f"{box.url}/").status_code
    with pytest.raises(requests.ConnectionError):
        requests.get(f"{box.url}/")


def test_two_sandboxes_share_nothing(gitlab):
    gitlab.issue()
    with Sandbox() as other:
        assert [] == other.issues()


def test_a_port_that_is_taken_is_an_error_of_the_system():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="in use"):
            Sandbox(port=taken.getsockname()[1]).__enter__()


def test_a_file_keeps_its_issues(tmp_path):
    path = str(tmp_path / "box.db")
    for expected in (1, 2):
        with Sandbox(db=path) as box:
            headers = {"PRIVATE-TOKEN": TOKEN}
            made = requests.post(f"{box.url}/api/v4/projects/1217/issues", json={"title": "x"}, headers=headers)
            assert expected == made.json()["iid"]


def test_the_project_and_the_people_can_be_chosen():
    with Sandbox(options=SandboxOptions(users=("zoe",)), project="ops/lab") as box:
        headers = {"PRIVATE-TOKEN": "sandbox-zoe"}
        assert "zoe" == requests.get(f"{box.url}/api/v4/user", headers=headers).json()["username"]
        assert 200 == requests.get(f"{box.url}/api/v4/projects/ops%2Flab", headers=headers).status_code
        assert "ops/lab" == box.environment()["INCIDENT_GITLAB_PROJECT"]


def test_the_contents_can_be_read_without_http(gitlab, statusio):
    gitlab.issue("One", labels="mine", confidential=True, description="@ana\n/todo")
    gitlab.issue("Two")
    gitlab.post("/projects/1217/issues/1/notes", body="Hello")
    gitlab.post("/projects/1217/issues/2/links", target_project_id=1217, target_issue_iid=1)
    statusio.create()
    box = gitlab.box
    assert ["One", "Two"] == [issue["title"] for issue in box.issues()]
    assert ["Hello"] == [note["body"] for note in box.notes(1)]
    assert [] == box.notes(99)
    assert "mine" in [label["name"] for label in box.labels()]
    assert [(1, 2)] == box.links()
    assert [("ana", 1)] == [(todo["username"], todo["iid"]) for todo in box.todos()]
    assert ["todo"] == [action["name"] for action in box.quick_actions()]
    assert [False] == [incident["resolved"] for incident in box.statusio_incidents()]
    assert 400 == box.component_statuses()[PAIRS["API"]]
    assert 5 == len(box.writes())
    box.forget_requests()
    assert () == box.requests()


def test_a_connection_that_is_kept_open_does_not_keep_the_server(session):
    with Sandbox() as box:
        assert 200 == session.get(f"{box.url}/").status_code
