"""Status.io's API v2, strict about types, with its public feed (docs/services.md: Status.io)."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.seed import PAIRS, STATUSIO_ID, STATUSIO_KEY, STATUSIO_PAGE
from incidentops.sandbox.statusio.board import LEGACY_CAP, PAGE_SIZE, RESOLVED, STATES, STATUSES, Board, Post
from incidentops.sandbox.store import DatabaseRow, Store

FLAGS = ("notify_email", "notify_sms", "notify_webhook", "social", "irc", "msteams", "slack")
_INCIDENT_STATUSES = tuple(code for code in STATUSES if code != 200)
_OPEN_STATES = tuple(code for code in STATES if code != RESOLVED)


class StatusIoRefusal(Exception):
    """An answer whose envelope says `error: yes`."""

    def __init__(self, message: str, status: int = 200) -> None:
        super().__init__(message)
        self.message = message
        self.status = status


def envelope(result: Any, message: str = "OK", *, error: bool = False, status: int = 200) -> JSONResponse:
    """The shape of every answer; `error` is the word yes or no."""
    shown: dict[str, Any] = {"status": {"error": "yes" if error else "no", "message": message}}
    return JSONResponse(shown if error else shown | {"result": result}, status_code=status)


@dataclass(frozen=True, slots=True)
class StatusIoCall:
    """One request that carries the right credentials."""

    request: Request
    board: Board
    faults: Faults
    body: dict[str, Any]

    def text(self, name: str, default: str | None = None) -> str:
        """A field that must be a text and not empty. Raises Refusal."""
        value = self.body.get(name, default)
        if not isinstance(value, str) or not value.strip():
            raise StatusIoRefusal(f"Missing or invalid parameter: {name}", 400)
        return value

    def code(self, name: str, allowed: tuple[int, ...]) -> int:
        """A field that must be one of some whole numbers; the same digits in a text are refused. Raises Refusal."""
        value = self.body.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
            raise StatusIoRefusal(f"Missing or invalid parameter: {name}", 400)
        return value

    def flag(self, name: str, default: str | None = "0") -> str:
        """A field that must be the text 0 or 1. Raises Refusal."""
        value = self.body.get(name, default)
        if value not in ("0", "1"):
            raise StatusIoRefusal(f"Missing or invalid parameter: {name}", 400)
        return str(value)

    def post(self, state: int, status: int) -> Post:
        """The message of the request with its flags; `social` is required. Raises Refusal."""
        flags = {name: self.flag(name, None if name == "social" else "0") for name in FLAGS}
        subject = self.text("message_subject", "Status Notification")
        return Post(self.text("incident_details"), state, status, flags, subject)

    def is_empty(self) -> bool:
        """Whether the fault that empties lists hits this request."""
        return bool(self.faults.hits("empty-list", "statusio", f"GET {self.request.url.path}"))


StatusIoHandler = Callable[[StatusIoCall], Response]


class StatusIoService:
    """The routes of the service."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self.board = Board(store)
        self.faults = faults

    def routes(self) -> list[BaseRoute]:
        """Everything under `/statusio/v2`, and the public feed; what is none of them is forbidden."""
        page = "{statuspage_id}"
        return [
            self._route("GET", f"/component/list/{page}", _components),
            self._route("POST", "/component/status/update", _set_component),
            self._route("POST", "/incident/create", _create),
            self._route("POST", "/incident/update", _update),
            self._route("POST", "/incident/resolve", _resolve),
            self._route("POST", "/incident/delete", _delete),
            self._route("GET", f"/incident/list/active/{page}", _active),
            self._route("GET", f"/incident/list/resolved/{page}", _resolved),
            self._route("GET", f"/incidents/{page}", _ids),
            self._route("GET", f"/incident/list/{page}", _legacy_list),
            self._route("GET", f"/incident/message/{page}/{{message_id}}", _message),
            self._route("GET", f"/incident/{page}/{{incident_id}}", _incident),
            self._route("GET", f"/status/summary/{page}", _summary),
            Route(f"/1.0/status/{page}", self._feed, methods=["GET"]),
            Route(f"/statusio/1.0/status/{page}", self._feed, methods=["GET"]),
            Route("/statusio/{rest:path}", _forbidden, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]

    def _route(self, method: str, path: str, answer: StatusIoHandler) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                ask = await self._enter(request)
                with self.board.store.transaction():
                    return answer(ask)
            except StatusIoRefusal as refusal:
                return envelope(None, refusal.message, error=True, status=refusal.status)

        return Route(f"/statusio/v2{path}", endpoint, methods=[method])

    async def _enter(self, request: Request) -> StatusIoCall:
        sent = (request.headers.get("x-api-id"), request.headers.get("x-api-key"))
        if sent != (STATUSIO_ID, STATUSIO_KEY):
            raise StatusIoRefusal("Authentication failed")
        body = await _body(request) if request.method == "POST" else {}
        page = body.get("statuspage_id") if request.method == "POST" else request.path_params["statuspage_id"]
        if request.method == "POST" and not isinstance(page, str):
            raise StatusIoRefusal("Missing or invalid parameter: statuspage_id", 400)
        if page != STATUSIO_PAGE:
            raise StatusIoRefusal("Status page not found")
        return StatusIoCall(request, self.board, self.faults, body)

    async def _feed(self, request: Request) -> Response:
        if request.path_params["statuspage_id"] != STATUSIO_PAGE:
            return JSONResponse({"message": "Not found"}, status_code=404)
        return JSONResponse({"result": self.board.summary()}, headers={"x-status-page-id": STATUSIO_PAGE})


async def _body(request: Request) -> dict[str, Any]:
    try:
        sent = json.loads(await request.body())
    except ValueError:
        raise StatusIoRefusal("Invalid JSON in the request body", 400) from None
    if not isinstance(sent, dict):
        raise StatusIoRefusal("Invalid JSON in the request body", 400)
    return sent


async def _forbidden(_: Request) -> Response:
    return JSONResponse({"message": "Forbidden"}, status_code=403)


def _components(ask: StatusIoCall) -> Response:
    return envelope([] if ask.is_empty() else ask.board.components())


def _set_component(ask: StatusIoCall) -> Response:
    """Sets one pair. A pair that does not exist is answered like one that does."""
    component, container = ask.text("component"), ask.text("container")
    ask.text("details")
    ask.board.set_pairs([f"{component}-{container}"], ask.code("current_status", tuple(STATUSES)))
    return envelope(result=True)


def _create(ask: StatusIoCall) -> Response:
    name = ask.text("incident_name")
    status, state = ask.code("current_status", _INCIDENT_STATUSES), ask.code("current_state", _OPEN_STATES)
    everything = ask.flag("all_infrastructure_affected", None) == "1"
    pairs = ask.body.get("infrastructure_affected")
    if not isinstance(pairs, list) or not all(isinstance(pair, str) for pair in pairs):
        raise StatusIoRefusal("Missing or invalid parameter: infrastructure_affected", 400)
    known = set(PAIRS.values())
    if not set(pairs) <= known or not (pairs or everything):
        raise StatusIoRefusal("Invalid infrastructure_affected", 400)
    return envelope(ask.board.create(name, sorted(known) if everything else pairs, ask.post(state, status)))


def _update(ask: StatusIoCall) -> Response:
    status, state = ask.code("current_status", _INCIDENT_STATUSES), ask.code("current_state", _OPEN_STATES)
    ask.board.update(_open_incident(ask), ask.post(state, status))
    return envelope(result=True)


def _resolve(ask: StatusIoCall) -> Response:
    """Resolves. A status or state that is sent along is tolerated and not looked at."""
    ask.board.resolve(_open_incident(ask), ask.post(RESOLVED, 100))
    return envelope(result=True)


def _delete(ask: StatusIoCall) -> Response:
    ask.board.delete(_known(ask, ask.text("incident_id")))
    return envelope(result=True, message="Successfully deleted incident")


def _open_incident(ask: StatusIoCall) -> DatabaseRow:
    row = _known(ask, ask.text("incident_id"))
    if row["resolved"]:
        raise StatusIoRefusal("Incident is already resolved")
    return row


def _known(ask: StatusIoCall, incident: str) -> DatabaseRow:
    row = ask.board.find(incident)
    if row is None:
        raise StatusIoRefusal("Incident not found")
    return row


def _active(ask: StatusIoCall) -> Response:
    return _page(ask, ask.board.rows(resolved=False))


def _resolved(ask: StatusIoCall) -> Response:
    return _page(ask, ask.board.rows(resolved=True))


def _page(ask: StatusIoCall, rows: list[DatabaseRow]) -> Response:
    number = ask.request.query_params.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() else 1
    shown = [] if ask.is_empty() else rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    return envelope([ask.board.incident(row) for row in shown])


def _ids(ask: StatusIoCall) -> Response:
    return envelope(_split(ask, lambda row: row["id"]))


def _legacy_list(ask: StatusIoCall) -> Response:
    return envelope(_split(ask, ask.board.incident))


def _split(ask: StatusIoCall, show: Callable[[DatabaseRow], object]) -> dict[str, list[object]]:
    empty = ask.is_empty()
    lists = {"active_incidents": ask.board.rows(resolved=False), "resolved_incidents": ask.board.rows(resolved=True)}
    return {name: [] if empty else [show(row) for row in rows[:LEGACY_CAP]] for name, rows in lists.items()}


def _incident(ask: StatusIoCall) -> Response:
    return envelope([ask.board.incident(_known(ask, ask.request.path_params["incident_id"]))])


def _message(ask: StatusIoCall) -> Response:
    store = ask.board.store
    row = store.one("SELECT * FROM messages WHERE id = ?", ask.request.path_params["message_id"])
    if row is None:
        raise StatusIoRefusal("Message not found")
    who = {"user_email": "sandbox@sandbox.invalid", "user_full_name": "Sandbox"}
    return envelope(ask.board.message(row) | who | {"social": json.loads(row["flags"])["social"]})


def _summary(ask: StatusIoCall) -> Response:
    return envelope(ask.board.summary())
