"""The commit to carry out: what is checked out, as long as it is the newest of the default branch."""

from incidentops.core.errors import Refused
from incidentops.core.text import quoted
from incidentops.store.git.repository import Repository


def landed_commit(repository: Repository, remote: str, branch: str) -> str | None:
    """Return the commit that is checked out; None when a newer one of the branch supersedes it.

    Raises Refused when it never landed, Failed when the server cannot be reached.
    """
    commit = repository.head()
    tip = repository.remote_tip(remote, f"refs/heads/{branch}")
    if commit and tip == commit:
        return commit
    if commit and tip:
        if repository.commit(tip) is None:
            repository.fetch(remote, f"+refs/heads/{branch}:refs/incidentops/{branch}")
        if repository.contains(tip, commit):
            return None
    raise Refused(
        f"what is checked out has not landed on {quoted(branch)}; nothing was done",
        f"land it first (merge request, or git push), then run it on the tip of {quoted(branch)}",
    )
