"""Merge requests, as far as a pipeline talks to them: list, read, open, and which of them brought a commit."""

from dataclasses import replace

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.entities import Entities
from incidentops.sandbox.gitlab.filters import matching
from incidentops.sandbox.gitlab.http import Call, message, page_of
from incidentops.sandbox.gitlab.issues import asked_changes, tracker_of, with_commands
from incidentops.sandbox.gitlab.tracker import find_item

_KIND = "MergeRequest"


def merge_request_routes(gate: Gate) -> list[Route]:
    """Everything about merge requests but their notes."""
    return [
        gate.route("/projects/{id}/merge_requests", get=_list, post=_create),
        gate.route("/projects/{id}/merge_requests/{merge_request_iid}", get=_show),
        gate.route("/projects/{id}/repository/commits/{sha}/merge_requests", get=_with_commit),
    ]


def _list(call: Call) -> Response:
    return page_of(call, matching(call, _KIND, "all"), Entities(call.store, call.base).merge_request)


def _show(call: Call) -> Response:
    row = find_item(call.store, _KIND, call.path_number("merge_request_iid"), call.actor)
    return JSONResponse(Entities(call.store, call.base).merge_request(row))


def _with_commit(call: Call) -> Response:
    """Those that hold a commit. There is no git here, so a commit that nobody told of is in none."""
    state = call.text("state")
    rows = call.store.all(
        "SELECT items.* FROM items JOIN brought ON item = items.id WHERE sha = ? ORDER BY iid DESC", call.path("sha")
    )
    kept = [row for row in rows if state in (None, "all", row["state"])]
    return page_of(call, kept, Entities(call.store, call.base).merge_request)


def _create(call: Call) -> Response:
    call.required("title", "source_branch", "target_branch")
    source, target = call.text("source_branch") or "", call.text("target_branch") or ""
    other = call.store.number(
        "SELECT iid FROM items WHERE kind = ? AND state = 'opened' AND source_branch = ? AND target_branch = ?",
        _KIND,
        source,
        target,
    )
    if other:
        raise message(409, [f"Another open merge request already exists for this source branch: !{other}"])
    asked = replace(asked_changes(call), state_event=None, type="merge_request", confidential=None)
    row = tracker_of(call).create(_KIND, with_commands(call, None, asked), (source, target))
    return JSONResponse(Entities(call.store, call.base).merge_request(row), status_code=201)
