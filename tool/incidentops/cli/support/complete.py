"""Shell completion: ids, services, people. Without a readable repository there are no completions, and no message.

Ids come from file names alone, so that ten thousand records cost little; services and people read the handbook.
"""

from collections.abc import Callable, Iterable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

import click

from incidentops.cli.composition.environment import repository_root
from incidentops.core.errors import IncidentError
from incidentops.store.records import record_files

if TYPE_CHECKING:
    from incidentops.model.handbook import Handbook


def records(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Complete an id from any part of it, newest first."""
    try:
        files, _ = record_files(repository_root())
    except IncidentError:
        return []
    ids = sorted((PurePosixPath(file).stem for file in files), reverse=True)
    return [name for name in ids if typed in name]


def _of_handbook(words: "Callable[[Handbook], Iterable[str]]") -> Callable[..., list[str]]:
    """Return what completes a word of the handbook."""

    def complete(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
        from incidentops.flows.read.archive import open_archive

        try:
            handbook = open_archive(repository_root()).handbook
        except IncidentError:
            return []
        return [word for word in words(handbook) if word.startswith(typed)]

    return complete


services = _of_handbook(lambda handbook: handbook.services)
people = _of_handbook(lambda handbook: handbook.people)
RECORD = click.argument("record", metavar="[ID]", required=False, shell_complete=records)
"""Adds the record that a command is about, which need not be named when it is clear."""
