"""The handbook that a run checks by, and whether it can be used."""

from pathlib import Path

from msgspec import Struct

from incidentops.core.errors import BadConfiguration
from incidentops.core.finding import Finding, Level, Location, in_order
from incidentops.model import build_handbook
from incidentops.model.handbook import Handbook
from incidentops.rules.engine.runner import check_handbook
from incidentops.rules.handbook import handbook_unreadable
from incidentops.store.records import HANDBOOK
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml.reader import ReadResult, read_file


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
    """Return a handbook that was checked. Raises BadConfiguration, with the place of what is wrong first."""
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
