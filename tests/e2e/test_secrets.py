"""No token in any output, file, plan or ledger, whatever the services and the network do."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from e2e.place import REGISTRY, Place
from e2e.stage import MANAGED, a_file
from sandboxes import Sandbox

pytestmark = pytest.mark.slow

TOKEN = "glpat-Zz9Yy8Xx7Ww6Vv5Uu4Tt"
ID, KEY = "statusio-identity-1234567890", "statusio-key-0987654321"
COMMANDS = (
    ("plan",),
    ("plan", "--format", "json"),
    ("plan", "--format", "markdown"),
    ("reconcile",),
    ("reconcile", "--format", "json"),
    ("doctor",),
    ("doctor", "--format", "json"),
    ("adopt", "2026-11-21-registry-503", "gitlab.issue", "1"),
    ("list",),
    ("show", "registry"),
    ("validate",),
)


class Echo(BaseHTTPRequestHandler):
    """Answers everything with what it was sent: headers, address, body; now as an error, now as a redirect."""

    code = 500
    kind = "application/json"

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode("utf-8", "replace")
        echo = f"{self.path} {dict(self.headers)} {body}".replace('"', "'")
        content = f'{{"message": "{echo}", "error": "{echo}", "status": {{"error": "yes", "message": "{echo}"}}}}'
        self.send_response(self.code, f"No {self.headers.get('PRIVATE-TOKEN', '')} {self.headers.get('x-api-key', '')}")
        self.send_header("Content-Type", self.kind)
        if self.code in (301, 302):
            token = self.headers.get("PRIVATE-TOKEN", "") or self.headers.get("x-api-key", "")
            self.send_header("Location", f"http://user:{token}@127.0.0.1:1/{token}")
        encoded = content.encode("utf-8", "replace")
        self.send_header("Content-Length", str(len(encoded)))
        self.end_headers()
        self.wfile.write(encoded)

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - the names that http.server looks for

    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture(params=[(400, "application/json"), (401, "application/json"), (302, "text/html"), (404, "text/html")])
def echo(request: pytest.FixtureRequest) -> Iterator[str]:
    handler = type("Handler", (Echo,), {"code": request.param[0], "kind": request.param[1]})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join()


def leaks(text: str) -> list[str]:
    return [secret for secret in (TOKEN, ID, KEY, "sandbox-token", "sandbox-key") if secret in text]


def test_services_that_echo_everything_give_nothing_away(tmp_path: Path, sandbox: Sandbox, echo: str) -> None:
    place = Place(tmp_path, sandbox).make()
    place.land({REGISTRY: a_file(*MANAGED)})
    variables = {
        "INCIDENT_GITLAB_URL": echo,
        "INCIDENT_GITLAB_TOKEN": TOKEN,
        "STATUSIO_API_URL": echo,
        "STATUSIO_API_ID": ID,
        "STATUSIO_API_KEY": KEY,
    }
    for arguments in COMMANDS:
        code, out, err = place.run(*arguments, **variables)
        assert leaks(out + err) == [], arguments
        assert "Traceback" not in out + err
        assert code in (0, 2, 4, 5), (arguments, out, err)


def test_a_token_in_the_address_of_the_remote_is_not_shown(tmp_path: Path, sandbox: Sandbox, echo: str) -> None:
    import subprocess

    place = Place(tmp_path, sandbox).make()
    place.land({REGISTRY: a_file(*MANAGED)})
    address = echo.replace("http://", f"http://oauth2:{TOKEN}@") + "/acme/production.git"
    subprocess.run(["git", "-C", str(place.root), "remote", "set-url", "origin", address], check=True)
    for arguments in (
        ("plan",),
        ("reconcile",),
        ("doctor",),
        ("adopt", "2026-11-21-registry-503", "gitlab.issue", "1"),
    ):
        _, out, err = place.run(*arguments)
        assert leaks(out + err) == [], arguments
        assert "Traceback" not in out + err


def test_neither_the_ledger_nor_a_plan_holds_a_token(tmp_path: Path, sandbox: Sandbox) -> None:
    place = Place(tmp_path, sandbox).make()
    place.land({REGISTRY: a_file(*MANAGED)})
    plans = [place.folder / f"plan.{kind}" for kind in ("json", "markdown", "text")]
    reports = [word for path in plans for word in ("--report", f"{path.suffix[1:]}={path}")]
    assert place.run("plan", *reports)[0] == 0
    assert place.run("reconcile")[0] == 0
    everything = place.ledger() + "".join(path.read_text() for path in plans)
    assert "2026-11-21-registry-503" in everything
    assert leaks(everything) == []


def test_a_network_that_is_cut_ends_in_one_line_without_a_token(tmp_path: Path, sandbox: Sandbox) -> None:
    place = Place(tmp_path, sandbox).make()
    place.land({REGISTRY: a_file(*MANAGED)})
    dead = "http://127.0.0.1:9"
    variables = {"INCIDENT_GITLAB_URL": dead, "INCIDENT_GITLAB_TOKEN": TOKEN, "STATUSIO_API_URL": dead}
    code, out, err = place.run("doctor", **variables)
    assert code == 4
    assert leaks(out + err) == []
    assert "Traceback" not in out + err
