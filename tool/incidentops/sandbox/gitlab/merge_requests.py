"""Merge requests, as far as a pipeline uses them: list, read, open, and those that contain a commit."""

from msgspec.structs import replace
from starlette.responses import Response

from incidentops.sandbox.gitlab.access import RouteTable
from incidentops.sandbox.gitlab.filters import matching
from incidentops.sandbox.gitlab.http import Call, message, page_of
from incidentops.sandbox.gitlab.issues import requested_changes, with_commands
from incidentops.sandbox.gitlab.tracker import Tracker, find_item

_KIND = "MergeRequest"


def _list(call: Call) -> Response:
    return page_of(call, matching(call, _KIND, "all"), call.entities.merge_request)


def _show(call: Call) -> object:
    return call.entities.merge_request(find_item(call, _KIND, call.path_number("merge_request_iid")))


def _with_commit(call: Call) -> Response:
    """Those that contain a commit, as somebody recorded it: there is no git here."""
    state = call.text("state")
    query = "SELECT items.* FROM items JOIN commits ON item = items.id WHERE sha = ? ORDER BY iid DESC"
    kept = [row for row in call.store.all(query, call.path("sha")) if state in (None, "all", row["state"])]
    return page_of(call, kept, call.entities.merge_request)


def _create(call: Call) -> object:
    call.required("title", "source_branch", "target_branch")
    source, target = call.text("source_branch") or "", call.text("target_branch") or ""
    other = call.store.find("items", kind=_KIND, state="opened", source_branch=source, target_branch=target)
    if other:
        raise message(409, [f"Another open merge request already exists for this source branch: !{other['iid']}"])
    changes = replace(requested_changes(call), state_event=None, type="merge_request", confidential=None)
    return call.entities.merge_request(Tracker(call).create(_KIND, with_commands(call, None, changes), source, target))


MERGE_REQUEST_ROUTES: RouteTable = {
    "/projects/{id}/merge_requests": {"GET": _list, "POST": _create},
    "/projects/{id}/merge_requests/{merge_request_iid}": {"GET": _show},
    "/projects/{id}/repository/commits/{sha}/merge_requests": {"GET": _with_commit},
}
