"""How a commit stands to the default branch on the server."""

from pathlib import Path

import pytest

from gitplace import git
from incidentops.flows.reconcile.tip import TipState, tip_state
from incidentops.store.git.repository import Repository


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Path, Path]:
    """Two clones of one remote, with one commit that landed."""
    git(tmp_path, "init", "-q", "--bare", "-b", "main", "remote.git")
    for name in ("one", "two"):
        git(tmp_path, "clone", "-q", "remote.git", name)
    a_commit(tmp_path / "one", "first")
    git(tmp_path / "one", "push", "-q", "origin", "HEAD:main")
    git(tmp_path / "two", "pull", "-q", "origin", "main")
    return tmp_path / "one", tmp_path / "two"


def a_commit(root: Path, message: str) -> None:
    git(root, "commit", "-q", "--allow-empty", "-m", message)


def state(root: Path, branch: str = "main") -> TipState:
    repository = Repository(root)
    return tip_state(repository, "origin", branch, str(repository.head()))


def test_what_is_newest_on_the_server_is_the_tip(clones: tuple[Path, Path]) -> None:
    assert state(clones[0]) is TipState.TIP


def test_what_the_server_has_gone_on_from_is_superseded(clones: tuple[Path, Path]) -> None:
    a_commit(clones[0], "second")
    git(clones[0], "push", "-q", "origin", "HEAD:main")
    assert state(clones[1]) is TipState.SUPERSEDED


def test_what_the_server_does_not_have_has_not_landed(clones: tuple[Path, Path]) -> None:
    a_commit(clones[1], "mine")
    assert state(clones[1]) is TipState.NOT_LANDED
    assert state(clones[1], "trunk") is TipState.NOT_LANDED
