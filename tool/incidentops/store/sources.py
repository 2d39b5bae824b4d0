"""Where a run takes its records from: the work tree (to try things) or a commit (what landed, and nothing else)."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from incidentops.core.source import blob
from incidentops.store import safe_read
from incidentops.store.git.repository import Repository
from incidentops.store.records import HANDBOOK, is_record, record_files


class RecordSource(Protocol):
    """The record files of one state of the repository."""

    def blobs(self) -> Mapping[str, str]:
        """Return path and blob of every record."""
        ...

    def contents(self, files: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of records that `blobs` named."""
        ...

    def handbook(self) -> bytes | None:
        """Return the handbook's bytes; None when there is none."""
        ...


class CommitRecords:
    """The records of one commit."""

    def __init__(self, repository: Repository, commit: str) -> None:
        self._repository = repository
        self._all = dict(repository.blob_ids(commit, "incidents"))
        self._records = {file: blob for file, blob in sorted(self._all.items()) if is_record(file)}

    def blobs(self) -> Mapping[str, str]:
        """Return path and blob of every record of the commit."""
        return self._records

    def contents(self, files: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes, read by one git process."""
        wanted = dict.fromkeys(self._records[file] for file in files)
        by_blob = dict(self._repository.read_blobs(wanted))
        for file in files:
            yield file, by_blob[self._records[file]]

    def handbook(self) -> bytes | None:
        """Return the handbook of the commit."""
        blob = self._all.get(HANDBOOK)
        return None if blob is None else next(self._repository.read_blobs([blob]))[1]


class WorkTreeRecords:
    """The records as they lie in the folder, landed or not. Files that may not be opened are left to `validate`."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def blobs(self) -> Mapping[str, str]:
        """Return path and blob of every readable record."""
        return {file: blob(content) for file, content in self.contents(record_files(self._root)[0])}

    def contents(self, files: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield path and bytes of records that can still be read."""
        for file in files:
            content = self._content(file)
            if content is not None:
                yield file, content

    def handbook(self) -> bytes | None:
        """Return the handbook as it lies there."""
        return self._content(HANDBOOK)

    def _content(self, file: str) -> bytes | None:
        try:
            return safe_read.read_within(self._root, file)
        except safe_read.UnusableFile:
            return None
