"""The client: what it sends again and what never, its errors when GitLab refuses, and that no token gets out."""

import io
import json
import socket
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
import requests
from requests.adapters import HTTPAdapter

from incidentops.core.errors import BadConfiguration, Failed, IncidentError, Refused, Unknown
from incidentops.core.pauses import Pauses
from incidentops.core.secret import Secret
from incidentops.providers.gitlab.client import GitLabClient, harmless_twice, not_done, only_reads
from incidentops.providers.gitlab.mapping import TokenInfo
from incidentops.providers.gitlab.variables import GitLabAccount
from providers.gitlab.driver import a_client

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)
SECRET = "glpat-very-secret"


class Answers:
    """A server that gives prepared answers: (status, headers, body), the last one for ever."""

    def __init__(self, *answers) -> None:
        self.answers = list(answers)
        self.seen: list[tuple[str, str]] = []
        self.url = ""

    @contextmanager
    def serve(self) -> Iterator["Answers"]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.seen.append((self.command, self.path))
                status, headers, body = outer.answers.pop(0) if len(outer.answers) > 1 else outer.answers[0]
                content = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response_only(status)
                for name, value in {"Content-Type": "application/json", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            do_GET = do_POST = do_PUT = answer  # noqa: N815 - the names that http.server looks for

            def log_message(self, *_: object) -> None: ...

        server = HTTPServer(("127.0.0.1", 0), Handler)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        self.url = f"http://127.0.0.1:{server.server_port}"
        try:
            yield self
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


def client_of(url, slept=None, project="acme/production"):
    waits = slept if slept is not None else []
    return GitLabClient(
        GitLabAccount(url, Secret(SECRET), project),
        Pauses(waits.append, lambda: 0.0),
        writable=True,
        jitter=lambda: 0.5,
    )


@contextmanager
def answering(*answers, slept=None):
    with Answers(*answers).serve() as server:
        yield server, client_of(server.url, slept)


def text_of(error: pytest.ExceptionInfo[IncidentError]) -> str:
    return f"{error.value.message} | {error.value.hint}"


def requests_of(box, method):
    return [row for row in box.requests() if row.method == method]


@pytest.mark.parametrize(
    ("token", "message"),
    [
        ("nonsense", "GitLab does not accept INCIDENT_GITLAB_TOKEN"),
        ("sandbox-expired", "INCIDENT_GITLAB_TOKEN: it has expired"),
    ],
)
def test_a_token_that_does_not_hold_is_named(sandbox, token, message):
    with pytest.raises(BadConfiguration) as error:
        a_client(sandbox, token).issues([1])
    assert message in text_of(error)
    assert "scope api" in text_of(error)
    assert token not in text_of(error)


def test_a_token_that_may_only_read_is_named(sandbox):
    with pytest.raises(BadConfiguration) as error:
        a_client(sandbox, "sandbox-read").create_issue({"title": "x"})
    assert "INCIDENT_GITLAB_TOKEN create an issue: the token lacks the scope api" in text_of(error)


def test_a_project_that_is_not_there_is_named(sandbox):
    with pytest.raises(BadConfiguration) as error:
        a_client(sandbox, project="acme/nothing").issues([1])
    assert "project 'acme/nothing' was not found on '127.0.0.1'" in text_of(error)
    assert "INCIDENT_GITLAB_PROJECT, or else gitlab.project in incidents/handbook.yaml" in text_of(error)


def test_a_server_that_is_not_there_is_named():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    slept: list[float] = []
    with pytest.raises(Failed) as error:
        client_of(url, slept).issues([1])
    assert "GitLab at '127.0.0.1' cannot be reached: the connection was refused" in text_of(error)
    assert "INCIDENT_GITLAB_URL" in text_of(error)
    assert error.value.outage
    assert 4 == len(slept)


def test_a_post_that_was_never_sent_failed_for_certain():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    with pytest.raises(Failed, match="the connection was refused"):
        client_of(url).create_issue({"title": "x"})


@pytest.mark.parametrize("url", ["gitlab.example.com", "ftp://gitlab.example.com", "http://"])
def test_an_address_that_is_not_of_a_web_server_is_named(url):
    with pytest.raises(BadConfiguration) as error:
        client_of(url).issues([1])
    assert "INCIDENT_GITLAB_URL is not the address of a web server" in text_of(error)


def test_a_server_without_tls_is_named(sandbox):
    with pytest.raises(Failed) as error:
        client_of(sandbox.url.replace("http://", "https://")).issues([1])
    assert "GitLab at '127.0.0.1' cannot be reached: no secure connection" in text_of(error)


@pytest.mark.parametrize("status", [200, 404])
def test_a_web_page_is_not_gitlab(status):
    page = (status, {"Content-Type": "text/html"}, b"<html>Sign in</html>")
    with answering(page) as (_, client), pytest.raises(BadConfiguration) as error:
        client.issues([1])
    assert "answers, but not as GitLab's API does" in text_of(error)
    assert "<html>" not in text_of(error)


@pytest.mark.parametrize("call", [lambda c: c.issues([1]), lambda c: c.create_issue({"title": "x"})])
def test_no_redirect_is_followed(call):
    away = (301, {"Location": "https://elsewhere.example/api/v4"}, b"")
    with answering(away) as (server, client), pytest.raises(BadConfiguration) as error:
        call(client)
    assert "answers with a redirect" in text_of(error)
    assert 1 == len(server.seen)


@pytest.mark.parametrize("fault", ["409", "429"])
def test_what_was_certainly_not_done_is_sent_again(sandbox, fault):
    sandbox.faults.switch(on=[f"{fault}:2"])
    client = a_client(sandbox)
    made = client.create_issue({"title": "x"})
    assert "y" == client.update_issue(made.iid, {"title": "y"}).title
    assert (1, 3, 3) == (len(sandbox.issues()), len(requests_of(sandbox, "POST")), len(requests_of(sandbox, "PUT")))


@pytest.mark.parametrize("fault", ["503", "lost-reply"])
def test_a_create_without_an_answer_is_unknown_and_sent_once(sandbox, fault):
    sandbox.faults.switch(on=[fault])
    with pytest.raises(Unknown, match="may or may not have done it"):
        a_client(sandbox).create_issue({"title": "x"})
    assert 1 == len(requests_of(sandbox, "POST"))


@pytest.mark.parametrize("fault", ["503", "lost-reply"])
def test_what_is_harmless_twice_is_sent_again(sandbox, fault):
    client = a_client(sandbox)
    one, two = client.create_issue({"title": "a"}), client.create_issue({"title": "b", "issue_type": "incident"})
    sandbox.faults.switch(on=[fault])
    client.create_label("new", {"color": "#ffffff"})
    client.link(one.iid, two.iid)
    client.set_severity(two.full_path, two.iid, "high")
    assert "c" == client.update_issue(one.iid, {"title": "c"}).title
    assert ("high", [(1, 2)]) == (client.issues([2])[0].severity, sandbox.links())


def test_a_server_that_stays_broken_is_an_outage(sandbox):
    sandbox.faults.switch(on=["503:99"])
    with pytest.raises(Failed) as error:
        a_client(sandbox).issues([1])
    assert "GitLab is out of order: 503 to 'read issues'" in text_of(error)
    assert error.value.outage


def test_it_waits_as_long_as_retry_after_asks_up_to_a_minute():
    date = "Sat, 21 Nov 2026 14:00:00 GMT"
    busy = [
        (429, {"Retry-After": "7"}, b"Retry later"),
        (429, {"Retry-After": "Sat, 21 Nov 2026 14:00:09 GMT", "Date": date}, b"Retry later"),
        (429, {"Retry-After": "999999"}, b"Retry later"),
        (429, {}, {"message": {"error": "too many times"}}),
    ]
    slept: list[float] = []
    with answering(*busy, (200, {}, []), slept=slept) as (_, client):
        assert () == client.issues([1])
    assert [7.25, 9.25, 60.0, 4.0] == slept


def test_a_hundred_issues_are_one_request(sandbox):
    assert () == a_client(sandbox).issues(range(1, 201))
    assert 2 == len(requests_of(sandbox, "GET"))


def test_every_page_of_a_list_is_read(sandbox):
    client = a_client(sandbox)
    made = client.create_issue({"title": "1", "labels": ["ours"]})
    for number in range(2, 106):
        sandbox.store.run(
            "INSERT INTO items (kind, iid, title, type, author, created_at, updated_at)"
            " SELECT kind, ?, title, type, author, created_at, updated_at FROM items WHERE id = ?",
            number,
            made.id,
        )
    sandbox.store.run("INSERT OR IGNORE INTO item_labels SELECT items.id, label FROM items, item_labels")
    listed = client.labelled("ours", LONG_AGO)
    assert list(range(1, 106)) == [issue.iid for issue in listed]
    assert set(range(1, 106)) == client.labelled_otherwise("acme/production", "ours", LONG_AGO)


def test_older_issues_are_not_listed(sandbox):
    client = a_client(sandbox)
    client.create_issue({"title": "x", "labels": ["incidentops"]})
    later = datetime(2999, 1, 1, tzinfo=UTC)
    assert () == client.labelled("incidentops", later)
    assert frozenset() == client.labelled_otherwise("acme/production", "incidentops", later)


def test_an_issue_that_is_not_there_is_none(sandbox):
    assert a_client(sandbox).issue(99) is None


def test_somebody_is_found_by_the_exact_name(sandbox):
    client = a_client(sandbox)
    assert "out" == client.user("out").username
    assert client.user("nobody-of-this-name") is None


def test_who_we_are_is_asked_once():
    with answering((200, {}, {"id": 1, "username": "incident-bot"})) as (server, client):
        assert {"incident-bot"} == {client.me.username for _ in range(3)}
    assert 1 == len(server.seen)


def test_the_server_tells_the_time(sandbox):
    client = a_client(sandbox)
    assert client.server_time is None
    client.version()
    assert client.server_time.tzinfo is not None


def test_a_client_that_only_reads_cannot_write(sandbox):
    client = a_client(sandbox, writable=False)
    assert "acme/production" == client.project().full_path
    assert frozenset() == client.labelled_otherwise("acme/production", "incidentops", LONG_AGO)
    for write in (
        lambda: client.create_issue({"title": "x"}),
        lambda: client.update_issue(1, {"title": "x"}),
        lambda: client.set_severity("acme/production", 1, "high"),
        lambda: client.create_label("x", {"color": "#fff"}),
        lambda: client.link(1, 2),
    ):
        with pytest.raises(Refused, match="a plan only reads"):
            write()
    assert {"GET", "POST"} == {row.method for row in sandbox.requests()}
    assert {"/api/graphql"} == {row.path for row in sandbox.writes()} | {"/api/graphql"}


def test_a_severity_that_gitlab_did_not_set_fails(sandbox):
    client = a_client(sandbox)
    made = client.create_issue({"title": "an issue has no severity"})
    with pytest.raises(Failed, match="GitLab did not set the severity of issue 1"):
        client.set_severity(made.full_path, made.iid, "high")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 500])
