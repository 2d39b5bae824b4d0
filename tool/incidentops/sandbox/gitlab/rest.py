"""GitLab's REST API, as far as the tool and its test clients use it: `/api/v4`."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from incidentops.sandbox.gitlab.access import Gate, RouteTable
from incidentops.sandbox.gitlab.filters import searched
from incidentops.sandbox.gitlab.http import Call, found, page_of
from incidentops.sandbox.gitlab.issues import ISSUE_ROUTES
from incidentops.sandbox.gitlab.labels import LABEL_ROUTES
from incidentops.sandbox.gitlab.merge_requests import MERGE_REQUEST_ROUTES
from incidentops.sandbox.gitlab.notes import NOTE_ROUTES
from incidentops.sandbox.gitlab.pipelines import PIPELINE_ROUTES

VERSION = {
    "version": "18.9.1-ee",
    "revision": "5a4db0cb0de",
    "kas": {"enabled": False, "externalUrl": None, "version": None},
    "enterprise": True,
}


def _users(call: Call) -> Response:
    username = call.text("username")
    rows = searched(call.store.rows("users", "id DESC"), call.text("search"), "username", "name")
    if username is not None:
        rows = [row for row in rows if row["username"].lower() == username.lower()]
    return page_of(call, rows, call.entities.user_row)


def _user(call: Call) -> object:
    return call.entities.user_row(found(call.store.find("users", id=call.path_number("user_id")), "404 User Not Found"))


def _members(call: Call) -> Response:
    ids = call.numbers("user_ids")
    members = call.store.all("SELECT * FROM users WHERE level > 0 ORDER BY id")
    rows = searched(members, call.text("query"), "username", "name")
    return page_of(call, [row for row in rows if ids is None or row["id"] in ids], call.entities.member)


def _member(call: Call) -> object:
    row = found(call.store.find("users", id=call.path_number("user_id")))
    return call.entities.member(found(row if row["level"] else None))


async def _unknown(_: Request) -> Response:
    return JSONResponse({"error": "404 Not Found"}, status_code=404)


_ROUTES: RouteTable = {
    "/user": {"GET": lambda call: call.entities.me(found(call.store.find("users", id=call.actor.id)))},
    "/users": {"GET": _users},
    "/users/{user_id}": {"GET": _user},
    "/version": {"GET": lambda _: VERSION},
    "/metadata": {"GET": lambda _: VERSION},
    "/projects/{id}": {"GET": lambda call: call.entities.project()},
    "/projects/{id}/members/all": {"GET": _members},
    "/projects/{id}/members/all/{user_id}": {"GET": _member},
}


def rest_routes(gate: Gate) -> list[BaseRoute]:
    """Every route under `/api/v4`; any other path is answered with GitLab's 404."""
    table = {**_ROUTES, **LABEL_ROUTES, **ISSUE_ROUTES, **NOTE_ROUTES, **MERGE_REQUEST_ROUTES, **PIPELINE_ROUTES}
    other = Route("/api/v4/{rest:path}", _unknown, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])
    return [*gate.routes(table), other]
