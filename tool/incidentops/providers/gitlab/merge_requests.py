"""What the flows ask of GitLab about merge requests. Importing this loads no library."""

from collections.abc import Sequence
from typing import Protocol

from incidentops.providers.gitlab.mapping import IssueNote, MergeRequest


class MergeRequestApi(Protocol):
    """The calls about merge requests of the project of the records, as `desk_client.DeskClient` makes them."""

    def my_id(self) -> int:
        """Return the number of our own user."""
        ...

    def merge_request(self, iid: int) -> MergeRequest:
        """Return a merge request."""
        ...

    def with_commit(self, commit: str) -> Sequence[MergeRequest]:
        """Return the merge requests that hold a commit, or were merged by it."""
        ...

    def artifact(self, iid: int, job: str, file: str) -> bytes | None:
        """Return a file that a job left in the newest pipeline of ours in which it succeeded; None without one."""
        ...

    def notes(self, iid: int) -> Sequence[IssueNote]:
        """Return the comments on a merge request, oldest first."""
        ...

    def write_note(self, iid: int, body: str) -> IssueNote:
        """Write a comment."""
        ...

    def change_note(self, iid: int, note: int, body: str) -> IssueNote:
        """Change a comment of ours."""
        ...