@pytest.mark.parametrize(
    "body", [[SECRET], {"message": f"no {SECRET}"}, {"error": f"{SECRET}", "error_description": SECRET}]
)
def test_the_token_is_in_no_error_and_no_traceback(status, body):
    with answering((status, {"X-Token": SECRET}, body)) as (_, client), pytest.raises(IncidentError) as error:
        client.create_issue({"title": "x"})
    shown = "".join(traceback.format_exception(error.value)) + text_of(error) + repr(client)
    assert SECRET not in shown


def test_the_token_in_the_address_is_not_shown():
    with pytest.raises(IncidentError) as error:
        client_of(f"http://user:{SECRET}@127.0.0.1:1").issues([1])
    assert SECRET not in text_of(error) + "".join(traceback.format_exception(error.value))


def test_what_gitlab_says_is_quoted_short_and_escaped():
    body = {"message": {"title": ["is too long\u202e\n" + "x" * 500]}}
    with answering((400, {}, body)) as (_, client), pytest.raises(Failed) as error:
        client.create_issue({"title": "x"})
    assert "GitLab refused to create an issue (400): 'title is too long\\u202e\\nxxx" in text_of(error)
    assert len(text_of(error)) < 400


def test_an_answer_of_another_shape_fails():
    with answering((200, {}, [{"id": 1}])) as (_, client), pytest.raises(Failed) as error:
        client.issues([1])
    assert "cannot be read: " in text_of(error)


