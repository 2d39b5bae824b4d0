"""Pipelines of merge requests, their jobs and artifacts, to read; and what git and a runner tell the sandbox.

There is no git server and no runner here: `moved`, `ran` and `merged` say what those would have done.
"""

from collections.abc import Mapping

from starlette.responses import Response
from starlette.routing import Route

from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.http import NOT_FOUND, Call, message, page_of
from incidentops.sandbox.gitlab.tracker import find_item
from incidentops.sandbox.seed import PROJECT_ID
from incidentops.sandbox.store import DatabaseRow, Store

_KIND = "MergeRequest"


def pipeline_routes(gate: Gate) -> list[Route]:
    """What a client can ask of pipelines."""
    return [
        gate.route("/projects/{id}/merge_requests/{merge_request_iid}/pipelines", get=_of_merge_request),
        gate.route("/projects/{id}/pipelines/{pipeline_id}/jobs", get=_jobs),
        gate.route("/projects/{id}/jobs/{job_id}/artifacts/{artifact_path:path}", get=_artifact),
    ]


def moved(store: Store, iid: int, sha: str) -> None:
    """The source branch of a merge request is at a commit now, and holds it."""
    item = _item(store, iid)
    with store.transaction():
        store.run(
            "INSERT INTO heads (item, sha) VALUES (?, ?) ON CONFLICT (item) DO UPDATE SET sha = ?", item, sha, sha
        )
        store.run("INSERT OR IGNORE INTO brought (item, sha) VALUES (?, ?)", item, sha)


def ran(  # noqa: PLR0913 - what a runner tells
    store: Store,
    iid: int,
    sha: str,
    files: Mapping[str, bytes],
    *,
    job: str = "plan",
    status: str = "success",
    project: int = PROJECT_ID,
) -> int:
    """A pipeline ran for a commit of a merge request, and one job of it left files; returns its id."""
    with store.transaction():
        pipeline = store.run(
            "INSERT INTO pipelines (item, project, sha, status, created_at) VALUES (?, ?, ?, ?, ?)",
            _item(store, iid), project, sha, status, store.now(),
        )  # fmt: skip
        number = store.run("INSERT INTO jobs (pipeline, name, status) VALUES (?, ?, ?)", pipeline, job, status)
        for path, content in files.items():
            store.run("INSERT INTO artifacts (job, path, content) VALUES (?, ?, ?)", number, path, content)
    return pipeline


def merged(store: Store, iid: int, commit: str, *others: str) -> None:
    """A merge request was merged by a commit, and brought others with it."""
    item = _item(store, iid)
    with store.transaction():
        store.run("UPDATE items SET state = 'merged', updated_at = ? WHERE id = ?", store.now(), item)
        store.run("UPDATE heads SET merged_at = ?, merge_commit = ? WHERE item = ?", store.now(), commit, item)
        for sha in (commit, *others):
            store.run("INSERT OR IGNORE INTO brought (item, sha) VALUES (?, ?)", item, sha)


def _item(store: Store, iid: int) -> int:
    return store.number("SELECT id FROM items WHERE kind = ? AND iid = ?", _KIND, iid)


def _of_merge_request(call: Call) -> Response:
    item = find_item(call.store, _KIND, call.path_number("merge_request_iid"), call.actor)
    rows = call.store.all("SELECT * FROM pipelines WHERE item = ? ORDER BY id DESC", item["id"])

    def show(row: DatabaseRow) -> Mapping[str, object]:
        return {
            "id": row["id"],
            "iid": row["id"],
            "project_id": row["project"],
            "sha": row["sha"],
            "ref": f"refs/merge-requests/{item['iid']}/head",
            "status": row["status"],
            "source": "merge_request_event",
            "created_at": row["created_at"],
            "updated_at": row["created_at"],
            "web_url": f"{call.project_url}/-/pipelines/{row['id']}",
        }

    return page_of(call, rows, show)


def _jobs(call: Call) -> Response:
    pipeline = _pipeline(call, call.path_number("pipeline_id"))
    wanted = call.words("scope")
    rows = call.store.all("SELECT * FROM jobs WHERE pipeline = ? ORDER BY id DESC", pipeline["id"])
    kept = [row for row in rows if not wanted or row["status"] in wanted]

    def show(row: DatabaseRow) -> Mapping[str, object]:
        files = call.store.number("SELECT count(*) FROM artifacts WHERE job = ?", row["id"])
        return {
            "id": row["id"],
            "name": row["name"],
            "stage": "judge",
            "status": row["status"],
            "allow_failure": False,
            "created_at": pipeline["created_at"],
            "artifacts_file": {"filename": "artifacts.zip", "size": files} if files else None,
            "pipeline": {"id": pipeline["id"], "sha": pipeline["sha"], "status": pipeline["status"]},
            "web_url": f"{call.project_url}/-/jobs/{row['id']}",
        }

    return page_of(call, kept, show)


def _artifact(call: Call) -> Response:
    """One file, as it is. Guests see no artifacts."""
    job = call.store.one("SELECT * FROM jobs WHERE id = ?", call.path_number("job_id"))
    if job is None or not call.actor.is_reporter:
        raise message(404, NOT_FOUND)
    _pipeline(call, job["pipeline"])
    found = call.store.one(
        "SELECT content FROM artifacts WHERE job = ? AND path = ?", job["id"], call.path("artifact_path")
    )
    if found is None:
        raise message(404, NOT_FOUND)
    return Response(found["content"], media_type="text/plain")


def _pipeline(call: Call, number: int) -> DatabaseRow:
    """A pipeline of this project; one of a fork is not here."""
    row = call.store.one("SELECT * FROM pipelines WHERE id = ? AND project = ?", number, PROJECT_ID)
    if row is None:
        raise message(404, NOT_FOUND)
    return row
