"""Output of the commands: JSON for programs, findings for people, never a raw control character."""

import json
from collections.abc import Mapping, Sequence

import click

from incidentops.cli.support.params import Command
from incidentops.core.finding import Finding
from incidentops.render.findings import text


def format_option(command: Command) -> Command:
    """Add `--format text|json`."""
    option = click.option(
        "--format",
        "form",
        type=click.Choice(["text", "json"]),
        default="text",
        show_default=True,
        help="Output format.",
    )
    return option(command)


def print_json(value: Mapping[str, object]) -> None:
    """Print an object as JSON with its version first; everything that is not plain ASCII is escaped.

    A command whose keys have changed since version 1 gives its own `version`.
    """
    click.echo(as_json(value))


def as_json(value: Mapping[str, object]) -> str:
    """Return an object as `print_json` prints it."""
    return json.dumps({"version": 1, **value}, indent=2)


def print_findings(findings: Sequence[Finding]) -> None:
    """Print findings on standard error, each with its hint below."""
    click.echo(text(findings), err=True, nl=False)
