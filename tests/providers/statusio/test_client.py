"""The client of Status.io: its pace, what it repeats and what never, and that it gives no credential away."""

import io
import json
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests
from requests.adapters import HTTPAdapter

from incidentops.core.errors import BadConfiguration, Failed, IncidentError, Refused, Unknown
from incidentops.core.secret import Secret
from incidentops.providers.statusio.client import StatusIoClient
from incidentops.providers.statusio.mapping import StatusIoRejected
from incidentops.providers.statusio.variables import StatusIoAccount
from incidentops.sandbox import seed
from incidentops.sandbox.app import SandboxOptions
from pacing import Waits, faster, no_pauses
from providers.statusio.scene import a_client, an_account
from sandboxes import Sandbox

ID, KEY = "id-4711-secret", "key-0815-secret"
OK = {"status": {"error": "no", "message": "OK"}, "result": [1]}


class Answer:
    def __init__(self, code: int, body: object = OK, **headers: str) -> None:
        self.code = code
        self.body = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.headers = headers


def no(message: str, code: int = 200) -> Answer:
    """The envelope of a refusal."""
    return Answer(code, {"status": {"error": "yes", "message": message}})


@contextmanager
def a_server(*answers: Answer) -> Iterator[tuple[str, list[str]]]:
    """A server that gives these answers in turn, the last for ever; yields its address and what was asked."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            answer = answers[min(len(asked), len(answers) - 1)]
            asked.append(self.command)
            self.send_response(answer.code)
            for name, value in answer.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.send_header("Content-Length", str(len(answer.body)))
            self.end_headers()
            self.wfile.write(answer.body)

        do_GET = do_POST = answer  # noqa: N815 - the names that http.server looks for

        def log_message(self, *_: object) -> None:
            """Silent."""

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def client_of(url: str, waits: Waits | None = None, *, writable: bool = True) -> StatusIoClient:
    pauses = (waits or Waits()).pauses()
    account = StatusIoAccount(url, Secret(ID), Secret(KEY), "p" * 24)
    return StatusIoClient(account, pauses, writable=writable, jitter=lambda: 0.5)


def get(client: StatusIoClient) -> object:
    return client.get("incidents/p")


def post(client: StatusIoClient) -> object:
    return client.post("incident/update", {"incident_details": "x"})


# Pace


def test_a_second_lies_between_the_end_of_a_request_and_the_next():
    waits = Waits()
    with a_server(Answer(200)) as (url, _):
        client = client_of(url, waits)
        get(client)
        get(client)
        waits.now += 0.4
        post(client)
    assert waits.slept == [1.0, pytest.approx(0.6)]


def test_the_sandbox_sees_nobody_hurry():
    with Sandbox(options=SandboxOptions(statusio_gap=0.03)) as box:
        client = StatusIoClient(an_account(box), faster(20), writable=True)
        for _ in range(4):
            client.get(f"incidents/{client.page}")
        assert box.pacing_violations() == ()


def test_threads_take_turns():
    with Sandbox(options=SandboxOptions(statusio_gap=0.02)) as box:
        client = StatusIoClient(an_account(box), faster(20), writable=True)
        threads = [threading.Thread(target=client.get, args=(f"incidents/{client.page}",)) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(box.requests()) == 4
        assert box.pacing_violations() == ()


# What is asked again


@pytest.mark.parametrize("answer", [Answer(429), Answer(500), Answer(503, "<h1>busy</h1>"), Answer(403, "<h1>no</h1>")])
def test_a_read_is_asked_again_and_then_gives_up(answer):
    waits = Waits()
    with a_server(answer) as (url, asked):
        with pytest.raises(Failed, match="does not serve us now") as caught:
            get(client_of(url, waits))
        assert asked == ["GET"] * 4
    assert caught.value.outage
    assert waits.slept == [1.0, 2.0, 4.0]


def test_a_read_that_is_answered_at_last_is_fine():
    with a_server(Answer(503, "busy"), Answer(429), Answer(200)) as (url, _):
        assert get(client_of(url)) == [1]


@pytest.mark.parametrize(("retry_after", "waited"), [("7", 7.5), ("999", 60.0), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.5)])
def test_what_the_service_asks_us_to_wait_is_waited_within_reason(retry_after, waited):
    waits = Waits()
    with a_server(Answer(429, Retry_After=retry_after), Answer(200)) as (url, _):
        get(client_of(url, waits))
    assert waits.slept[0] == waited


def test_a_write_that_was_not_done_is_sent_again():
    with a_server(Answer(429), Answer(200)) as (url, asked):
        assert post(client_of(url)) == [1]
        assert asked == ["POST", "POST"]


def test_a_write_that_is_never_let_in_failed():
    with a_server(Answer(429)) as (url, _), pytest.raises(Failed, match="does not serve us now"):
        post(client_of(url))


@pytest.mark.parametrize("answer", [Answer(500), Answer(503, "<h1>busy</h1>"), Answer(200, "<h1>hello</h1>")])
def test_a_write_with_an_answer_that_tells_nothing_is_unknown_and_sent_once(answer):
    with a_server(answer) as (url, asked):
        with pytest.raises(Unknown):
            post(client_of(url))
        assert asked == ["POST"]


def test_a_write_whose_answer_is_lost_is_unknown_and_sent_once(sandbox):
    sandbox.faults.switch(["statusio/lost-reply"])
    body = {"statuspage_id": seed.STATUSIO_PAGE}
    with pytest.raises(Unknown, match="did not answer"):
        a_client(sandbox).post("incident/create", body)
    assert len(sandbox.writes()) == 1


def test_a_server_that_is_not_there_took_nothing():
    with a_server(Answer(200)) as (url, _):
        pass
    for call in (get, post):
        with pytest.raises(Failed, match="cannot be reached") as caught:
            call(client_of(url))
        assert caught.value.outage
        assert "STATUSIO_API_URL" in caught.value.hint


@pytest.mark.parametrize(
    ("error", "reason", "sent"),
    [
        (requests.ConnectTimeout(), "no answer in time", False),
        (requests.ReadTimeout(), "no answer in time", True),
        (requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED"), "its certificate cannot be verified", False),
        (requests.ConnectionError("reset"), "the connection was cut", True),
    ],
    ids=str,
)
def test_a_write_that_broke_is_unknown_unless_nothing_can_have_been_sent(monkeypatch, error, reason, sent):
    def send(*_: object, **__: object) -> object:
        raise error

    monkeypatch.setattr(HTTPAdapter, "send", send)
    client = client_of("http://127.0.0.1:9")
    with pytest.raises(Unknown if sent else Failed, match=reason):
        post(client)
    with pytest.raises(Failed, match=reason):
        get(client)


# What is not ok


@pytest.mark.parametrize("call", [get, post])
@pytest.mark.parametrize(
    ("answer", "kind", "message"),
    [
        (no("Authentication failed"), BadConfiguration, "STATUSIO_API_ID"),
        (no("What", 401), BadConfiguration, "STATUSIO_API_KEY"),
        (no("Status page not found"), BadConfiguration, "no page"),
        (Answer(403, {"message": "Forbidden"}), BadConfiguration, "HTTP 403"),
        (Answer(404, "<h1>Not here</h1>"), BadConfiguration, "STATUSIO_API_URL"),
        (Answer(302, "", Location="https://elsewhere.example"), BadConfiguration, "STATUSIO_API_URL"),
        (no("Missing parameter: social", 400), StatusIoRejected, "Missing parameter"),
        (no("Incident not found"), StatusIoRejected, "Incident not found"),
        (Answer(200, {"status": {"error": "maybe"}, "result": 1}), StatusIoRejected, "rejected the request"),
        (Answer(200, {"result": 1}), StatusIoRejected, "rejected the request"),
    ],
)  # fmt: skip
def test_a_refusal_is_one_clear_line(call, answer, kind, message):
    with a_server(answer) as (url, asked):
        with pytest.raises(kind, match=message):
            call(client_of(url))
        assert len(asked) == 1


@pytest.mark.parametrize("url", ["nowhere", "ftp://x.example", "http://", "http://[::1"])
def test_an_address_that_is_none_names_its_variable(url):
    with pytest.raises((BadConfiguration, Failed)) as caught:
        get(client_of(url))
    assert "STATUSIO_API_URL" in caught.value.message + caught.value.hint


def test_credentials_that_cannot_be_sent_are_refused_and_not_shown():
    account = StatusIoAccount("http://127.0.0.1:9", Secret("a\nb"), Secret(KEY), "p")
    with pytest.raises(BadConfiguration, match="characters that no key has") as caught:
        StatusIoClient(account, no_pauses(), writable=True).get("x")
    assert "a\nb" not in str(caught.value)


def test_a_plan_cannot_write():
    with a_server(Answer(200)) as (url, asked):
        client = client_of(url, writable=False)
        get(client)
        with pytest.raises(Refused, match="a plan only reads"):
            post(client)
        assert asked == ["GET"]


# Nothing secret


@pytest.mark.parametrize("call", [get, post])
@pytest.mark.parametrize(
    "answer",
    [
        Answer(200, {"status": {"error": "yes", "message": f"bad key {KEY} of {ID}"}}),
        Answer(200, {"status": {"error": "yes", "message": f"Authentication failed for {KEY}"}}),
        Answer(403, {"message": f"{KEY} {ID} is forbidden"}),
        Answer(500, f"<pre>x-api-key: {KEY}</pre>"),
        Answer(404, f"<pre>x-api-key: {KEY}</pre>"),
    ],
)
def test_no_error_holds_a_credential_whatever_the_service_says(call, answer):
    with a_server(answer) as (url, _):
        assert_silent(lambda: call(client_of(url)))


def test_no_error_holds_a_credential_that_stands_in_the_address():
    assert_silent(lambda: get(client_of(f"http://{KEY}@127.0.0.1:9/{ID}")))
    assert_silent(lambda: get(client_of(f"nowhere/{KEY}")))


def assert_silent(call: Callable[[], object]) -> None:
    """The call fails, and neither its message nor its whole traceback holds a credential."""
    shown = io.StringIO()
    try:
        call()
    except IncidentError as error:
        shown.write(error.message + error.hint + repr(error))
        traceback.print_exception(error, file=shown)
    assert shown.getvalue()
    assert KEY not in shown.getvalue()
    assert ID not in shown.getvalue()


def test_a_client_does_not_print_its_credentials():
    client = client_of("http://127.0.0.1:9")
    assert KEY not in repr(client.__dict__)
