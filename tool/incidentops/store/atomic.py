"""Writing a file so that nobody ever sees half of it, and nobody else's change is lost."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from incidentops.core.errors import Failed, Refused
from incidentops.core.text import quoted


@contextmanager
def naming_failures(file: Path | str, done: str = "written") -> Iterator[None]:
    """Raise Failed, which names the file, when it cannot be written, or whatever is `done` to it."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or "unknown error").lower()
        raise Failed(f"{quoted(file, 200)} cannot be {done}: {reason}") from error


def write_atomically(path: Path, text: str, before: str | None) -> None:
    """Put `text` in the place of the file that held `before`, or make a new file when `before` is None.

    The old file, or the new one, is there at every moment, also when the power fails. Raises Refused when the file is
    not what it was any more, or already there.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    mode = 0o666 if before is None else path.stat().st_mode & 0o777
    try:
        _write(draft, text.encode(), mode, exactly=before is not None)
        if before is None:
            _appear(draft, path)
        else:
            if path.is_symlink() or path.read_bytes() != before.encode():
                raise Refused(f"{quoted(path)} was changed meanwhile", "look at the change, and say it again")
            draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    _settle(path.parent)


def _write(draft: Path, content: bytes, mode: int, *, exactly: bool) -> None:
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    with os.fdopen(handle, "wb") as file:
        if exactly:
            os.fchmod(handle, mode)
        file.write(content)
        file.flush()
        os.fsync(handle)


def _appear(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        raise Refused(f"{quoted(path)} is already there", "choose another name, or update that record") from None


def _settle(folder: Path) -> None:
    """Make the new name survive a power failure."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
