"""How a commit stands to the default branch on the server."""

from pathlib import Path

import pytest

from gitplace import git
from incidentops.core.errors import Refused
from incidentops.flows.reconcile.tip import landed_commit
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


def landed(root: Path, branch: str = "main") -> str | None:
    return landed_commit(Repository(root), "origin", branch)


def test_what_is_newest_on_the_server_is_carried_out(clones: tuple[Path, Path]) -> None:
    assert git(clones[0], "rev-parse", "HEAD") == landed(clones[0])


def test_what_the_server_has_gone_on_from_is_superseded(clones: tuple[Path, Path]) -> None:
    a_commit(clones[0], "second")
    git(clones[0], "push", "-q", "origin", "HEAD:main")
    assert landed(clones[1]) is None


@pytest.mark.parametrize("branch", ["main", "trunk"])
def test_what_the_server_does_not_have_is_refused(clones: tuple[Path, Path], branch: str) -> None:
    a_commit(clones[1], "mine")
    with pytest.raises(Refused, match=f"has not landed on '{branch}'"):
        landed(clones[1], branch)


def test_a_repository_without_a_commit_is_refused(tmp_path: Path, clones: tuple[Path, Path]) -> None:
    git(tmp_path, "clone", "-q", "remote.git", "three")
    git(tmp_path / "three", "switch", "-q", "--orphan", "empty")
    with pytest.raises(Refused, match="has not landed"):
        landed(tmp_path / "three")
