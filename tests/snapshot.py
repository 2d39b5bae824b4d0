"""Folders that git made, kept in memory and written again where a test wants them: git takes many times as long."""

import subprocess
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory


@dataclass(frozen=True)
class Snapshot:
    """A folder as it was, with everything in it."""

    origin: str
    files: tuple[tuple[str, int, bytes | None], ...]
    """Path, mode and content; a folder has none."""

    @classmethod
    def of(cls, folder: Path) -> "Snapshot":
        """Take what is in a folder now."""
        return cls(
            str(folder),
            tuple(
                (str(path.relative_to(folder)), path.stat().st_mode, path.read_bytes() if path.is_file() else None)
                for path in sorted(folder.rglob("*"))
            ),
        )

    def write(self, folder: Path) -> None:
        """Make it anew in another folder; what git wrote down of the old place is then about the new one."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, mode, content in self.files:
            path = folder / name
            if content is None:
                path.mkdir(exist_ok=True)
            else:
                path.write_bytes(content.replace(self.origin.encode(), str(folder).encode()))
                path.chmod(mode)


@cache
def repository() -> Snapshot:
    """A new repository."""
    with TemporaryDirectory() as folder:
        subprocess.run(["git", "init", "-q", "-b", "main", folder], check=True)
        return Snapshot.of(Path(folder))


@cache
def clone() -> Snapshot:
    """`remote.git`, a new bare repository, and `here`, a clone of it."""
    with TemporaryDirectory() as folder:
        for arguments in (["init", "-q", "--bare", "-b", "main", "remote.git"], ["clone", "-q", "remote.git", "here"]):
            subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
        return Snapshot.of(Path(folder).resolve())
