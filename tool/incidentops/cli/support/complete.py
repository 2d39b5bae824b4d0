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
    from incidentops.flows.read.archive import Archive


def records(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Complete an id from any part of it, newest first."""
    try:
        files, _ = record_files(repository_root())
    except IncidentError:
        return []
    ids = sorted((PurePosixPath(file).stem for file in files), reverse=True)
    return [name for name in ids if typed in name]


def services(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Complete a service of the handbook."""
    return _of_archive(typed, lambda archive: archive.handbook.services)


def people(_context: click.Context, _parameter: click.Parameter, typed: str) -> list[str]:
    """Complete a person of the handbook."""
    return _of_archive(typed, lambda archive: archive.handbook.people)


def _of_archive(typed: str, words: "Callable[[Archive], Iterable[str]]") -> list[str]:
    from incidentops.flows.read.archive import open_archive

    try:
        archive = open_archive(repository_root())
    except IncidentError:
        return []
    return [word for word in words(archive) if word.startswith(typed)]


RECORD = click.argument("record", metavar="[ID]", required=False, shell_complete=records)
"""Adds the record that a command is about, which need not be named when it is clear."""