def test_the_token_tells_its_scopes_and_its_end():
    with answering((200, {}, {"scopes": ["api"], "expires_at": "2027-01-01"})) as (_, client):
        assert TokenInfo(("api",), "2027-01-01") == client.token()
    with answering((200, {}, {"expires_at": None})) as (_, client):
        assert TokenInfo((), "") == client.token()


def test_a_gitlab_that_does_not_tell_about_tokens_is_fine(sandbox):
    assert a_client(sandbox).token() is None


def test_an_outage_is_not_taken_for_a_token_that_nothing_is_known_of():
    with answering(*[(503, {}, b"")] * 5) as (_, client), pytest.raises(Failed, match="GitLab is out of order"):
        client.token()


def test_a_label_of_a_group_is_not_changed(sandbox):
    client = a_client(sandbox)
    client.create_label("own", {"color": "#ffffff"})
    before = client.labels()["severity::1"]
    for name in ("own", "severity::1"):
        client.update_label(name, {"color": "#000000"})
    after = client.labels()
    assert ("#000000", False) == (after["own"].color, not after["own"].is_project_label)
    assert before == after["severity::1"]
    assert not before.is_project_label


def test_what_is_there_already_is_fine(sandbox):
    client = a_client(sandbox)
    one, two = (client.create_issue({"title": title}).iid for title in "ab")
    for _ in range(2):
        client.create_label("own", {"color": "#ffffff"})
        client.link(one, two)
    assert [(1, 2)] == sandbox.links()


