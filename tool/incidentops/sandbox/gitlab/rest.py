"""GitLab's REST API, as far as the tool and its test clients use it: `/api/v4`."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.entities import Entities
from incidentops.sandbox.gitlab.http import NOT_FOUND, Call, message, page_of
from incidentops.sandbox.gitlab.issues import issue_routes
from incidentops.sandbox.gitlab.labels import label_routes
from incidentops.sandbox.gitlab.merge_requests import merge_request_routes
from incidentops.sandbox.gitlab.notes import note_routes
from incidentops.sandbox.gitlab.pipelines import pipeline_routes
from incidentops.sandbox.store import DatabaseRow

VERSION = {
    "version": "18.9.1-ee",
    "revision": "5a4db0cb0de",
    "kas": {"enabled": False, "externalUrl": None, "version": None},
    "enterprise": True,
}


def rest_routes(gate: Gate) -> list[BaseRoute]:
    """Every route under `/api/v4`; what is none of them is not found, in GitLab's words."""
    return [
        gate.route("/user", get=_me),
        gate.route("/users", get=_users),
        gate.route("/users/{user_id}", get=_user),
        gate.route("/version", get=_version),
        gate.route("/metadata", get=_version),
        gate.route("/projects/{id}", get=_project),
        gate.route("/projects/{id}/members/all", get=_members),
        gate.route("/projects/{id}/members/all/{user_id}", get=_member),
        *label_routes(gate),
        *issue_routes(gate),
        *note_routes(gate),
        *merge_request_routes(gate),
        *pipeline_routes(gate),
        Route("/api/v4/{rest:path}", _unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
    ]


def _version(_: Call) -> Response:
    return JSONResponse(VERSION)


def _me(call: Call) -> Response:
    row = call.store.one("SELECT * FROM users WHERE id = ?", call.actor.id) or {}
    return JSONResponse(Entities(call.store, call.base).me(row))


def _users(call: Call) -> Response:
    rows = call.store.all("SELECT * FROM users ORDER BY id DESC")
    username, search = call.text("username"), (call.text("search") or "").lower()
    if username is not None:
        rows = [row for row in rows if row["username"].lower() == username.lower()]
    rows = [row for row in rows if search in row["username"].lower() or search in row["name"].lower()]
    return page_of(call, rows, Entities(call.store, call.base).user_row)


def _user(call: Call) -> Response:
    row = call.store.one("SELECT * FROM users WHERE id = ?", call.path_number("user_id"))
    if row is None:
        raise message(404, "404 User Not Found")
    return JSONResponse(Entities(call.store, call.base).user_row(row))


def _project(call: Call) -> Response:
    return JSONResponse(Entities(call.store, call.base).project())


def _members(call: Call) -> Response:
    rows = call.store.all("SELECT * FROM users WHERE level > 0 ORDER BY id")
    wanted, ids = (call.text("query") or "").lower(), call.numbers("user_ids")
    rows = [row for row in rows if wanted in row["username"].lower() or wanted in row["name"].lower()]
    if ids is not None:
        rows = [row for row in rows if row["id"] in ids]
    return page_of(call, rows, Entities(call.store, call.base).member)


def _member(call: Call) -> Response:
    row: DatabaseRow | None = call.store.one(
        "SELECT * FROM users WHERE id = ? AND level > 0", call.path_number("user_id")
    )
    if row is None:
        raise message(404, NOT_FOUND)
    return JSONResponse(Entities(call.store, call.base).member(row))


async def _unknown(_: Request) -> Response:
    return JSONResponse({"error": "404 Not Found"}, status_code=404)
