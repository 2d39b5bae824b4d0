"""The work of git's merge driver: git's merge of the texts first, then the merge of the records over it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from msgspec import Struct

from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted
from incidentops.flows.read.archive import open_archive, record_check
from incidentops.flows.write.merge import MergeConflict, MergedRecord, MergeVersions, merge
from incidentops.store.git.merge import MergeFavour, merge_texts
from incidentops.store.records import is_record


class MergeDriverFiles(Struct, frozen=True):
    """What git passes to a merge driver: files with the three versions, and the path of the record."""

    base: Path
    ours: Path
    theirs: Path
    path: str


class MergeDriverResult(Struct, frozen=True):
    """What came of a merge. `record` is None for a file that is not a record: git's merge of the text stands.

    `clean` tells whether the file of our version now holds a merge without conflict.
    """

    clean: bool
    record: MergedRecord | MergeConflict | None = None


def run_merge_driver(
    folder: Path, files: MergeDriverFiles, root_of: Callable[[Path], Path], now: datetime
) -> MergeDriverResult:
    """Merge two versions of a file in `folder` into the file of our version.

    Raises WrongUse when a version cannot be read. Whatever fails later, git's merge of the texts is in the file.
    """
    base, ours, theirs = (_content(file) for file in (files.base, files.ours, files.theirs))
    text, clean = merge_texts(folder, base, ours, theirs)
    files.ours.write_bytes(text)
    parent = (folder / files.path).parent.resolve()
    root = root_of(parent)
    file = (parent / Path(files.path).name).relative_to(root).as_posix()
    if not is_record(file):
        return MergeDriverResult(clean)
    archive = open_archive(root)
    drafts = tuple(merge_texts(folder, base, ours, theirs, favour)[0] for favour in MergeFavour)
    versions = MergeVersions(file, base, ours, theirs, drafts)
    merged = merge(archive, versions, record_check(archive.handbook, now))
    if isinstance(merged, MergedRecord):
        files.ours.write_bytes(merged.text.encode())
    return MergeDriverResult(isinstance(merged, MergedRecord), merged)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongUse(f"{quoted(file, 200)} cannot be read: {error.strerror}", "git calls this command") from error
