"""Where the records are: every candidate file under `incidents/`, links not followed."""

import os
from collections.abc import Iterator
from pathlib import Path

from incidentops.core.finding import Finding
from incidentops.store import safe_read

FOLDER = "incidents"
HANDBOOK = f"{FOLDER}/handbook.yaml"
_ENDINGS = (".yaml", ".yml")


def record_files(root: Path) -> tuple[tuple[str, ...], tuple[Finding, ...]]:
    """Return the paths below `root` of all files named like records, sorted, and what stands in the way (YML006).

    Other files are left alone. What is no regular file but has such a name is found out by the reader, except
    links and directories: those are findings here, and so are linked directories, since records could hide there.
    """
    files: list[str] = []
    findings: list[Finding] = []
    for path, obstacle in _walk(root, FOLDER):
        if obstacle is None:
            files.append(path)
        else:
            findings.append(obstacle.finding(path))
    return tuple(sorted(files)), tuple(sorted(findings, key=Finding.sort_key))


def is_record(path: str) -> bool:
    """Return whether a path below the root is named like a record."""
    return path.startswith(f"{FOLDER}/") and path.endswith(_ENDINGS) and path != HANDBOOK


def _walk(root: Path, top: str) -> Iterator[tuple[str, safe_read.UnusableFile | None]]:
    """Yield every candidate, and every obstacle with its reason."""
    if (root / top).is_symlink():
        yield top, safe_read.not_regular("a symbolic link")
        return
    folders = [top]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(root / folder) as entries:
                listed = list(entries)
        except FileNotFoundError:
            continue
        except OSError as error:
            yield folder, safe_read.unusable(error)
            continue
        folders += [f"{folder}/{entry.name}" for entry in listed if entry.is_dir(follow_symlinks=False)]
        yield from _candidates(folder, listed)


def _candidates(folder: str, entries: list[os.DirEntry[str]]) -> Iterator[tuple[str, safe_read.UnusableFile | None]]:
    for entry in entries:
        path = f"{folder}/{entry.name}"
        named = entry.name.endswith(_ENDINGS)
        if entry.is_symlink():
            if (named and path != HANDBOOK) or _leads_to_directory(entry):
                yield path, safe_read.not_regular("a symbolic link")
        elif not named or path == HANDBOOK:
            continue
        elif entry.is_dir(follow_symlinks=False):
            yield path, safe_read.not_regular("a directory")
        else:
            yield path, None


def _leads_to_directory(link: os.DirEntry[str]) -> bool:
    try:
        return link.is_dir()
    except OSError:  # a circle of links
        return True
