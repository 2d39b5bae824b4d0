"""Pipelines of merge requests with their jobs and artifacts, as somebody recorded them: there is no runner here."""

from functools import partial

from starlette.responses import Response

from incidentops.sandbox.gitlab.access import RouteTable
from incidentops.sandbox.gitlab.http import Call, found, page_of
from incidentops.sandbox.gitlab.tracker import find_item
from incidentops.sandbox.seed import PROJECT_ID
from incidentops.sandbox.store import DatabaseRow

_KIND = "MergeRequest"


def _of_merge_request(call: Call) -> Response:
    item = find_item(call, _KIND, call.path_number("merge_request_iid"))
    rows = call.store.rows("pipelines", "id DESC", item=item["id"])
    return page_of(call, rows, partial(call.entities.pipeline, item=item))


def _jobs(call: Call) -> Response:
    pipeline, scope = _pipeline(call, call.path_number("pipeline_id")), call.words("scope")
    rows = call.store.rows("jobs", "id DESC", pipeline=pipeline["id"])
    kept = [row for row in rows if not scope or row["status"] in scope]
    return page_of(call, kept, partial(call.entities.job, pipeline=pipeline))


def _artifact(call: Call) -> Response:
    """One file, as it is. Guests see no artifacts."""
    job = call.store.find("jobs", id=call.path_number("job_id")) if call.actor.is_reporter else None
    _pipeline(call, found(job)["pipeline"])
    file = found(call.store.find("artifacts", job=call.path_number("job_id"), path=call.path("artifact_path")))
    return Response(file["content"], media_type="text/plain")


def _pipeline(call: Call, number: int) -> DatabaseRow:
    """A pipeline of this project. Raises ApiError (404), also for one of a fork."""
    return found(call.store.find("pipelines", id=number, project=PROJECT_ID))


PIPELINE_ROUTES: RouteTable = {
    "/projects/{id}/merge_requests/{merge_request_iid}/pipelines": {"GET": _of_merge_request},
    "/projects/{id}/pipelines/{pipeline_id}/jobs": {"GET": _jobs},
    "/projects/{id}/jobs/{job_id}/artifacts/{artifact_path:path}": {"GET": _artifact},
}
