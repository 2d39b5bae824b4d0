import asyncio

import pytest
import requests
from starlette.responses import Response

from incidentops.sandbox.app import SandboxOptions, services_of
from incidentops.sandbox.faults import Faults
from incidentops.sandbox.seed import PAIRS, READ_TOKEN, STATUSIO_PAGE, TOKEN
from incidentops.sandbox.store import Store
from incidentops.sandbox.traffic import Traffic
from sandboxes import Sandbox

P = "/projects/1217"


@pytest.mark.parametrize(
    ("path", "service"),
    [
        ("/api/v4/user", "gitlab"),
        ("/api/graphql", "gitlab"),
        ("/statusio/v2/incidents/x", "statusio"),
        ("/1.0/status/x", "feed"),
        ("/statusio/1.0/status/x", "feed"),
        ("/sandbox/faults", ""),
        ("/", ""),
    ],
)
def test_a_path_belongs_to_a_service(path, service):
    store = Store()
    services = services_of(store, Faults(), SandboxOptions())
    assert [service] * bool(service) == [log for one in services if (log := one.log_of(path))]
    store.close()


def test_the_log_has_every_request_and_no_credential(gitlab, statusio):
    gitlab.issue("Secret-free")
    gitlab.get(f"{P}/issues", search="it")
    statusio.create()
    log = gitlab.box.requests()
    assert [("gitlab", "POST", 201), ("gitlab", "GET", 200), ("statusio", "POST", 200)] == [
        (row.service, row.method, row.status) for row in log
    ]
    assert "search=it" == log[1].query
    assert "Secret-free" in log[0].body
    assert [True, False, True] == [row.write for row in log]
    assert TOKEN not in repr(log)


def test_the_log_tells_reading_and_changing_graphql_apart(gitlab):
    gitlab.graphql("{ metadata { version } }")
    gitlab.graphql('mutation { issueSetSeverity(input: {projectPath: "x", iid: "1", severity: LOW}) { errors } }')
    assert [False, True] == [row.write for row in gitlab.box.requests()]


def test_a_lost_reply_comes_after_the_write_was_carried_out(gitlab):
    gitlab.box.faults.switch(on=["lost-reply:1"])
    with pytest.raises(requests.ConnectionError):
        gitlab.issue("One")
    assert ["One"] == [issue["title"] for issue in gitlab.box.issues()]
    assert ("lost-reply", 201) == (gitlab.box.requests()[0].fault, gitlab.box.requests()[0].status)
    assert 2 == gitlab.issue("Two")["iid"]


def test_no_read_loses_its_reply(gitlab):
    gitlab.box.faults.switch(on=["lost-reply:always"])
    assert [] == gitlab.listed()


def test_the_write_that_was_named_loses_its_reply_on_either_service(gitlab, statusio):
    gitlab.box.faults.lose_reply_of(2)
    gitlab.issue()
    gitlab.listed()
    with pytest.raises(requests.ConnectionError):
        statusio.create()
    assert 1 == len(statusio.box.statusio_incidents())
    assert 200 == statusio.create().status_code


def test_503_comes_before_anything_is_done(gitlab):
    gitlab.box.faults.switch(on=["503:2"])
    assert [503, 503, 201] == [gitlab.post(f"{P}/issues", title="x").status_code for _ in range(3)]
    assert [503, 503, 200] == [gitlab.get(f"{P}/issues").status_code for _ in range(3)]
    assert 1 == len(gitlab.box.issues())


def test_409_is_for_writes_on_gitlab(gitlab, statusio):
    gitlab.box.faults.switch(on=["409:1"])
    answer = gitlab.post(f"{P}/issues", title="x")
    assert (409, {"message": "409 Conflict: Resource lock"}) == (answer.status_code, answer.json())
    assert "Conflict" == answer.reason
    assert 200 == gitlab.get(f"{P}/issues").status_code
    assert 200 == statusio.create().status_code


def test_429_comes_in_both_kinds(gitlab, statusio):
    gitlab.box.faults.switch(on=["429:2"])
    plain, limit, through = (gitlab.get(f"{P}/issues") for _ in range(3))
    assert ("Retry later\n", "0") == (plain.text, plain.headers["retry-after"])
    assert "requested too many times" in limit.json()["message"]["error"]
    assert "retry-after" not in limit.headers
    assert (429, 429, 200) == (plain.status_code, limit.status_code, through.status_code)
    assert 429 == statusio.create().status_code


