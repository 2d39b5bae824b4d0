"""Which handbook a run checks by: the repository's own, or one that somebody names; and whether it can be used."""

from pathlib import Path

from msgspec import Struct

from incidentops.core.errors import BadConfiguration, WrongUse
from incidentops.core.finding import Finding, Level, Location, in_order
from incidentops.core.text import quoted
from incidentops.model import build_handbook
from incidentops.model.handbook import Handbook
from incidentops.rules.engine.runner import check_handbook
from incidentops.rules.handbook import handbook_unreadable
from incidentops.store import safe_read
from incidentops.store.atomic import naming_failures
from incidentops.store.git.repository import Repository
from incidentops.store.records import HANDBOOK
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml.reader import ReadResult, read_bytes, read_file


class LoadedHandbook(Struct, frozen=True):
    """A handbook that was checked: it is None when there are findings (HBK001, HBK002 and the reader's)."""

    handbook: Handbook | None
    findings: tuple[Finding, ...] = ()


def load_handbook(read: ReadResult, file: str = HANDBOOK) -> LoadedHandbook:
    """Check a handbook that was read from a file."""
    if read.document is None:
        unusable = Finding(
            handbook_unreadable.code,
            Level.BLOCK,
            Location(file),
            "the handbook cannot be used, so no record was checked",
            "fix it first: every record is checked against it",
        )
        return LoadedHandbook(None, in_order((unusable, *read.findings)))
    findings = check_handbook(read.document)
    return LoadedHandbook(None, findings) if findings else LoadedHandbook(build_handbook.handbook(read.document))


def usable(found: LoadedHandbook) -> Handbook:
    """Return the handbook of a book. Raises BadConfiguration, with the place of what is wrong first."""
    if found.handbook is not None:
        return found.handbook
    causes = [finding for finding in found.findings if finding.code != handbook_unreadable.code]
    first = (causes or found.findings)[0]
    raise BadConfiguration(
        f"the handbook cannot be used: {first.location}: {first.message}",
        first.hint or "see all that is wrong with: incident validate",
    )


def handbook_of(root: Path) -> LoadedHandbook:
    """Check the handbook of a repository."""
    return load_handbook(read_file(root, HANDBOOK, Shape.HANDBOOK))


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
