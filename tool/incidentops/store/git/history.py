"""What landed: the first-parent history of a branch as one `git log` tells it, and versions out of one `cat-file`.

Both are read while git works, one piece at a time: however long the history, only names and numbers of it are kept
(docs/services.md: What Python costs).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from msgspec import Struct

from incidentops.core.commit import Commit
from incidentops.core.errors import Failed, WrongUse
from incidentops.core.moment import EARLIEST, LATEST
from incidentops.core.secret import Secret
from incidentops.core.text import quoted
from incidentops.store import safe_read
from incidentops.store.git.repository import Repository
from incidentops.store.git.run import Git
from incidentops.store.records import FOLDER

_CHUNK = 1 << 16
_KINDS = {b"120000": "a symbolic link", b"160000": "a directory"}
"""Modes of git that are no regular file: a link, and a submodule."""

_LOG = (
    "log", "--root", "--first-parent", "-m", "--reverse", "--raw", "-z", "--no-renames",
    "--no-abbrev", "--no-relative", "--no-color", "--no-show-signature", "--encoding=UTF-8",
    "--format=%H%x00%ct%x00%an%x00%P",
)  # fmt: skip


class LandedVersion(Struct, frozen=True):
    """What a commit made of one file: its blob, or what stands there that is no regular file."""

    file: str
    blob: str
    unfit: str = ""


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
        self.git = Git(root, secrets)
        self._prefix = self.repository.prefix

    def span(self, since: str | None) -> CommitRange:
        """Return what landed on the branch that is checked out: all of it, or what came after a revision.

        Raises WrongUse for a revision that is not here, and when the clone lacks a part of the history.
        """
        end = self.repository.head()
        if end is None:
            raise WrongUse("nothing has landed yet: there is no commit", "commit the records first")
        shallow = self.is_shallow()
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

    def is_shallow(self) -> bool:
        """Whether the clone lacks a part of the history."""
        return self.git.text("rev-parse", "--is-shallow-repository") == "true"

    def landings(self, span: CommitRange) -> Iterator[Landing]:
        """Yield the commits that changed anything below `incidents/`, the oldest first."""
        commits = span.end if span.start is None else f"{span.start}..{span.end}"
        with self.git.stream(*_LOG, commits, "--", f":(top,literal){self._prefix}{FOLDER}") as output:
            words = read_words(output)
            word = next(words, b"")
            while word:
                at, author, parents = (next(words) for _ in range(3))
                commit = Commit(word.decode("ascii"), _moment(int(at)), _text(author), tuple(_text(parents).split()))
                versions: list[LandedVersion] = []
                gone: list[str] = []
                while (word := next(words, b"")).lstrip(b"\n").startswith(b":"):
                    path = self._path(next(words))
                    _, mode, _, blob, letter = word.split(b" ")
                    if letter == b"D":
                        gone.append(path)
                    else:
                        versions.append(version(path, mode, blob))
                yield Landing(commit, tuple(versions), tuple(gone))

    def tree(self, commit: str) -> Mapping[str, LandedVersion]:
        """Return what stands below `incidents/` in a commit, by path."""
        where = f"{self._prefix}{FOLDER}"
        listed = self.git.run("ls-tree", "-r", "-z", "--full-tree", commit, where)
        found = {}
        for line in listed.split(b"\0")[:-1]:
            facts, _, name = line.partition(b"\t")
            mode, _, blob = facts.split(b" ")
            found[self._path(name)] = version(self._path(name), mode, blob)
        return found

    def contents(self, blobs: Iterable[str]) -> Iterator[tuple[str, bytes | safe_read.UnusableFile]]:
        """Yield id and content of blobs in the order asked for; what is too large is not kept (YML004).

        Raises Failed for one that is not here.
        """
        wanted = "".join(f"{blob}\n" for blob in blobs).encode("ascii")
        if not wanted:
            return
        with self.git.stream("cat-file", "--batch", "--buffer", given=wanted) as output:
            while header := output.readline():
                words = header.decode("ascii").split()
                if words[1] != "blob":
                    raise Failed(f"git has no blob {quoted(words[0])}", "see what is missing with: git fsck")
                yield words[0], _content(output, int(words[2]))

    def _path(self, name: bytes) -> str:
        return name.decode("utf-8", "surrogateescape").removeprefix(self._prefix)


def version(path: str, mode: bytes, blob: bytes) -> LandedVersion:
    """Return what git says of a file: its mode and its blob."""
    return LandedVersion(path, blob.decode("ascii"), _KINDS.get(mode, ""))


def _content(output: IO[bytes], size: int) -> bytes | safe_read.UnusableFile:
    if size <= safe_read.LARGEST:
        return output.read(size + 1)[:-1]
    left = size + 1
    while left:
        left -= len(output.read(min(left, _CHUNK)))
    return safe_read.too_large(size)


def read_words(output: IO[bytes]) -> Iterator[bytes]:
    """Yield what stands between the NUL characters of a stream; an empty word is one too."""
    rest = b""
    while chunk := output.read(_CHUNK):
        *words, rest = (rest + chunk).split(b"\0")
        yield from words


def _text(word: bytes) -> str:
    return word.decode("utf-8", "replace")


def _moment(seconds: int) -> datetime:
    """Return the moment of a commit; a clock that was far off counts as the edge of the calendar."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return LATEST if seconds > 0 else EARLIEST


def too_shallow(message: str) -> WrongUse:
    """Return what to raise when a clone lacks a part of the history."""
    return WrongUse(message, "fetch the rest with: git fetch --unshallow (in a pipeline: variables: GIT_DEPTH: 0)")
