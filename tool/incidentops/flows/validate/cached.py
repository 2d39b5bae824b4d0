"""The verdicts of an earlier run on files that have not changed since, so that this one only checks the others."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from incidentops.core.finding import Finding
from incidentops.flows.validate.selection import Selection
from incidentops.store import safe_read
from incidentops.store.cache.fingerprint import fingerprint
from incidentops.store.cache.verdicts import CachedVerdict, VerdictCache, digest_of, open_cache
from incidentops.store.records import HANDBOOK


class CachedRun:
    """The cached verdicts on the files of a run: of those that look unchanged, and of others by their content."""

    def __init__(self, verdicts: VerdictCache, root: Path, selection: Selection) -> None:
        self.verdicts = verdicts
        self.unchanged: Mapping[str, CachedVerdict] = verdicts.unchanged(root, selection.files)
        self.by_content: Mapping[str, CachedVerdict] = verdicts.by_content(
            f for f in selection.files if f not in self.unchanged
        )

    def complete(self, selection: Selection) -> tuple[Finding, ...] | None:
        """Return all findings, when no record of the repository has changed."""
        overall = self.overall(selection, self.unchanged)
        if overall is None:
            return None
        return (*(finding for known in self.unchanged.values() for finding in known.findings), *overall)

    def overall(self, selection: Selection, known: Mapping[str, CachedVerdict]) -> tuple[Finding, ...] | None:
        """Return what was found over all records together, when these are they."""
        digest = _digest(selection, known)
        return self.verdicts.overall(digest) if digest else None

    def save(self, selection: Selection, known: Mapping[str, CachedVerdict], overall: tuple[Finding, ...]) -> None:
        """Keep what was found in this run, file by file and over all of them."""
        digest = _digest(selection, known)
        fresh = {file: one for file, one in known.items() if one is not self.unchanged.get(file)}
        self.verdicts.save(fresh, selection.every, (digest, overall) if digest else None)


def open_cached_run(root: Path, now: datetime, selection: Selection) -> CachedRun | None:
    """Return what is cached for this code and the handbook as it lies there; None when there can be no cache."""
    key = cache_key(root)
    verdicts = open_cache(root, key, now) if key else None
    return CachedRun(verdicts, root, selection) if verdicts else None


def cache_key(root: Path) -> str | None:
    """Return what stands for all that verdicts rest on besides the records: our code and what it runs on, the handbook.

    None when one of them cannot be read.
    """
    code = fingerprint()
    try:
        handbook = hashlib.sha256(safe_read.read_within(root, HANDBOOK)).hexdigest()
    except safe_read.UnusableFile:
        return None
    return f"{code} {handbook}" if code else None


def _digest(selection: Selection, known: Mapping[str, CachedVerdict]) -> str:
    """What stands for all records of the repository; empty when not all of them are selected, or could be read."""
    if len(selection.files) < len(selection.every) or any(file not in known for file in selection.every):
        return ""
    return digest_of((file, known[file].blob) for file in selection.every)
