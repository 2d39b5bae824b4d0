"""A handbook that somebody names in the place of the repository's own: a file, or one in a commit."""

from pathlib import Path

from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted
from incidentops.flows.read.handbook import LoadedHandbook, load_handbook
from incidentops.store import safe_read
from incidentops.store.atomic import naming_failures
from incidentops.store.git.repository import Repository
from incidentops.store.records import HANDBOOK
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml.reader import read_bytes


def handbook_named(root: Path, folder: Path, name: str) -> LoadedHandbook:
    """Check the handbook that somebody names: a file (seen from `folder`), `REV:PATH`, or `REV` for its own path.

    Raises WrongUse when there is none of that name, Failed when the file cannot be read.
    """
    file = folder / name
    if file.exists():
        return load_handbook(read_bytes(_content(file), name, Shape.HANDBOOK), name)
    revision, _, path = name.partition(":")
    repository = Repository(root)
    commit = repository.commit(revision) if revision else None
    if commit is None:
        raise WrongUse(
            f"there is no handbook {quoted(name, 200)}",
            "name a file, a commit, or COMMIT:PATH as in main:handbook.yaml",
        )
    content = repository.read_file(commit, path or HANDBOOK)
    if content is None:
        raise WrongUse(
            f"there is no file {quoted(path or HANDBOOK, 200)} in {quoted(revision)}",
            "the path begins at the folder that holds incidents/",
        )
    return load_handbook(read_bytes(content, name, Shape.HANDBOOK), name)


def _content(file: Path) -> bytes:
    """Read at most a byte more than a handbook may have: the reader says that it is too large."""
    with naming_failures(file, "read"), file.open("rb") as opened:
        return opened.read(safe_read.LARGEST + 1)
