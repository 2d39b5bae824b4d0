"""What landed: the first-parent history of a branch as one `git log` tells it, and versions out of one `cat-file`.

Both are read while git works, one piece at a time: however long the history, only names and numbers of it are kept
(docs/services.md: What Python costs).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO

from msgspec import Struct

from incidentops.core.commit import Commit
from incidentops.core.errors import WrongUse
from incidentops.core.moment import EARLIEST, LATEST
from incidentops.core.secret import Secret
from incidentops.core.text import quoted
from incidentops.store import safe_read
from incidentops.store.git.repository import Repository
from incidentops.store.records import FOLDER

_CHUNK = 1 << 16
_KINDS = {b"120000": "a symbolic link", b"160000": "a directory"}
"""Modes of git that are no regular file: a link, and a submodule."""

RAW = ("--raw", "-z", "--no-renames", "--no-abbrev", "--no-relative", "--no-color")


class LandedVersion(Struct, frozen=True):
    """What a commit made of one file: its blob, or what stands there that is no regular file."""

    file: str
    blob: str
    not_regular: str = ""


class Landing(Struct, frozen=True):
    """One commit with the files below `incidents/` that it changed, and those that it took away."""

    commit: Commit
    versions: tuple[LandedVersion, ...]
    gone: tuple[str, ...]


class CommitRange(Struct, frozen=True):
    """A part of the history: the commits after `start` (None: from the first one on) up to `end`."""

    start: str | None
    end: str


class History:
    """The history of the repository that the records are in. Paths are relative to `root`, with `/`."""

    def __init__(self, root: Path, secrets: Sequence[Secret] = ()) -> None:
        self.repository = Repository(root, secrets)
        self.git = self.repository.git
        self.where = f":(top,literal){self.repository.prefix}{FOLDER}"

    def span(self, since: str | None) -> CommitRange:
        """Return what landed on the branch that is checked out: all of it, or what came after a revision.

        Raises WrongUse for a revision that is not here, and when the clone lacks a part of the history.
        """
        end = self.repository.head()
        if end is None:
            raise WrongUse("nothing has landed yet: there is no commit", "commit the records first")
        shallow = self.repository.is_shallow()
        if since is None:
            if shallow:
                raise too_shallow("the clone is shallow, so the history is not all here")
            return CommitRange(None, end)
        after = self.repository.commit(since)
        if after is None:
            if shallow:
                raise too_shallow(f"there is no commit {quoted(since)} here, and the clone is shallow")
            raise WrongUse(f"there is no commit {quoted(since)}", "name a commit, a tag or a branch: git log --oneline")
        commits = self.git.text("rev-list", "--first-parent", f"{after}..{end}").split()
        start = self.repository.commit(f"{commits[-1]}^") if commits else end
        if start is None and shallow:
            raise too_shallow(f"the clone is shallow, so what landed after {quoted(since)} is not all here")
        return CommitRange(start, end)

    def landings(self, span: CommitRange) -> Iterator[Landing]:
        """Yield the commits that changed anything below `incidents/`, the oldest first."""
        commits = span.end if span.start is None else f"{span.start}..{span.end}"
        log = self.log("%H%x00%ct%x00%an%x00%P", "--root", "--first-parent", commits)
        for (sha, at, author, parents), files in log:
            yield Landing(
                Commit(sha, _moment(int(at)), author, tuple(parents.split())),
                tuple(landed for landed in files.values() if landed),
                tuple(path for path, landed in files.items() if landed is None),
            )

    def log(self, form: str, *arguments: str) -> Iterator[tuple[Sequence[str], Mapping[str, LandedVersion | None]]]:
        """Yield the commits of a log that changed anything below `incidents/`, the oldest first.

        Of each the fields of the format `form`, and what it made of files: None for those that it took away.
        """
        options = ("-m", "--reverse", *RAW, "--no-show-signature", "--encoding=UTF-8", f"--format={form}")
        with self.git.stream("log", *options, *arguments, "--", self.where) as output:
            words = _words(output)
            word = next(words, b"")
            while word:
                head = (word.lstrip(b"\n"), *islice(words, form.count("%x00")))
                files: dict[str, LandedVersion | None] = {}
                while (word := next(words, b"")).lstrip(b"\n").startswith(b":"):
                    path = self.repository.path(next(words))
                    _, mode, _, blob, letter = word.split(b" ")
                    files[path] = None if letter == b"D" else version(path, mode, blob.decode("ascii"))
                yield [field.decode("utf-8", "replace") for field in head], files

    def tree(self, commit: str) -> Mapping[str, LandedVersion]:
        """Return what stands below `incidents/` in a commit, by path."""
        return {path: version(path, mode, blob) for path, _, mode, blob in self.repository.tree(commit, FOLDER)}

    def contents(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes | safe_read.UnusableFile]]:
        """Yield id and content of blobs in the order asked for; what is too large is not kept (YML004).

        Raises Failed for one that is not here.
        """
        for blob, size, output in self.repository.blobs(blobs):
            yield blob, _content(output, size)


def version(path: str, mode: bytes, blob: str) -> LandedVersion:
    """Return what git knows of a file by its mode and its blob."""
    return LandedVersion(path, blob, _KINDS.get(mode, ""))


def _content(output: IO[bytes], size: int) -> bytes | safe_read.UnusableFile:
    if size <= safe_read.LARGEST:
        return output.read(size + 1)[:-1]
    left = size + 1
    while left:
        left -= len(output.read(min(left, _CHUNK)))
    return safe_read.too_large(size)


def _words(output: IO[bytes]) -> Iterator[bytes]:
    """Yield what stands between the NUL characters of a stream; an empty word is one too."""
    rest = b""
    while chunk := output.read(_CHUNK):
        *words, rest = (rest + chunk).split(b"\0")
        yield from words


def _moment(seconds: int) -> datetime:
    """Return the moment of a commit; a clock that was far off counts as the edge of the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return LATEST if seconds > 0 else EARLIEST


def too_shallow(message: str) -> WrongUse:
    """Return what to raise when a clone lacks a part of the history."""
    return WrongUse(message, "fetch the rest with: git fetch --unshallow (in a pipeline: variables: GIT_DEPTH: 0)")
