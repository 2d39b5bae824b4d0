"""GitLab's REST API, as far as the tool and its test clients use it: `/api/v4`."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.http import Call, found, page_of
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
    """Every route under `/api/v4`; any other path is answered with GitLab's 404."""
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


def _version(_: Call) -> object:
    return VERSION


def _me(call: Call) -> object:
    return call.entities.me(found(call.store.find("users", id=call.actor.id)))


def _users(call: Call) -> Response:
    username = call.text("username")
    rows = _searched(call.store.rows("users", "id DESC"), call.text("search"))
    if username is not None:
        rows = [row for row in rows if row["username"].lower() == username.lower()]
    return page_of(call, rows, call.entities.user_row)


def _user(call: Call) -> object:
    return call.entities.user_row(found(call.store.find("users", id=call.path_number("user_id")), "404 User Not Found"))


def _project(call: Call) -> object:
    return call.entities.project()


def _members(call: Call) -> Response:
    ids = call.numbers("user_ids")
    rows = _searched(call.store.all("SELECT * FROM users WHERE level > 0 ORDER BY id"), call.text("query"))
    return page_of(call, [row for row in rows if ids is None or row["id"] in ids], call.entities.member)


def _member(call: Call) -> object:
    row = found(call.store.find("users", id=call.path_number("user_id")))
    return call.entities.member(found(row if row["level"] else None))


def _searched(rows: list[DatabaseRow], text: str | None) -> list[DatabaseRow]:
    word = (text or "").lower()
    return [row for row in rows if word in row["username"].lower() or word in row["name"].lower()]


async def _unknown(_: Request) -> Response:
    return JSONResponse({"error": "404 Not Found"}, status_code=404)
