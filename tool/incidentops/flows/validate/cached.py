"""What an earlier run said of files that have not changed since, so that this one only judges the others."""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from incidentops.core.finding import Finding
from incidentops.flows.validate.selection import Selection
from incidentops.store import safe_read
from incidentops.store.cache.fingerprint import fingerprint
from incidentops.store.cache.rows import CachedVerdict
from incidentops.store.cache.verdicts import Verdicts, memory, together
from incidentops.store.records import HANDBOOK


class CachedRun:
    """What is remembered of the files of a run: by their looks, or once their content is known."""

    def __init__(self, verdicts: Verdicts, root: Path, choice: Selection) -> None:
        self.verdicts = verdicts
        self.at_sight: Mapping[str, CachedVerdict] = verdicts.at_sight(root, choice.files)
        self.by_content: Mapping[str, CachedVerdict] = verdicts.by_content(
            f for f in choice.files if f not in self.at_sight
        )

    def whole(self, choice: Selection) -> tuple[Finding, ...] | None:
        """Return all that was found, when every record of the repository is known at sight."""
        across = self.across(choice, self.at_sight)
        if across is None:
            return None
        return (*(finding for known in self.at_sight.values() for finding in known.findings), *across)

    def across(self, choice: Selection, known: Mapping[str, CachedVerdict]) -> tuple[Finding, ...] | None:
        """Return what was found over all records together, when these are they."""
        name = _together(choice, known)
        return self.verdicts.across(name) if name else None

    def learn(self, choice: Selection, known: Mapping[str, CachedVerdict], across: tuple[Finding, ...]) -> None:
        """Remember what was judged in this run, and what was found over all of them."""
        name = _together(choice, known)
        learnt = {file: one for file, one in known.items() if one is not self.at_sight.get(file)}
        self.verdicts.save(learnt, choice.every, (name, across) if name else None)


def recall(root: Path, now: datetime, choice: Selection) -> CachedRun | None:
    """Return what is remembered by this code and under the handbook as it lies there; None when nothing can be."""
    key = ground(root)
    verdicts = memory(root, key, now) if key else None
    return CachedRun(verdicts, root, choice) if verdicts else None


def ground(root: Path) -> str | None:
    """Return what stands for all that verdicts rest on besides the records: our code and what it runs on, the handbook.

    None when one of them cannot be looked at.
    """
    code = fingerprint()
    try:
        handbook = hashlib.sha256(safe_read.read_within(root, HANDBOOK)).hexdigest()
    except safe_read.UnusableFile:
        return None
    return f"{code} {handbook}" if code else None


def _together(choice: Selection, known: Mapping[str, CachedVerdict]) -> str:
    """What stands for all records of the repository; nothing when not all of them are chosen, or could be read."""
    if len(choice.files) < len(choice.every) or any(file not in known for file in choice.every):
        return ""
    return together((file, known[file].blob) for file in choice.every)
