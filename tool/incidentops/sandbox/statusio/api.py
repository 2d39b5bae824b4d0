"""Status.io's API v2, strict about types, with its public feed (docs/services.md: Status.io)."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.seed import PAIRS, STATUSIO_ID, STATUSIO_KEY, STATUSIO_PAGE
from incidentops.sandbox.statusio.board import LEGACY_CAP, PAGE_SIZE, RESOLVED, STATES, STATUSES, Board, Post
from incidentops.sandbox.store import DatabaseRow

FLAGS = ("notify_email", "notify_sms", "notify_webhook", "social", "irc", "msteams", "slack")
_INCIDENT_STATUSES = tuple(code for code in STATUSES if code != 200)
_OPEN_STATES = tuple(code for code in STATES if code != RESOLVED)


class StatusIoRefusal(Exception):
    """An error answer: its envelope has `error: yes`."""

    def __init__(self, message: str, status: int = 200) -> None:
        super().__init__(message)
        self.status = status


def _invalid(name: str) -> StatusIoRefusal:
    return StatusIoRefusal(f"Missing or invalid parameter: {name}", 400)


def envelope(result: object, message: str = "OK") -> Response:
    """The shape of every answer but errors. A result that is an answer already is returned as it is."""
    if isinstance(result, Response):
        return result
    return JSONResponse({"status": {"error": "no", "message": message}, "result": result})


class StatusIoCall(Struct, frozen=True):
    """One request with valid credentials; `params` are those of its body, or of its path."""

    request: Request
    board: Board
    faults: Faults
    params: dict[str, Any]

    def text(self, name: str, default: str | None = None) -> str:
        """A string that is not empty. Raises StatusIoRefusal."""
        value = self.params.get(name, default)
        if not isinstance(value, str) or not value.strip():
            raise _invalid(name)
        return value

    def code(self, name: str, allowed: tuple[int, ...]) -> int:
        """One of the allowed integers; a string of the same digits is invalid. Raises StatusIoRefusal."""
        value = self.params.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value not in allowed:
            raise _invalid(name)
        return value

    def flag(self, name: str, default: str | None = "0") -> str:
        """The string 0 or 1. Raises StatusIoRefusal."""
        value = self.params.get(name, default)
        if value not in ("0", "1"):
            raise _invalid(name)
        return str(value)

    def post(self, state: int, status: int) -> Post:
        """The message of the request with its flags; `social` is required. Raises StatusIoRefusal."""
        flags = {name: self.flag(name, None if name == "social" else "0") for name in FLAGS}
        subject = self.text("message_subject", "Status Notification")
        return Post(self.text("incident_details"), state, status, flags, subject)

    def is_empty(self) -> bool:
        """Whether the fault empty-list applies to this request."""
        return bool(self.faults.hits("empty-list", "statusio", f"GET {self.request.url.path}"))


StatusIoHandler = Callable[[StatusIoCall], object]


def api_routes(board: Board, faults: Faults) -> list[BaseRoute]:
    """Everything under `/statusio/v2`, and the public feed; any other path is forbidden."""

    async def feed(request: Request) -> Response:
        if request.path_params["statuspage_id"] != STATUSIO_PAGE:
            return JSONResponse({"message": "Not found"}, status_code=404)
        return JSONResponse({"result": board.summary()}, headers={"x-status-page-id": STATUSIO_PAGE})

    return [
        *(_route(board, faults, method, path, handler) for (method, path), handler in _HANDLERS.items()),
        Route("/1.0/status/{statuspage_id}", feed, methods=["GET"]),
        Route("/statusio/1.0/status/{statuspage_id}", feed, methods=["GET"]),
        Route("/statusio/{rest:path}", _forbidden, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
    ]


def _route(board: Board, faults: Faults, method: str, path: str, handler: StatusIoHandler) -> Route:
    async def endpoint(request: Request) -> Response:
        try:
            params = await _authenticated(request)
            with board.store.transaction():
                return envelope(handler(StatusIoCall(request, board, faults, params)))
        except StatusIoRefusal as refusal:
            envelope_of_error = {"status": {"error": "yes", "message": str(refusal)}}
            return JSONResponse(envelope_of_error, status_code=refusal.status)

    return Route(f"/statusio/v2{path}", endpoint, methods=[method])


async def _authenticated(request: Request) -> dict[str, Any]:
    """The parameters of a request with valid credentials for the page. Raises StatusIoRefusal."""
    sent = (request.headers.get("x-api-id"), request.headers.get("x-api-key"))
    if sent != (STATUSIO_ID, STATUSIO_KEY):
        raise StatusIoRefusal("Authentication failed")
    params = await _body(request) if request.method == "POST" else request.path_params
    if not isinstance(params.get("statuspage_id"), str):
        raise _invalid("statuspage_id")
    if params["statuspage_id"] != STATUSIO_PAGE:
        raise StatusIoRefusal("Status page not found")
    return params


async def _body(request: Request) -> dict[str, Any]:
    try:
        sent = json.loads(await request.body())
    except ValueError:
        sent = None
    if not isinstance(sent, dict):
        raise StatusIoRefusal("Invalid JSON in the request body", 400)
    return sent


async def _forbidden(_: Request) -> Response:
    return JSONResponse({"message": "Forbidden"}, status_code=403)


def _set_component(call: StatusIoCall) -> object:
    """Sets one pair. A pair that does not exist is answered like one that does."""
    component, container = call.text("component"), call.text("container")
    call.text("details")
    call.board.set_pairs([f"{component}-{container}"], call.code("current_status", tuple(STATUSES)))
    return True


def _create(call: StatusIoCall) -> object:
    name = call.text("incident_name")
    status, state = call.code("current_status", _INCIDENT_STATUSES), call.code("current_state", _OPEN_STATES)
    everything = call.flag("all_infrastructure_affected", None) == "1"
    pairs = call.params.get("infrastructure_affected")
    if not isinstance(pairs, list) or not all(isinstance(pair, str) for pair in pairs):
        raise _invalid("infrastructure_affected")
    known = set(PAIRS.values())
    if not set(pairs) <= known or not (pairs or everything):
        raise StatusIoRefusal("Invalid infrastructure_affected", 400)
    return call.board.create(name, sorted(known) if everything else pairs, call.post(state, status))


def _update(call: StatusIoCall) -> object:
    status, state = call.code("current_status", _INCIDENT_STATUSES), call.code("current_state", _OPEN_STATES)
    call.board.update(_open_incident(call), call.post(state, status))
    return True


def _resolve(call: StatusIoCall) -> object:
    """Resolves; a status or state in the request is ignored."""
    call.board.resolve(_open_incident(call), call.post(RESOLVED, 100))
    return True


def _delete(call: StatusIoCall) -> object:
    call.board.delete(_incident(call))
    return envelope(result=True, message="Successfully deleted incident")


def _incident(call: StatusIoCall) -> DatabaseRow:
    row = call.board.store.find("incidents", id=call.text("incident_id"))
    if row is None:
        raise StatusIoRefusal("Incident not found")
    return row


def _open_incident(call: StatusIoCall) -> DatabaseRow:
    row = _incident(call)
    if row["resolved"]:
        raise StatusIoRefusal("Incident is already resolved")
    return row


def _page(call: StatusIoCall, *, resolved: bool) -> object:
    number = call.request.query_params.get("page", "1")
    page = max(1, int(number)) if number.isdecimal() else 1
    rows = [] if call.is_empty() else call.board.rows(resolved=resolved)
    return [call.board.incident(row) for row in rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]]


def _lists(call: StatusIoCall, show: Callable[[DatabaseRow], object]) -> object:
    empty = call.is_empty()
    rows = {name: [] if empty else call.board.rows(resolved=name == "resolved") for name in ("active", "resolved")}
    return {f"{name}_incidents": [show(row) for row in some[:LEGACY_CAP]] for name, some in rows.items()}


def _show_message(call: StatusIoCall) -> object:
    row = call.board.store.find("messages", id=call.text("message_id"))
    if row is None:
        raise StatusIoRefusal("Message not found")
    sender = {"user_email": "sandbox@sandbox.invalid", "user_full_name": "Sandbox"}
    return call.board.message(row) | sender | {"social": json.loads(row["flags"])["social"]}


_HANDLERS: dict[tuple[str, str], StatusIoHandler] = {
    ("POST", "/component/status/update"): _set_component,
    ("POST", "/incident/create"): _create,
    ("POST", "/incident/update"): _update,
    ("POST", "/incident/resolve"): _resolve,
    ("POST", "/incident/delete"): _delete,
    ("GET", "/component/list/{statuspage_id}"): lambda call: [] if call.is_empty() else call.board.components(),
    ("GET", "/incident/list/active/{statuspage_id}"): partial(_page, resolved=False),
    ("GET", "/incident/list/resolved/{statuspage_id}"): partial(_page, resolved=True),
    ("GET", "/incidents/{statuspage_id}"): lambda call: _lists(call, lambda row: row["id"]),
    ("GET", "/incident/list/{statuspage_id}"): lambda call: _lists(call, call.board.incident),
    ("GET", "/incident/message/{statuspage_id}/{message_id}"): _show_message,
    ("GET", "/incident/{statuspage_id}/{incident_id}"): lambda call: [call.board.incident(_incident(call))],
    ("GET", "/status/summary/{statuspage_id}"): lambda call: call.board.summary(),
}
