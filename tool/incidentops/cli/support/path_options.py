"""What `validate` and `fix` work on: files and folders, or one record from standard input."""

import os
import sys
from pathlib import Path

import click

from incidentops.core.errors import WrongUse
from incidentops.flows.validate.verdict import STDIN
from incidentops.store import safe_read

PATHS = click.argument("paths", nargs=-1, type=click.Path())
STDIN_NAME = click.option("--stdin-name", metavar="FILE", help="File that the record from standard input stands for.")


def files(root: Path, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return paths as typed, from the repository's root; links in them are not followed, they are findings."""
    return tuple(_below(root, path) for path in paths)


def _below(root: Path, path: str) -> str:
    full = os.path.normpath(Path.cwd() / path)
    inside = os.path.relpath(full, root)
    return path if inside.startswith("..") else Path(inside).as_posix()


def from_stdin(root: Path, paths: tuple[str, ...], name: str | None) -> dict[str, bytes]:
    """Return the record on standard input, by the file it stands for, when `-` asks for it. Raises WrongUse."""
    if STDIN not in paths:
        if name is not None:
            raise WrongUse("--stdin-name goes with a record from standard input", "give - as the only path")
        return {}
    if len(paths) > 1:
        raise WrongUse("standard input is one record", "give - as the only path")
    content = sys.stdin.buffer.read(safe_read.LARGEST + 1)  # a byte too many is a finding
    return {STDIN if name is None else _below(root, name): content}
