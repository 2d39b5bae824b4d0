"""Pipelines of merge requests with their jobs and artifacts.

There is no git server and no runner here: `moved`, `ran` and `merged` record what those would have done.
"""

from collections.abc import Mapping
from functools import partial

from starlette.responses import Response

from incidentops.sandbox.gitlab.access import RouteTable
from incidentops.sandbox.gitlab.http import Call, found, page_of
from incidentops.sandbox.gitlab.tracker import find_item
from incidentops.sandbox.seed import PROJECT_ID
from incidentops.sandbox.store import DatabaseRow, Store

_KIND = "MergeRequest"


def moved(store: Store, iid: int, sha: str) -> None:
    """Record that the source branch of a merge request is at a commit."""
    item = _item(store, iid)
    with store.transaction():
        store.run(
            "INSERT INTO heads (item, sha) VALUES (?, ?) ON CONFLICT (item) DO UPDATE SET sha = ?", item, sha, sha
        )
        store.run("INSERT OR IGNORE INTO commits (item, sha) VALUES (?, ?)", item, sha)


def ran(  # noqa: PLR0913 - a runner reports this much
    store: Store,
    iid: int,
    sha: str,
    files: Mapping[str, bytes],
    *,
    job: str = "plan",
    status: str = "success",
    project: int = PROJECT_ID,
) -> int:
    """Record a pipeline for a commit of a merge request, with one job and its artifacts; returns its id."""
    item, now = _item(store, iid), store.now()
    with store.transaction():
        pipeline = store.insert("pipelines", item=item, project=project, sha=sha, status=status, created_at=now)
        number = store.insert("jobs", pipeline=pipeline, name=job, status=status)
        for path, content in files.items():
            store.insert("artifacts", job=number, path=path, content=content)
    return pipeline


def merged(store: Store, iid: int, commit: str, *others: str) -> None:
    """Record that a merge request was merged by a commit, together with others."""
    item = _item(store, iid)
    with store.transaction():
        store.update("items", item, state="merged", updated_at=store.now())
        store.update("heads", item, merged_at=store.now(), merge_commit=commit)
        for sha in (commit, *others):
            store.run("INSERT OR IGNORE INTO commits (item, sha) VALUES (?, ?)", item, sha)


def _item(store: Store, iid: int) -> int:
    return store.number("SELECT id FROM items WHERE kind = ? AND iid = ?", _KIND, iid)


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
