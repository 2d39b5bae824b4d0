"""How the commands print: JSON for programs, findings for people, never a raw control character."""

import json
from collections.abc import Callable, Sequence
from typing import TypeVar

import click

from incidentops.core.finding import Finding

_Command = TypeVar("_Command", bound=Callable[..., object])


def FORMAT(command: _Command) -> _Command:  # noqa: N802 - used as a decorator, like click's own
    """Add `--format text|json`."""
    option = click.option(
        "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="For programs."
    )
    return option(command)


def print_json(value: object) -> None:
    """Print a value as JSON, everything that is not plain ASCII escaped."""
    click.echo(json.dumps(value, indent=2))


def print_findings(findings: Sequence[Finding]) -> None:
    """Print findings on standard error, a line each and the hint below."""
    for finding in findings:
        click.echo(f"{finding.location}: {finding.code} {finding.level}: {finding.message}", err=True)
        if finding.hint:
            click.echo(f"  hint: {finding.hint}", err=True)


def as_values(findings: Sequence[Finding]) -> list[dict[str, object]]:
    """Return findings as plain values for JSON."""
    return [
        {
            "code": finding.code,
            "level": finding.level,
            "file": finding.location.file,
            "line": finding.location.line,
            "column": finding.location.column,
            "message": finding.message,
            "hint": finding.hint,
            "waived": finding.waived,
        }
        for finding in findings
    ]
