"""How the commit that is checked out stands to the default branch: a stale job must do nothing."""

from enum import StrEnum

from incidentops.store.git.repository import Repository


class TipState(StrEnum):
    """How a commit stands to the default branch on the server."""

    TIP = "tip"
    SUPERSEDED = "superseded"
    NOT_LANDED = "not_landed"


def tip_state(repository: Repository, remote: str, branch: str, commit: str) -> TipState:
    """Tell whether a commit is what the default branch is at now. Raises Failed."""
    tip = repository.remote_tip(remote, f"refs/heads/{branch}")
    if tip == commit:
        return TipState.TIP
    if tip is None:
        return TipState.NOT_LANDED
    if repository.commit(tip) is None:
        repository.fetch(remote, f"+refs/heads/{branch}:refs/incidentops/{branch}")
    return TipState.SUPERSEDED if repository.contains(tip, commit) else TipState.NOT_LANDED
