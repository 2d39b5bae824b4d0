"""A git server and a runner for the sandbox, which has neither: records in its store what those would have done."""

from collections.abc import Mapping

from incidentops.sandbox.seed import PROJECT_ID
from incidentops.sandbox.store import Store


def moved(store: Store, iid: int, sha: str) -> None:
    """Record that the source branch of a merge request is at a commit."""
    item = _item(store, iid)
    with store.transaction():
        store.run(
            "INSERT INTO heads (item, sha) VALUES (?, ?) ON CONFLICT (item) DO UPDATE SET sha = ?", item, sha, sha
        )
        store.run("INSERT OR IGNORE INTO commits (item, sha) VALUES (?, ?)", item, sha)


def ran(
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
    return store.number("SELECT id FROM items WHERE kind = ? AND iid = ?", "MergeRequest", iid)
