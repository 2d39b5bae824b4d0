"""The cache of verdicts: a verdict is used again while nothing that it depends on has changed.

A verdict belongs to a path, a content (git's blob), and a key that stands for everything else. A file whose size, times
and inode are those of then is not even opened, by the rule of git's index: a time of change counts only when it was
well past before the file was read, so that no later change can have it too. The cache lies in the folder of git, where
nobody can push anything; it is used only when it is ours and its checksum is right, and may be deleted at any time.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from msgspec import DecodeError, Struct, json

from incidentops.core.finding import Finding

_FORMAT = "incidentops verdicts 2"
_SETTLED = 2_000_000_000
"""Nanoseconds after which a time of change is past on any file system; some keep whole seconds, one every other."""
_LARGEST = 256 * 1024 * 1024

OverallFindings = tuple[str, tuple[Finding, ...]]
"""What was found over all records together, and the digest that stands for all of them (`digest_of`)."""


class RecordFacts(Struct, frozen=True, gc=False, array_like=True):
    """What other records need to know of one: its relations and their kind, when it was declared, where it is live.

    `services` are those it was declared on, `live_on` those it is live on now.
    """

    related: tuple[tuple[str, str], ...] = ()
    declared: datetime | None = None
    services: tuple[str, ...] = ()
    live_on: tuple[str, ...] = ()


NO_FACTS = RecordFacts()
"""Of a near miss without relations, and of what cannot be read."""


class CachedVerdict(Struct, frozen=True, gc=False, array_like=True):
    """The verdict on a file, which holds before `until`.

    `stat` is how the file looked when it was read; empty when it may change and still look so.
    """

    stat: str
    blob: str
    until: datetime
    findings: tuple[Finding, ...] = ()
    facts: RecordFacts = NO_FACTS


class _Stored(Struct, frozen=True):
    """The content of the cache file, without its checksum."""

    key: str
    now: datetime
    overall: OverallFindings = ("", ())
    files: Mapping[str, CachedVerdict] = {}


def stat_of(status: os.stat_result) -> str:
    """Return how a file looks without opening it. Whoever sets the time of a file sets its time of change, too."""
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ctime_ns} {status.st_ino}"


def digest_of(blobs: Iterable[tuple[str, str]]) -> str:
    """Return one text that stands for files with their blobs, in this order."""
    return hashlib.sha256(
        "\n".join(f"{blob} {file}" for file, blob in blobs).encode("utf-8", "surrogateescape")
    ).hexdigest()


class VerdictCache:
    """The verdicts on one repository, under the key of a run."""

    def __init__(self, file: Path, key: str, now: datetime) -> None:
        self._file = file
        self._key = key
        self._now = now
        self._stored = _read(file, key, now)
        self._started = 0

    def unchanged(self, root: Path, files: Iterable[str]) -> dict[str, CachedVerdict]:
        """Return the verdicts on the files that look as they did."""
        stored = self._stored.files
        found = {}
        for file in files:
            verdict = stored.get(file)
            if verdict and verdict.stat and verdict.until > self._now and verdict.stat == _stat(f"{root}/{file}"):
                found[file] = verdict
        return found

    def by_content(self, files: Iterable[str]) -> dict[str, CachedVerdict]:
        """Return the verdicts there are on files; each is good for a file with its blob."""
        stored = self._stored.files
        return {file: one for file in files if (one := stored.get(file)) and one.until > self._now}

    def overall(self, digest: str) -> tuple[Finding, ...] | None:
        """Return what was found over all records together, when the digest is theirs."""
        before, findings = self._stored.overall
        return findings if before == digest else None

    def start(self) -> None:
        """Take the time of the file system before the first file is read. Without it no file counts as unchanged."""
        draft = self._draft()
        try:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            draft.write_bytes(b"")
            self._started = draft.stat().st_mtime_ns
            draft.unlink()
        except OSError:
            self._started = 0

    def settled_stat(self, status: os.stat_result) -> str:
        """Return how a file looked that was read after `start`; empty when it was changed only just before."""
        settled = max(status.st_mtime_ns, status.st_ctime_ns) + _SETTLED < self._started
        return stat_of(status) if settled else ""

    def save(self, fresh: Mapping[str, CachedVerdict], every: Iterable[str], overall: OverallFindings | None) -> None:
        """Add fresh verdicts, forget files that are gone, and replace the cache file.

        Two runs at once do not mix: the later one stays. A disk that cannot be written to is no failure, and nor is a
        file name that is not UTF-8, which JSON cannot hold: both only cost the next run its time.
        """
        stored = self._stored
        files = {file: verdict for file in every if (verdict := stored.files.get(file))}
        files |= {file: verdict for file, verdict in fresh.items() if verdict.until > self._now}
        if files == stored.files and overall in (None, stored.overall):
            return
        draft = self._draft()
        try:
            body = json.encode(_Stored(self._key, self._now, overall or stored.overall, files))
            draft.write_bytes(_head(body) + b"\n" + body)
            draft.replace(self._file)
        except (OSError, UnicodeEncodeError):
            with suppress(OSError):
                draft.unlink(missing_ok=True)

    def _draft(self) -> Path:
        return self._file.with_name(f"{self._file.name}.{os.urandom(4).hex()}.tmp")


def open_cache(root: Path, key: str, now: datetime) -> VerdictCache | None:
    """Return the cache of a repository under a key; None where there is no place for one: outside of git."""
    for folder in (root, *root.parents):
        git = _git_folder(folder)
        if git:
            prefix = hashlib.sha256(os.fsencode(os.path.relpath(root, folder))).hexdigest()[:12]
            return VerdictCache(git / "incidentops" / f"verdicts-{prefix}", key, now)
    return None


def _git_folder(folder: Path) -> Path | None:
    """Git's own folder, when the folder has one. Asking git would take ten times as long as all the rest."""
    git = folder / ".git"
    if git.is_dir():
        return git
    with suppress(OSError):  # a file that names it: a work tree beside the first one, or a submodule
        link = git.read_text(encoding="utf-8", errors="surrogateescape").strip()
        return folder / link.removeprefix("gitdir:").strip()
    return None


def _read(file: Path, key: str, now: datetime) -> _Stored:
    """Return the stored verdicts; none when the file is broken, of another format or key, or later than now.

    It is later than now when a clock was set back.
    """
    with suppress(OSError, DecodeError):  # there is none (yet), it is not ours, or of another version
        head, _, body = _content(file).partition(b"\n")
        if head == _head(body):
            stored = json.decode(body, type=_Stored)
            if stored.key == key and stored.now <= now:
                return stored
    return _Stored(key, now)


def _head(body: bytes) -> bytes:
    return f"{_FORMAT} {hashlib.sha256(body).hexdigest()}".encode()


def _content(file: Path) -> bytes:
    """Read a regular file that belongs to us. Raises OSError for any other."""
    handle = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(handle, "rb") as opened:
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_size > _LARGEST:
            raise PermissionError(f"{file} is not a cache of ours")
        return opened.read()


def _stat(path: str) -> str:
    try:
        return stat_of(os.lstat(path))
    except OSError:
        return "gone"
