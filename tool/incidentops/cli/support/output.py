"""Output of the commands: JSON for programs, findings and progress for people, never a raw control character."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import TextIO

import click

from incidentops.cli.support.params import Decorator
from incidentops.core.finding import Finding
from incidentops.render.findings import text

_LONG = 2000
"""From so many records on, a run is long enough to show how far it is."""


def format_option(*formats: str) -> Decorator:
    """Return the decorator that adds `--format`: text or json, or one of the formats given, the first by default."""
    choice = click.Choice(formats or ("text", "json"))
    return click.option("--format", "form", type=choice, default="text", show_default=True, help="Output format.")


def print_json(value: Mapping[str, object]) -> None:
    """Print an object as `as_json` returns it."""
    click.echo(as_json(value))


def as_json(value: Mapping[str, object]) -> str:
    """Return an object as JSON with its version first; everything that is not plain ASCII is escaped.

    A command whose keys have changed since version 1 gives its own `version`.
    """
    return json.dumps({"version": 1, **value}, indent=2)


def print_findings(findings: Sequence[Finding]) -> None:
    """Print findings on standard error, each with its hint below."""
    click.echo(text(findings), err=True, nl=False)


def on_terminal(stream: TextIO) -> bool:
    """Return whether a person looks at a stream."""
    return stream.isatty()


def progress(noun: str) -> Callable[[int, int], None] | None:
    """Return what shows how far a run is, on a terminal and for long runs only; it is wiped when the run is over."""
    if not on_terminal(sys.stderr):
        return None

    def show(done: int, total: int) -> None:
        if total >= _LONG:
            shown = f"\r{done:,} of {total:,} {noun}"
            click.echo("\r" + " " * len(shown) + "\r" if done == total else shown, nl=False, err=True)

    return show
