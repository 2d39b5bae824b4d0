"""Histories for tests: commits made in no time by `git fast-import`, at any moment, by anybody."""

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from gitplace import git
from make import NOW

Files = Mapping[str, str | None]


@dataclass(frozen=True)
class Landing:
    """What one commit changes: files with their text, or None for those it takes away."""

    files: Files
    at: datetime = NOW
    author: str = "Ana Silva"


def landed(root: Path, landings: Sequence[Landing]) -> list[str]:
    """Put commits on `main`, in a repository made for it; return their ids. The work tree has what came out."""
    root.mkdir(parents=True, exist_ok=True)
    git(root, "init", "-q", "-b", "main")
    stream = b"".join(_commit(landing) for landing in landings)
    subprocess.run(["git", "fast-import", "--quiet"], cwd=root, input=stream, check=True)
    git(root, "reset", "-q", "--hard", "main")
    return git(root, "rev-list", "--reverse", "main").split()


def _commit(landing: Landing) -> bytes:
    who = f"{landing.author} <someone@example.com> {int(landing.at.timestamp())} +0000"
    parts = [f"commit refs/heads/main\nauthor {who}\ncommitter {who}\ndata 4\nMore\n".encode()]
    for file, text in landing.files.items():
        if text is None:
            parts.append(f"D {file}\n".encode())
        else:
            content = text.encode()
            parts.append(b"M 100644 inline %s\ndata %d\n%s\n" % (file.encode(), len(content), content))
    return b"".join(parts) + b"\n"
