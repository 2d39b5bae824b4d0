"""How a verdict is shown: the formats by name, on the terminal and into files."""

import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path

import click

from incidentops.cli.support.output import on_terminal
from incidentops.core.errors import WrongUse
from incidentops.core.finding import Finding
from incidentops.core.text import one_of, quoted
from incidentops.flows.validate.verdict import Verdict
from incidentops.render import excerpt, findings
from incidentops.store import safe_read
from incidentops.store.atomic import naming_failures

FORMATS = ("text", "full", "json", "gitlab", "junit", "sarif")
"""What `--format` and `--report` take; the first two are for people."""


def report_of(option: str, formats: tuple[str, ...] = FORMATS) -> tuple[str, str]:
    """Return format and file of a `--report FORMAT=FILE`. Raises WrongUse."""
    form, equals, file = option.partition("=")
    if form not in formats or not equals or not file:
        raise WrongUse(
            f"--report {quoted(option)} is not a valid report", f"write FORMAT=FILE with {one_of(formats)} for FORMAT"
        )
    return form, file


def rendered(form: str, verdict: Verdict, source: excerpt.Source) -> str:
    """Return a verdict in a format."""
    match form:
        case "full":
            return excerpt.full(verdict.findings, source)
        case "json":
            return findings.as_json(verdict.findings, verdict.records)
        case "gitlab":
            return findings.code_quality(verdict.findings)
        case "junit":
            from incidentops.render.junit import junit  # with a library for XML

            return junit(verdict.findings, verdict.records)
        case "sarif":
            from incidentops.render.sarif import sarif  # with every rule and its documentation

            return sarif(verdict.findings)
    return findings.text(verdict.findings)


def show(form: str, verdict: Verdict, source: excerpt.Source) -> None:
    """Print a verdict, in colours where people read it."""
    if form not in ("text", "full") or not on_terminal(sys.stdout):
        click.echo(rendered(form, verdict, source), nl=False)
        return
    for number, finding in enumerate(verdict.findings):
        if number and form == "full":
            click.echo()
        _print_coloured(finding, excerpt.lines(finding, source) if form == "full" else findings.lines(finding))


def _print_coloured(finding: Finding, lines: Iterable[str]) -> None:
    first, *rest = lines
    click.secho(first, fg="red" if finding.blocks else "cyan" if finding.waived else "yellow")
    for line in rest:
        click.secho(line, dim=True)


def write(file: Path, content: str) -> None:
    """Write a report. Raises Failed."""
    with naming_failures(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8", newline="\n")


def lines_of(root: Path, given: Mapping[str, bytes]) -> Callable[[str], Sequence[str]]:
    """Return what gives the lines of a file below `root`, or of what was given; none for what may not be opened."""

    @cache
    def lines(file: str) -> Sequence[str]:
        try:
            content = given[file] if file in given else safe_read.read_within(root, file)
        except safe_read.UnusableFile:
            return ()
        text = content.decode("utf-8", "replace").removeprefix("\ufeff")
        return tuple(line.removesuffix("\r") for line in text.split("\n"))

    return lines