def test_empty_lists_say_200_and_nothing(gitlab, statusio):
    gitlab.issue(labels="a")
    incident = statusio.opened()
    gitlab.box.faults.switch(on=["empty-list"])
    for path in ("/issues", "/labels", "/issues/1/notes", "/issues/1/links", "/merge_requests", "/members/all"):
        answer = gitlab.get(f"{P}{path}")
        assert (200, []) == (answer.status_code, answer.json())
    assert [] == statusio.get(f"/incident/list/active/{STATUSIO_PAGE}").json()["result"]
    assert [] == statusio.get(f"/incidents/{STATUSIO_PAGE}").json()["result"]["active_incidents"]
    assert 1 == gitlab.read(1)["iid"]
    assert incident == statusio.get(f"/incident/{STATUSIO_PAGE}/{incident}").json()["result"][0]["_id"]


def test_slow_answers_come_in_the_end(gitlab):
    gitlab.box.faults.slow_seconds = 0.01
    gitlab.box.faults.switch(on=["slow"])
    assert 201 == gitlab.post(f"{P}/issues", title="x").status_code
    assert "slow" == gitlab.box.requests()[0].fault


def test_a_client_that_gave_up_waiting_has_still_been_served(gitlab):
    gitlab.box.faults.slow_seconds = 0.2
    gitlab.box.faults.switch(on=["slow:1"])
    with pytest.raises(requests.Timeout):
        gitlab.session.post(
            f"{gitlab.box.url}/api/v4{P}/issues",
            json={"title": "x"},
            headers={"PRIVATE-TOKEN": gitlab.token},
            timeout=0.02,
        )
    for _ in range(5000):  # asks until it is there
        if gitlab.listed():
            break
    assert ["x"] == [issue["title"] for issue in gitlab.box.issues()]


def test_status_io_requires_a_pause_between_requests(session):
    with Sandbox(options=SandboxOptions(statusio_gap=60)) as box:
        from sandbox.conftest import StatusPage

        page = StatusPage(box, session)
        assert [200, 429] == [page.create().status_code, page.create().status_code]
        assert 1 == len(box.statusio_incidents())
        (late,) = box.pacing_violations()
        assert ("pacing", 429) == (late.fault, late.status)
        assert 0 <= late.gap < 60


class Waiting:
    """An application that answers on a signal."""

    def __init__(self):
        self.entered, self.go_on = asyncio.Event(), asyncio.Event()

    async def __call__(self, scope, receive, send):
        self.entered.set()
        await self.go_on.wait()
        await Response("done")(scope, receive, send)


async def two_at_once(store):
    """The statuses of two requests of which the second comes while the first is being answered."""
    app = Waiting()
    traffic = Traffic(app, store, Faults(), services_of(store, Faults(), SandboxOptions(statusio_gap=0)))
    scope = {"type": "http", "method": "GET", "path": "/statusio/v2/incidents/x", "query_string": b"", "headers": []}
    seen = []

    async def receive():
        return {"type": "http.request", "body": b""}

    async def send(message):
        seen.append(message.get("status"))

    first = asyncio.create_task(traffic(dict(scope), receive, send))
    await app.entered.wait()
    await traffic(dict(scope), receive, send)
    app.go_on.set()
    await first
    return [status for status in seen if status]


def test_status_io_accepts_one_request_at_a_time():
    store = Store()
    assert [429, 200] == asyncio.run(two_at_once(store))
    assert 1 == store.number("SELECT count(*) FROM requests WHERE fault = 'pacing'")
    store.close()


def test_gitlab_and_the_public_feed_require_no_pause(session):
    with Sandbox(options=SandboxOptions(statusio_gap=60)) as box:
        for _ in range(2):
            assert 200 == session.get(f"{box.url}/1.0/status/{STATUSIO_PAGE}").status_code
            assert 200 == session.get(f"{box.url}/api/v4/user", headers={"PRIVATE-TOKEN": READ_TOKEN}).status_code
        assert () == box.pacing_violations()


def test_a_big_body_is_cut_in_the_log_but_served_whole(gitlab):
    gitlab.issue(description="x" * 100_000)
    assert 65_536 == len(gitlab.box.requests()[0].body)
    assert 100_000 == len(gitlab.read(1)["description"])


def test_faults_at_once_let_a_patient_client_through(gitlab, statusio):
    gitlab.box.faults.switch(on=["503:1", "429:1", "409:1", "lost-reply:1"])
    seen = []
    for _ in range(6):
        try:
            seen.append(statusio.create(PAIRS["API"]).status_code)
        except requests.ConnectionError:
            seen.append(0)
    assert [503, 429, 0, 200] == seen[:4]
