"""The middleware of every request to a service: the log, the faults, the pacing, the headers of its limits."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from urllib.parse import parse_qsl, urlencode

from msgspec import Struct, field
from msgspec.structs import asdict
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.service import Incoming, SandboxService
from incidentops.sandbox.store import Store

_SECRET_PARAMETERS = frozenset({"private_token", "access_token", "job_token"})
_KEPT_BODY = 65_536


class Logged(Struct, frozen=True):
    """One request in the log. `fault` is the fault that hit it; `gap` is the seconds since the request before it."""

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


class _PacingCheck(Struct):
    """When a service was last busy; some accept one request at a time with a pause after each."""

    busy: int = 0
    ended: float | None = None


class Traffic(Struct):
    """ASGI middleware around the services. Pages and `/sandbox/…` pass untouched."""

    app: ASGIApp
    store: Store
    faults: Faults
    services: Sequence[SandboxService]
    _paces: dict[str, _PacingCheck] = field(default_factory=dict)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope["path"] = scope.get("raw_path", scope["path"].encode()).decode("ascii", "replace")
        for service in self.services:
            if log := service.log_of(path):
                await self._serve(service, log, scope, receive, send)
                return
        await self.app(scope, receive, send)

    async def _serve(self, service: SandboxService, log: str, scope: Scope, receive: Receive, send: Send) -> None:
        pace, wanted = self._paces.setdefault(log, _PacingCheck()), service.gap_of(log)
        gap = None if pace.ended is None else time.monotonic() - pace.ended
        crowded = wanted is not None and (pace.busy > 0 or (gap is not None and gap < wanted))
        pace.busy += 1
        try:
            body, query = await Request(scope, receive).body(), scope["query_string"].decode("ascii", "replace")
            method, path = scope["method"], scope["path"]
            request = Incoming(log, method, path, query, body, service.writes(method, path, body), gap)
            answer = await self._answer(service, request, scope, crowded=crowded)
            self._log(request, answer)
        finally:
            # before the answer is sent: a client that has it may send the next request or read the log
            pace.busy -= 1
            pace.ended = time.monotonic()
        if answer.fault == "lost-reply":
            # the connection ends without a byte of an answer
            scope["state"]["transport"].abort()
            await asyncio.sleep(0.01)
            return
        for message in answer.messages:
            await send(message)

    async def _answer(
        self, service: SandboxService, request: Incoming, scope: Scope, *, crowded: bool
    ) -> "_ResponseRecorder":
        """The answer of the service, or of a fault in its place."""
        lose = self.faults.count_write() if request.write else False
        refusal, fault = (service.too_many(0), "pacing") if crowded else self._refusal(service, request)
        if refusal is None and self.faults.hits("slow", request.service, request.key):
            fault = "slow"
            await asyncio.sleep(self.faults.slow_seconds)
        if refusal is None:
            lose = lose or bool(request.write and self.faults.hits("lost-reply", request.service, request.key))
        answer = _ResponseRecorder("lost-reply" if lose else fault, service.headers(request))
        await (refusal or self.app)(scope, _replay(request.body), answer)
        return answer

    def _refusal(self, service: SandboxService, request: Incoming) -> tuple[Response | None, str]:
        """The answer of a fault in place of the service, and the fault's name."""
        if self.faults.hits("503", request.service, request.key):
            return HTMLResponse("<h1>503 Service Unavailable</h1>", status_code=503), "503"
        hit = self.faults.hits("429", request.service, request.key)
        if hit:
            return service.too_many(hit), "429"
        return service.refusal(request)

    def _log(self, request: Incoming, answer: "_ResponseRecorder") -> None:
        body, query = request.body[:_KEPT_BODY].decode("utf-8", "replace"), _without_secrets(request.query)
        logged = asdict(request) | {"body": body, "query": query}
        self.store.insert("requests", at=self.store.now(), status=answer.status, fault=answer.fault, **logged)


class _ResponseRecorder(Struct):
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


def _replay(body: bytes) -> Receive:
    """Give the body to the application, once."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Message:
        return messages.pop() if messages else {"type": "http.disconnect"}

    return receive


def _without_secrets(query: str) -> str:
    pairs = parse_qsl(query, keep_blank_values=True)
    if not any(name in _SECRET_PARAMETERS for name, _ in pairs):
        return query
    return urlencode([(name, "[masked]" if name in _SECRET_PARAMETERS else value) for name, value in pairs])
