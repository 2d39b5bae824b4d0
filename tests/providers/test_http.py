"""The HTTP layer: what it sends again and when, where a request ends, and that a plan cannot write."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import MaxRetryError, NameResolutionError, ProtocolError

from incidentops.core.errors import Refused
from incidentops.providers.http import HttpRules, NoAnswer, Transport, retry_after
from pacing import Waits

DATE = "Sat, 21 Nov 2026 14:00:00 GMT"


class Server(ThreadingHTTPServer):
    """Gives these answers in turn, the last for ever: (status, headers, body). `hold` keeps it from ending one."""

    daemon_threads = True

    def __init__(self, answers: tuple[tuple[int, dict[str, str], bytes], ...]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.seen, self.hold = answers, [], threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/x"


class Handler(BaseHTTPRequestHandler):
    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        answers, seen = self.server.answers, self.server.seen
        status, headers, body = answers[min(len(seen), len(answers) - 1)]
        seen.append(self.command)
        self.send_response_only(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        if "X-Drip" in headers:
            self.wfile.write(body[:1])
            self.wfile.flush()
            self.server.hold.wait(10)
        else:
            self.wfile.write(body)

    do_GET = do_POST = do_PUT = answer  # noqa: N815 - the names that http.server looks for

    def log_message(self, *_: object) -> None:
        """Silent."""


@contextmanager
def serving(*answers: tuple[int, dict[str, str], bytes]) -> Iterator[Server]:
    server = Server(answers)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.hold.set()
        server.shutdown()
        thread.join()
        server.server_close()


FINE = (200, {}, b"{}")


def transport(waits: Waits | None = None, *, writable: bool = True, **rules: object) -> Transport:
    rule = HttpRules("It", **rules)
    return Transport(rule, (waits or Waits()).pauses(), writable=writable, jitter=lambda: 0.5)


def ask(server: Server, method: str = "GET", waits: Waits | None = None, **rules: object) -> requests.Response:
    return transport(waits, **rules).session().request(method, server.url)


@pytest.mark.parametrize(
    ("method", "status", "sent"),
    [
        ("POST", 429, 2),
        ("POST", 503, 1),
        ("POST", 409, 1),
        ("PUT", 503, 1),
        ("GET", 500, 2),
        ("GET", 520, 2),
        ("GET", 501, 1),
        ("GET", 404, 1),
    ],
)
def test_only_what_was_not_done_or_is_harmless_twice_is_sent_again(method, status, sent):
    with serving((status, {}, b""), FINE) as server:
        assert (200 if sent == 2 else status) == ask(server, method).status_code
        assert [method] * sent == server.seen


def test_a_service_says_itself_what_is_harmless_twice_and_what_was_not_done():
    with serving((503, {}, b""), FINE) as server:
        assert 200 == ask(server, "PUT", repeatable=lambda request: request.method == "PUT").status_code
    with serving((409, {}, b"locked"), FINE) as server:
        assert 200 == ask(server, "POST", not_done=lambda _, answer: b"locked" in answer.content).status_code


def test_pauses_double_with_jitter_and_end_somewhere():
    waits = Waits()
    with serving((503, {}, b"")) as server:
        assert 503 == ask(server, waits=waits, first_pause=1.0, longest_pause=3.0).status_code
    assert [1.0, 2.0, 3.0, 3.0] == waits.slept


def test_it_waits_as_long_as_retry_after_asks_up_to_a_minute():
    waits = Waits()
    later = {"Retry-After": "Sat, 21 Nov 2026 14:00:09 GMT", "Date": DATE}
    busy = [(429, headers, b"") for headers in ({"Retry-After": "7"}, later, {"Retry-After": "999999"}, {})]
    with serving(*busy, FINE) as server:
        assert 200 == ask(server, waits=waits).status_code
    assert [7.25, 9.25, 60.0, 4.0] == waits.slept


def test_the_deadline_is_for_all_tries_together():
    waits = Waits()
    with serving((429, {"Retry-After": "50"}, b"")) as server:
        assert 429 == ask(server, waits=waits, deadline=120.0).status_code
    assert 2 == len(waits.slept)


def test_a_server_that_drips_ends_at_the_deadline():
    drip = (200, {"X-Drip": "1", "Content-Length": "100"}, b"x" * 100)
    with serving(drip) as server, pytest.raises(NoAnswer, match="no answer in time") as caught:
        transport(deadline=0.1).session().post(server.url)
    assert caught.value.sent


def test_an_answer_without_end_is_not_read():
    with serving((200, {}, b"x" * 2000)) as server:
        with pytest.raises(NoAnswer, match="more than 0 MiB"):
            ask(server, largest=1000)
        assert ["GET"] == server.seen


def test_no_redirect_is_followed():
    with serving((302, {"Location": "https://elsewhere.example/"}, b"")) as server:
        assert 302 == ask(server).status_code
        assert ["GET"] == server.seen


def test_a_transport_that_must_not_write_does_not():
    session = transport(writable=False).session()
    with serving(FINE) as server:
        assert 200 == session.get(server.url).status_code
        with pytest.raises(Refused, match="a plan only reads: POST was not sent to It"):
            session.post(server.url)
        assert ["GET"] == server.seen


def test_between_two_requests_lies_the_gap_that_the_service_wants():
    waits = Waits()
    with serving(FINE) as server:
        session = transport(waits, gap=1.0).session()
        session.get(server.url)
        waits.now += 0.4
        session.get(server.url)
        waits.now += 2
        session.get(server.url)
        at_once = transport(waits).session()
        at_once.get(server.url)
        at_once.get(server.url)
    assert [pytest.approx(0.6)] == waits.slept


def test_the_server_tells_the_time():
    one = transport()
    with serving((200, {"Date": DATE}, b""), FINE) as server:
        one.session().get(server.url)
        one.session().get(server.url)
    assert datetime(2026, 11, 21, 14, tzinfo=UTC) == one.server_time


def test_no_credentials_of_a_netrc_are_put_in(tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    request = requests.Request("GET", "http://127.0.0.1/")
    assert "Authorization" not in transport().session().prepare_request(request).headers


def refused() -> MaxRetryError:
    return MaxRetryError(None, "/", NameResolutionError("h", None, OSError()))


@pytest.mark.parametrize(
    ("error", "reason", "sent", "tries"),
    [
        (requests.ReadTimeout("slow"), "no answer in time", True, 1),
        (requests.ConnectTimeout("slow"), "no answer in time", False, 5),
        (requests.ConnectionError(refused()), "there is no such host", False, 5),
        (requests.ConnectionError("aborted"), "the connection was cut", True, 1),
        (ProtocolError("aborted"), "the connection was cut", True, 1),
        (requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED"), "its certificate cannot be verified", False, 1),
        (requests.exceptions.SSLError("wrong version"), "no secure connection", True, 1),
    ],
)
def test_the_error_names_the_reason_and_a_write_is_repeated_only_when_it_was_never_sent(
    monkeypatch, error, reason, sent, tries
):
    calls = []

    def send(*_, **__):
        calls.append(1)
        raise error

    monkeypatch.setattr(HTTPAdapter, "send", send)
    with pytest.raises(NoAnswer, match=reason) as caught:
        transport().session().post("https://it.example.com")
    assert (sent, tries) == (caught.value.sent, len(calls))


def test_a_refused_connection_is_named():
    with serving(FINE) as server:
        url = server.url
    with pytest.raises(NoAnswer, match="the connection was refused"):
        transport().session().get(url)


def test_an_error_of_ours_in_the_other_thread_is_not_lost(monkeypatch):
    def send(*_, **__):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(HTTPAdapter, "send", send)
    with pytest.raises(ZeroDivisionError):
        transport().session().get("https://it.example.com")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"Retry-After": "30"}, 30),
        ({"Retry-After": "Sat, 21 Nov 2026 14:00:30 GMT", "Date": DATE}, 30),
        ({"Retry-After": "Sat, 21 Nov 2026 13:00:30 GMT", "Date": DATE}, 0),
        ({"Retry-After": "Sat, 21 Nov 2026 14:00:30 GMT"}, None),
        ({"Retry-After": "Sat, 21 Nov 2026 14:00:30 -0000", "Date": DATE}, None),
        ({"Retry-After": "-5", "Date": DATE}, None),
        ({"Retry-After": "soon", "Date": DATE}, None),
        ({"Retry-After": "9" * 40}, None),
        ({"Retry-After": "٣"}, None),
    ],
)
def test_retry_after_may_be_a_number_a_date_or_nonsense(headers, seconds):
    assert seconds == retry_after(headers)
