"""Writing records into a test repository, as JSON, which is YAML, and committing them."""

import json
from collections.abc import Mapping
from pathlib import Path

from gitplace import git
from make import FILE, HANDBOOK_FILE, a_handbook_data, a_record


def put(root: Path, file: str = FILE, text: str | None = None, data: Mapping[str, object] | None = None) -> str:
    """Write one file below `root`: a text, data, or a record that is fine. Returns its path."""
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(data or a_record(), indent=1) if text is None else text, encoding="utf-8")
    return file


def put_handbook(root: Path, **changes: object) -> None:
    """Write the handbook anew, with changes."""
    put(root, HANDBOOK_FILE, data=a_handbook_data(**changes))


def land(root: Path) -> None:
    """Commit all that is there."""
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Land")
