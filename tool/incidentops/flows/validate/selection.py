"""Which records a person means: all of them, or files and folders."""

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from incidentops.core.errors import WrongUse
from incidentops.core.finding import Finding
from incidentops.core.text import quoted
from incidentops.store.records import FOLDER, HANDBOOK, record_files


class Selection(Struct, frozen=True):
    """The files to check, what stands where a record should (YML006), and all record files of the repository."""

    files: tuple[str, ...]
    obstacles: tuple[Finding, ...]
    every: tuple[str, ...]


def select(root: Path, paths: Sequence[str]) -> Selection:
    """Find the records. Raises WrongUse for a path that is neither a record nor a folder of records."""
    every, obstacles = record_files(root)
    if not paths:
        return Selection(every, obstacles, every)
    known = {*every, *(o.location.file for o in obstacles)}
    wanted: set[str] = set()
    for path in paths:
        wanted |= _meant(root, path.rstrip("/"), known)
    return Selection(
        tuple(f for f in every if f in wanted), tuple(o for o in obstacles if o.location.file in wanted), every
    )


def _meant(root: Path, path: str, known: set[str]) -> set[str]:
    if path in ("", ".", FOLDER):
        return known
    if path in known:
        return {path}
    if path == HANDBOOK:
        return set()  # it is checked in every run
    if not path.startswith(f"{FOLDER}/"):
        raise WrongUse(f"{quoted(path, 200)} is not inside {FOLDER}/", "name a record, or a folder of records")
    here = root / path
    if here.is_dir() and not here.is_symlink():
        return {file for file in known if file.startswith(f"{path}/")}
    if here.exists() or here.is_symlink():
        raise WrongUse(f"{quoted(path, 200)} is no record", "records are files that end in .yaml")
    raise WrongUse(f"there is no {quoted(path, 200)}", "name a record, or a folder of records")
