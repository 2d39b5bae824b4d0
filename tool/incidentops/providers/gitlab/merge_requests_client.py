"""The client of merge requests: which one landed a commit, the plan that its pipeline left, and comments.

It is the client of GitLab, on the project of the records, which need not be that of the issues.
"""

from collections.abc import Mapping, Sequence

from gitlab.v4.objects import ProjectMergeRequest

from incidentops.core.pauses import Pauses
from incidentops.core.variable import VariableValues
from incidentops.providers.base import MergeRequest, MergeRequestNote, NotFound
from incidentops.providers.gitlab import errors, mapping
from incidentops.providers.gitlab.client import PAGE, GitLabClient
from incidentops.providers.gitlab.variables import account


def connect(values: VariableValues, project: str, pauses: Pauses) -> "MergeRequestClient":
    """Return a client of the merge requests of one project."""
    return MergeRequestClient(account(values, project), pauses, writable=True)


class MergeRequestClient(GitLabClient):
    """Talks about merge requests of one project, named by its number. Raises as `GitLabClient` does."""

    def my_id(self) -> int:
        """Return the number of our own user: names can be given away, numbers cannot."""
        return self.me.id

    def merge_request(self, iid: int) -> MergeRequest:
        """Return a merge request."""
        what = f"read merge request {iid}"
        return mapping.merge_request(self._plain(what, lambda: self._project.mergerequests.get(iid)))

    def with_commit(self, commit: str) -> Sequence[MergeRequest]:
        """Return the merge requests that hold a commit, or were merged by it."""
        what = f"look for the merge request of commit {commit[:12]}"
        one = self._project.commits.get(commit, lazy=True)
        answer = self._translated(what, lambda: one.merge_requests(get_all=True, per_page=PAGE))
        found = [raw for raw in answer if isinstance(raw, Mapping)]
        return tuple(map(mapping.merge_request, found))

    def artifact(self, iid: int, job: str, file: str) -> bytes | None:
        """Return a file that a job left in the newest pipeline of ours in which it succeeded; None without one.

        A pipeline of a fork is not ours: whoever owns the fork decides what it leaves.
        """
        what = f"list the pipelines of merge request {iid}"
        pipelines = self._plain_list(what, self._addressed(iid).pipelines, get_all=False)
        for pipeline in pipelines:
            if str(pipeline.get("project_id")) == self._account.project:
                found = self._from_pipeline(mapping.number(pipeline), job, file)
                if found is not None:
                    return found
        return None

    def _from_pipeline(self, pipeline: int, job: str, file: str) -> bytes | None:
        one = self._project.pipelines.get(pipeline, lazy=True)
        jobs = self._plain_list(f"list the jobs of pipeline {pipeline}", one.jobs, scope=["success"])
        found = next((mapping.number(raw) for raw in jobs if raw.get("name") == job), None)
        return None if found is None else self._file(found, file)

    def _file(self, job: int, file: str) -> bytes | None:
        """One file of an artifact; None when it has expired or was never there."""
        one = self._project.jobs.get(job, lazy=True)
        try:
            content = self._translated(f"read {file} of job {job}", lambda: one.artifact(file))
        except NotFound:
            return None
        if not isinstance(content, bytes):
            raise errors.not_gitlab(self._account)
        return content

    def notes(self, iid: int) -> Sequence[MergeRequestNote]:
        """Return the comments on a merge request, oldest first; what GitLab itself says is left out."""
        what = f"read the comments on merge request {iid}"
        found = self._plain_list(what, self._addressed(iid).notes, order_by="created_at", sort="asc")
        return tuple(sorted((mapping.note(raw) for raw in found if not raw.get("system")), key=lambda note: note.id))

    def write_note(self, iid: int, body: str) -> MergeRequestNote:
        """Write a comment. Raises Unknown when it is not known whether it was written."""
        notes = self._addressed(iid).notes
        made = self._plain(f"comment on merge request {iid}", lambda: notes.create({"body": body}), once=True)
        return mapping.note(made)

    def change_note(self, iid: int, note: int, body: str) -> MergeRequestNote:
        """Change a comment of ours. Raises NotFound when it is gone, Forbidden when we may not."""
        notes = self._addressed(iid).notes
        changed = self._plain(f"change comment {note}", lambda: notes.update(note, {"body": body}))
        return mapping.note(changed)

    def _addressed(self, iid: int) -> ProjectMergeRequest:
        """The library's object of a merge request, for what belongs to it; asks for nothing."""
        return self._project.mergerequests.get(iid, lazy=True)
