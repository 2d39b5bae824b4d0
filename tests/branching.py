"""Branches for tests: a repository in which several people commit records, as a merge request brings them."""

import json
import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from make import FILE, HANDBOOK_FILE, a_handbook_data


class Branching:
    """A repository with a handbook that landed; every commit names its author."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self.git("init", "-q", "-b", "main")
        self.write(HANDBOOK_FILE, a_handbook_data())
        self.commit()

    def git(self, *arguments: str, **environment: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env={**os.environ, **environment}, check=True, capture_output=True,
            text=True,
        )  # fmt: skip
        return done.stdout.strip()

    def write(self, file: str, data: Mapping[str, object] | str | None) -> None:
        path = self.root / file
        if data is None:
            path.unlink()
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(data if isinstance(data, str) else json.dumps(data, indent=1), encoding="utf-8")

    def commit(
        self, by: str = "ana@example.com", files: Mapping[str, Mapping[str, object] | str | None] | None = None
    ) -> str:
        """Write files and commit all that is there, in somebody's name; return the commit."""
        for file, data in (files or {}).items():
            self.write(file, data)
        self.git("add", "--all")
        name = by.partition("@")[0]
        who = {
            f"GIT_{role}_{what}": value
            for role in ("AUTHOR", "COMMITTER")
            for what, value in (("NAME", name), ("EMAIL", by))
        }
        self.git("commit", "-q", "--allow-empty", "-m", "Something", **who)
        return self.git("rev-parse", "HEAD")

    def land(self, data: Mapping[str, object] | str, file: str = FILE) -> str:
        """Commit one record."""
        return self.commit(files={file: data})