def test_a_lock_that_stays_is_no_sign_that_it_is_there(sandbox):
    sandbox.faults.switch(on=["409:always"])
    with pytest.raises(Failed, match="Resource lock"):
        a_client(sandbox).create_label("own", {"color": "#ffffff"})


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ((401, {}, {"errors": [{"message": "Invalid token"}]}), "does not accept INCIDENT_GITLAB_TOKEN"),
        ((200, {}, {"errors": [{"message": "Field 'x' does not exist"}]}), ": 'Field 'x' does not exist'"),
        ((200, {}, {"data": {"project": None}}), "GitLab's GraphQL did not count issues"),
        ((200, {}, []), "answers, but not as GitLab's API does"),
        ((200, {"Content-Type": "text/html"}, b"<html>"), "answers, but not as GitLab's API does"),
    ],
)
def test_an_error_of_graphql_is_quoted(answer, message):
    with answering(answer) as (_, client), pytest.raises(IncidentError) as error:
        client.labelled_otherwise("acme/production", "incidentops", LONG_AGO)
    assert message in text_of(error)


@pytest.mark.parametrize("body", [b"<html>", [1], "text"])
def test_an_answer_to_a_create_that_cannot_be_read_is_unknown(body):
    with answering((201, {}, body)) as (server, client), pytest.raises(Unknown, match="may or may not have done it"):
        client.create_issue({"title": "x"})
    assert 1 == len(server.seen)


def test_what_is_no_object_is_not_gitlab():
    with (
        answering((200, {}, [1])) as (_, client),
        pytest.raises(BadConfiguration, match="answers, but not as GitLab's API does"),
    ):
        client.version()


def test_a_certificate_that_cannot_be_verified_is_named_and_not_tried_again(monkeypatch):
    sent = []

    def send(*_, **__):
        sent.append(1)
        raise requests.exceptions.SSLError("CERTIFICATE_VERIFY_FAILED")

    monkeypatch.setattr(HTTPAdapter, "send", send)
    with pytest.raises(Failed, match=r"certificate of GitLab at 'gitlab\.example\.com' cannot be verified") as error:
        client_of("https://gitlab.example.com").create_issue({"title": "x"})
    assert (1, True) == (len(sent), "REQUESTS_CA_BUNDLE" in text_of(error))


def test_a_create_that_never_got_a_connection_was_not_done(monkeypatch):
    def send(*_, **__):
        raise requests.ConnectTimeout("slow")

    monkeypatch.setattr(HTTPAdapter, "send", send)
    with pytest.raises(Failed, match="no answer in time"):
        client_of("https://gitlab.example.com").create_issue({"title": "x"})


def test_a_service_that_stays_busy_is_asked_by_one_layer_alone():
    slept: list[float] = []
    with answering((429, {}, b"Retry later"), slept=slept) as (server, client), pytest.raises(Failed, match="429"):
        client.issues([1])
    assert (5, 4) == (len(server.seen), len(slept))


def a_request(method: str, path: str, body: object = None) -> requests.PreparedRequest:
    return requests.Request(method, f"https://gitlab.example.com{path}", json=body).prepare()


@pytest.mark.parametrize(
    "body", [{"query": "mutation { x }"}, {"query": "query { a } mutation { b }"}, {"query": 5}, {}, [1], "x"]
)
def test_only_a_query_counts_as_reading(body):
    assert not only_reads(a_request("POST", "/api/graphql", body))
    assert only_reads(a_request("POST", "/api/graphql", {"query": "query { a }"}))


ISSUES = "/api/v4/projects/1/issues"


@pytest.mark.parametrize(
    ("method", "path", "harmless"),
    [
        ("GET", ISSUES, True),
        ("HEAD", ISSUES, True),
        ("PUT", f"{ISSUES}/1", True),
        ("POST", ISSUES, False),
        ("POST", f"{ISSUES}/1/notes", False),
        ("POST", f"{ISSUES}/1/links", True),
        ("POST", "/api/v4/projects/1/labels?a=1", True),
        ("POST", "/api/graphql", True),
        ("DELETE", f"{ISSUES}/1", False),
    ],
)
def test_only_what_is_harmless_twice_may_be_sent_again_blindly(method, path, harmless):
    assert harmless == harmless_twice(a_request(method, path))


@pytest.mark.parametrize(
    ("status", "text", "sure"), [(429, "", True), (409, "409 Conflict: Resource lock", True), (409, "taken", False)]
)
def test_some_answers_say_that_nothing_was_done(status, text, sure):
    answer = requests.Response()
    answer.status_code, answer.raw = status, io.BytesIO(text.encode())
    assert sure == not_done(a_request("POST", ISSUES), answer)
