"""What every request to a service passes through: the log, the faults, Status.io's pacing, the headers of limits."""

import asyncio
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import MutableHeaders
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.gitlab.http import rate_headers
from incidentops.sandbox.store import DatabaseRow, Store

_SECRET_PARAMETERS = frozenset({"private_token", "access_token", "job_token"})
_KEPT_BODY = 65_536
_MUTATION = re.compile(rb"\bmutation\b")
_RESOURCE_LOCK = "409 Conflict: Resource lock"


@dataclass(frozen=True, slots=True)
class Logged:
    """One request as the log keeps it. `fault` names what was done to it; `gap` is seconds since the one before."""

    id: int
    at: str
    service: str
    method: str
    path: str
    query: str
    body: str
    status: int
    fault: str
    write: bool
    gap: float | None

    @staticmethod
    def of(row: DatabaseRow) -> "Logged":
        """From the store's row."""
        return Logged(**(row | {"write": bool(row["write"])}))


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request, read to its end."""

    service: str
    method: str
    path: str
    query: str
    body: bytes
    write: bool
    gap: float | None = None

    @property
    def key(self) -> str:
        """What the counts of a fault go by."""
        return f"{self.method} {self.path}"


@dataclass(slots=True)
class _PacingCheck:
    """When a service was last busy; Status.io wants one request at a time with a pause after each."""

    busy: int = 0
    ended: float | None = None


@dataclass(slots=True)
class Traffic:
    """ASGI middleware around the services. Pages and `/sandbox/…` pass untouched."""

    app: ASGIApp
    store: Store
    faults: Faults
    statusio_gap: float = 1.0
    retry_after: int = 1
    _paces: dict[str, _PacingCheck] = field(
        default_factory=lambda: {"gitlab": _PacingCheck(), "statusio": _PacingCheck(), "feed": _PacingCheck()}
    )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        scope["path"] = scope.get("raw_path", scope["path"].encode()).decode("ascii", "replace")
        service = service_of(scope["path"])
        if not service:
            await self.app(scope, receive, send)
            return
        await self._serve(service, scope, receive, send)

    async def _serve(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        pace = self._paces[service]
        gap = None if pace.ended is None else time.monotonic() - pace.ended
        crowded = pace.busy > 0 or (gap is not None and gap < self.statusio_gap)
        pace.busy += 1
        try:
            request = replace(await _read(service, scope, receive), gap=gap)
            answer = await self._answer(request, scope, crowded=crowded and service == "statusio")
            self._log(request, answer)
        finally:
            # before the answer leaves: a client that has it may ask again, and may look at the log
            pace.busy -= 1
            pace.ended = time.monotonic()
        if answer.fault == "lost-reply":
            await _cut(scope)
            return
        for message in answer.messages:
            await send(message)

    async def _answer(self, request: Incoming, scope: Scope, *, crowded: bool) -> "_ResponseRecorder":
        """What the service, or a fault in its place, has to say."""
        lose = self.faults.count_write() if request.write else False
        refusal, fault = (_too_fast(), "pacing") if crowded else self._refusal(request)
        if refusal is None and self.faults.hits("slow", request.service, request.key):
            fault = "slow"
            await asyncio.sleep(self.faults.slow_seconds)
        if refusal is None:
            lose = lose or bool(request.write and self.faults.hits("lost-reply", request.service, request.key))
        answer = _ResponseRecorder("lost-reply" if lose else fault, self._headers(request))
        await (refusal or self.app)(scope, _replay(request.body), answer)
        return answer

    def _refusal(self, request: Incoming) -> tuple[Response | None, str]:
        """The answer that a fault gives in place of the service, and the fault's name."""
        if self.faults.hits("503", request.service, request.key):
            return HTMLResponse("<h1>503 Service Unavailable</h1>", status_code=503), "503"
        hit = self.faults.hits("429", request.service, request.key)
        if hit:
            return _limited(request.service, hit, self.retry_after), "429"
        if request.service == "gitlab" and request.write and self.faults.hits("409", "gitlab", request.key):
            return JSONResponse({"message": _RESOURCE_LOCK}, status_code=409), "409"
        return None, ""

    def _headers(self, request: Incoming) -> Mapping[str, str]:
        if request.service != "gitlab":
            return {}
        seen = self.store.number("SELECT count(*) FROM requests WHERE service = 'gitlab'") + 1
        epoch = int(datetime.fromisoformat(self.store.now()).timestamp())
        return rate_headers(seen, epoch)

    def _log(self, request: Incoming, answer: "_ResponseRecorder") -> None:
        self.store.run(
            "INSERT INTO requests (at, service, method, path, query, body, status, fault, write, gap)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            self.store.now(),
            request.service,
            request.method,
            request.path,
            _without_secrets(request.query),
            request.body[:_KEPT_BODY].decode("utf-8", "replace"),
            answer.status,
            answer.fault,
            request.write,
            request.gap,
        )


@dataclass(slots=True)
class _ResponseRecorder:
    """Collects an answer, with more headers, until the request is over."""

    fault: str
    headers: Mapping[str, str]
    messages: list[Message] = field(default_factory=list)
    status: int = 0

    async def __call__(self, message: Message) -> None:
        """Take one ASGI message."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self.headers.items():
                headers.setdefault(name, value)
        self.messages.append(message)


def service_of(path: str) -> str:
    """Which service a path belongs to: `gitlab`, `statusio`, the public `feed`, or none."""
    if path.startswith("/api/"):
        return "gitlab"
    if path.startswith("/statusio/v2"):
        return "statusio"
    return "feed" if path.startswith(("/1.0/", "/statusio/1.0/")) else ""


async def _read(service: str, scope: Scope, receive: Receive) -> Incoming:
    body = b""
    while True:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    method, path = scope["method"], scope["path"]
    write = method not in ("GET", "HEAD", "OPTIONS")
    if path == "/api/graphql":
        write = write and bool(_MUTATION.search(body))
    return Incoming(service, method, path, scope["query_string"].decode("ascii", "replace"), body, write)


def _replay(body: bytes) -> Receive:
    """Give the body to the application, once."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


async def _cut(scope: Scope) -> None:
    """End the connection without a byte of an answer."""
    transport = scope["state"]["transport"]
    transport.abort()
    while not transport.is_closing():
        await asyncio.sleep(0)
    await asyncio.sleep(0.01)


def _too_fast() -> Response:
    said = {"status": {"error": "yes", "message": "Too many requests: one at a time, a second apart"}}
    return JSONResponse(said, status_code=429)


def _limited(service: str, hit: int, retry_after: int) -> Response:
    """GitLab's two kinds in turn: the plain one with Retry-After, and the application limit's without."""
    if service != "gitlab":
        return _too_fast()
    if hit % 2:
        return PlainTextResponse("Retry later\n", status_code=429, headers={"retry-after": str(retry_after)})
    said = {"message": {"error": "This endpoint has been requested too many times. Try again later."}}
    return JSONResponse(said, status_code=429)


def _without_secrets(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(name in _SECRET_PARAMETERS for name, _ in pairs):
        return query
    return urlencode([(name, "[masked]" if name in _SECRET_PARAMETERS else value) for name, value in pairs])
