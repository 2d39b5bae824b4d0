"""The memory of verdicts: what was said of a file is said again while nothing that it depends on has changed.

A verdict belongs to a path, a content (git's blob), and a key that stands for everything else. A file whose size, times
and inode are those of then is not even opened, by the rule of git's index: a time of change counts only when it was
well past before the file was read, so that no later change can have it too. The memory lies in the folder of git, where
nobody can push anything; it is taken only when it is ours and its sum is right, and may be deleted at any time.
"""

import hashlib
import json
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from incidentops.core import moment
from incidentops.core.finding import Finding
from incidentops.store.cache.rows import CachedVerdict, CacheRow, finding_of, finding_row, known_of, known_row, until_of

_FORMAT = "incidentops verdicts 1"
_SETTLED = 2_000_000_000
"""Nanoseconds after which a time of change is past on any file system; some keep whole seconds, one every other."""
_LARGEST = 256 * 1024 * 1024


Across = tuple[str, tuple[Finding, ...]]
"""What was found over all records together, and the one text that stands for all of them (`together`)."""


def sight(status: os.stat_result) -> str:
    """Return how a file looks without opening it. Whoever sets the time of a file sets its time of change, too."""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def together(blobs: Iterable[tuple[str, str]]) -> str:
    """Return one text that stands for files with their blobs, in this order."""
    return hashlib.sha256(
        "\n".join(f"{blob} {file}" for file, blob in blobs).encode("utf-8", "surrogateescape")
    ).hexdigest()


class Verdicts:
    """What is remembered of one repository, under the key of a run."""

    def __init__(self, file: Path, key: str, now: datetime) -> None:
        self._file = file
        self._key = key
        self._now = now
        self._told = _read(file, key, now)
        self._began = 0

    def at_sight(self, root: Path, files: Iterable[str]) -> dict[str, CachedVerdict]:
        """Return the verdicts on the files that look as they did."""
        rows = self._told["files"]
        found = {}
        for file in files:
            row = rows.get(file)
            if row and row[0] and row[0] == _look(f"{root}/{file}") and self._holds(row):
                found[file] = known_of(row)
        return found

    def by_content(self, files: Iterable[str]) -> dict[str, CachedVerdict]:
        """Return the verdicts there are on files; each is good for a file with its blob."""
        rows = self._told["files"]
        return {file: known_of(row) for file in files if (row := rows.get(file)) and self._holds(row)}

    def across(self, all_of_them: str) -> tuple[Finding, ...] | None:
        """Return what was found over all records, when these are they."""
        before, findings = self._told["across"]
        return tuple(map(finding_of, findings)) if before == all_of_them else None

    def begin(self) -> None:
        """Take the time of the file system before the first file is read. Without it no look is ever trusted."""
        draft = self._draft()
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(b"")
            self._began = draft.stat().st_mtime_ns
            draft.unlink()
        except OSError:
            self._began = 0

    def seen(self, status: os.stat_result) -> str:
        """Return how a file looked that was read after `begin`; nothing when it was changed only just before."""
        settled = max(status.st_mtime_ns, status.st_ctime_ns) + _SETTLED < self._began
        return sight(status) if settled else ""

    def save(self, learnt: Mapping[str, CachedVerdict], every: Iterable[str], across: Across | None) -> None:
        """Add what was learnt, forget files that are gone, and put all of it in the place of the old memory.

        Two runs at once do not mix: the later one stays. A disk that cannot be written to is no failure.
        """
        rows = {file: row for file in every if (row := self._told["files"].get(file))}
        rows |= {file: known_row(one) for file, one in learnt.items() if one.until > self._now}
        found = [across[0], [finding_row(one) for one in across[1]]] if across else self._told["across"]
        if rows == self._told["files"] and found == self._told["across"]:
            return
        told = {"key": self._key, "now": moment.show(self._now), "across": found, "files": rows}
        body = json.dumps(told, separators=(",", ":")).encode("ascii")
        draft = self._draft()
        try:
            draft.write_bytes(_head(body) + b"\n" + body)
            draft.replace(self._file)
        except OSError:
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _draft(self) -> Path:
        return self._file.with_name(f"{self._file.name}.{os.urandom(4).hex()}.tmp")

    def _holds(self, row: CacheRow) -> bool:
        return until_of(row) > self._now


def memory(root: Path, key: str, now: datetime) -> Verdicts | None:
    """Return what is remembered under a key; None where there is no place for a memory: outside of git."""
    for folder in (root, *root.parents):
        git = _git_folder(folder)
        if git:
            prefix = hashlib.sha256(os.fsencode(os.path.relpath(root, folder))).hexdigest()[:12]
            return Verdicts(git / "incidentops" / f"verdicts-{prefix}", key, now)
    return None


def _git_folder(folder: Path) -> Path | None:
    """Git's own folder, when the folder has one. Asking git would take ten times as long as all the rest."""
    git = folder / ".git"
    if git.is_dir():
        return git
    with suppress(OSError):  # a file that names it: a work tree beside the first one, or a submodule
        told = git.read_text(encoding="utf-8", errors="surrogateescape").strip()
        return folder / told.removeprefix("gitdir:").strip()
    return None


def _read(file: Path, key: str, now: datetime) -> dict[str, Any]:
    """What the file tells; nothing when it is broken, of another key, or of a time to come (a clock was set back)."""
    try:
        head, _, body = _content(file).partition(b"\n")
        if head == _head(body):
            told: dict[str, Any] = json.loads(body)
            if told["key"] == key and moment.parse(told["now"]) <= now:
                return told
    except OSError:
        pass  # there is none (yet), or not one that is ours
    return {"across": ["", []], "files": {}}


def _head(body: bytes) -> bytes:
    return f"{_FORMAT} {hashlib.sha256(body).hexdigest()}".encode()


def _content(file: Path) -> bytes:
    """Read a regular file that belongs to us. Raises OSError for any other."""
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as opened:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_size > _LARGEST:
            raise PermissionError(f"{file} is no memory of ours")
        return opened.read()


def _look(path: str) -> str:
    try:
        return sight(os.lstat(path))
    except OSError:
        return "gone"
