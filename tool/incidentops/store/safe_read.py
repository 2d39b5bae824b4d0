"""Opening files that anybody may have pushed: regular ones inside the tree only, no links, nothing too large."""

import os
import stat
from pathlib import Path
from typing import Self

from incidentops.core.finding import Finding, Level, Location
from incidentops.core.text import quoted

LARGEST = 1024 * 1024
"""Bytes; larger files are YML004."""

_KINDS = (
    (stat.S_ISLNK, "a symbolic link"), (stat.S_ISDIR, "a directory"), (stat.S_ISFIFO, "a FIFO"),
    (stat.S_ISSOCK, "a socket"), (stat.S_ISCHR, "a device"), (stat.S_ISBLK, "a device"),
)  # fmt: skip


class UnusableFile(Exception):
    """The file is not one that may be read. Carries code, message and hint of the finding."""

    def __init__(self, code: str, message: str, hint: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint

    def finding(self, file: str) -> Finding:
        """Return the finding about the file."""
        return Finding(self.code, Level.BLOCK, Location(file), self.message, self.hint)


def read_within(root: Path, file: str) -> bytes:
    """Return the bytes of `file` (a path below `root`, with `/`). Raises UnusableFile (YML006, YML004)."""
    with SafeTree(root) as tree:
        return tree.read(file)[0]


class SafeTree:
    """The files below a root. The folder of the last file stays open, for the next one is most often its neighbour.

    That saves the way from the root, half of what reading a small file costs (6 of 12 µs).
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = ""
        self._handle = -1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the folder; it is opened again when it is needed."""
        if self._handle >= 0:
            os.close(self._handle)
        self._handle = -1

    def read(self, file: str) -> tuple[bytes, os.stat_result]:
        """Return the bytes of a file and what the system knew of it before they were read. Raises UnusableFile."""
        folder, _, name = file.rpartition("/")
        try:
            if self._handle < 0 or folder != self._folder:
                self._enter(folder, file)
            return _read(self._handle, _step(name, file))
        except OSError as error:
            raise unusable(error) from error

    def _enter(self, folder: str, file: str) -> None:
        steps = [_step(step, file) for step in folder.split("/")] if folder else []
        self.close()
        handle = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for step in steps:
            handle = _descend(handle, step)
        self._folder, self._handle = folder, handle


def _step(step: str, file: str) -> str:
    if step in ("", ".", "..") or "\0" in step:
        raise UnusableFile(
            "YML006", f"{quoted(file)} is not a path inside the repository", "give the path from the repository's root"
        )
    return step


def kind(mode: int) -> str:
    """Return the word for what is not a regular file."""
    return next((word for test, word in _KINDS if test(mode)), "something else")


def not_regular(what: str) -> UnusableFile:
    """Return the finding for something that is no regular file."""
    return UnusableFile("YML006", f"not a regular file but {what}", "put the record itself there, as a plain file")


def _descend(folder: int, step: str) -> int:
    try:
        return os.open(step, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    finally:
        os.close(folder)


def _read(folder: int, name: str) -> tuple[bytes, os.stat_result]:
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY  # not every system has them
    try:
        handle = os.open(name, flags, dir_fd=folder)
    except OSError:
        _check(os.lstat(name, dir_fd=folder))  # links and sockets do not open: say what it is
        raise
    try:
        status = os.fstat(handle)
        _check(status)
        return _all(handle, status.st_size), status
    finally:
        os.close(handle)


def _all(handle: int, size: int) -> bytes:
    """Read to the end. Room for one byte more than there should be: what comes back short was the end."""
    content = part = os.read(handle, size + 1)
    while len(content) != size and len(content) <= LARGEST and part:
        part = os.read(handle, LARGEST + 1 - len(content))
        content += part
    if len(content) > LARGEST:
        raise too_large(len(content))
    return content


def _check(status: os.stat_result) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise not_regular(kind(status.st_mode))
    if status.st_size > LARGEST:
        raise too_large(status.st_size)


def too_large(size: int) -> UnusableFile:
    """Return the finding for a file of so many bytes."""
    return UnusableFile(
        "YML004", f"larger than 1 MiB ({size} bytes)", "keep logs and dumps elsewhere, and link to them"
    )


def unusable(error: OSError) -> UnusableFile:
    """Return the finding for what the system answered."""
    match error:
        case FileNotFoundError():
            return UnusableFile("YML006", "there is no such file", "it may have been moved or removed meanwhile")
        case PermissionError():
            return UnusableFile("YML006", "the file cannot be opened: permission denied", "make it readable")
        case NotADirectoryError():
            return UnusableFile(
                "YML006", "a directory on the way to it is a symbolic link or a file", "put the record itself there"
            )
    reason = (error.strerror or "unknown error").lower()
    return UnusableFile("YML006", f"the file cannot be read: {reason}", "check the file and the disk")
