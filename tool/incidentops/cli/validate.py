"""`incident validate`: judge records, for people and for the pipeline."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from incidentops.cli import replaying, wiring
from incidentops.cli.exits import Exit
from incidentops.cli.progress import on_terminal, progress
from incidentops.core.errors import Failed, WrongUse
from incidentops.core.finding import Finding
from incidentops.core.text import quoted
from incidentops.flows.validate import Verdict, validate
from incidentops.render import findings as render

_FORMATS = ("text", "json", "gitlab", "junit")
_EXAMPLES = """\b
Examples:
  incident validate
  incident validate incidents/2026/2026-11-21-registry-503.yaml
  incident validate --report gitlab=codequality.json --report junit=junit.xml
  incident validate --history --since v1.0
  incident validate --base-handbook main
"""


@click.command("validate", epilog=_EXAMPLES)
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--format", "form", type=click.Choice(_FORMATS), default="text", show_default=True, help="What to print.")
@click.option("--output", type=click.Path(dir_okay=False), help="Write it to a file instead of printing it.")
@click.option("--report", "reports", multiple=True, metavar="FORMAT=FILE", help="Write a report too; may be repeated.")
@click.option("--jobs", type=click.IntRange(min=1), help="Processes; chosen by the number of records when left out.")
@replaying.options
def command(
    paths: tuple[str, ...],
    form: str,
    output: str | None,
    reports: tuple[str, ...],
    jobs: int | None,
    history: bool,
    since: str | None,
    handbook: str | None,
    base_handbook: str | None,
) -> int:
    """Judge records by the schema and the handbook: all of them, or the files and folders given.

    Ends with 1 when a finding blocks. Advice tells people something and stops nothing.

    With --history it judges every version that landed, at the time and by the handbook of its commit. With
    --base-handbook it shows what another handbook would have judged otherwise, and stops nothing.
    """
    wanted = [_report(report) for report in reports]
    root = wiring.repository_root()
    now = wiring.settings().now
    below = tuple(_below(root, path) for path in paths)
    look = replaying.Look(root, below, history, since, handbook, base_handbook, jobs)
    replaying.check(look, form, wanted)
    if look.back:
        return _tell(replaying.look_back(look, form, now), output)
    verdict = validate(root, now, below, book=look.book(), jobs=jobs, progress=progress("records"))
    for kind, file in (*wanted, *([(form, output)] if output else [])):
        _write(Path(file), _rendered(kind, verdict))
    if not output:
        _print(form, verdict)
    click.echo(render.summary(verdict.findings, verdict.records), err=True)
    if verdict.bugs:
        return Exit.BUG
    return Exit.BLOCKED if verdict.blocking else Exit.DONE


def _tell(told: replaying.Told, output: str | None) -> int:
    if output:
        _write(Path(output), told.content)
    else:
        click.echo(told.content, nl=False)
    click.echo(told.summary, err=True)
    return told.exit


def _report(report: str) -> tuple[str, str]:
    kind, equals, file = report.partition("=")
    if kind not in _FORMATS or not equals or not file:
        raise WrongUse(f"--report {quoted(report)} is not understood", f"write FORMAT=FILE with {', '.join(_FORMATS)}")
    return kind, file


def _below(root: Path, path: str) -> str:
    """A path as typed, from the repository's root; links in it are not followed, they are findings."""
    full = os.path.normpath(Path.cwd() / path)
    below = os.path.relpath(full, root)
    return path if below.startswith("..") else Path(below).as_posix()


def _rendered(kind: str, verdict: Verdict) -> str:
    match kind:
        case "json":
            return render.as_json(verdict.findings, verdict.records)
        case "gitlab":
            return render.gitlab(verdict.findings)
        case "junit":
            return render.junit(verdict.findings, verdict.records)
        case _:
            return render.text(verdict.findings)


def _print(form: str, verdict: Verdict) -> None:
    if form == "text" and on_terminal(sys.stdout):
        _print_coloured(verdict.findings)
    else:
        click.echo(_rendered(form, verdict), nl=False)


def _print_coloured(findings: Sequence[Finding]) -> None:
    for finding in findings:
        first, *rest = render.text([finding]).splitlines()
        color = "red" if finding.blocks else "cyan" if finding.waived else "yellow"
        click.secho(first, fg=color)
        for line in rest:
            click.secho(line, dim=True)


def _write(file: Path, content: str) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content, encoding="utf-8", newline="\n")
    except OSError as error:
        raise Failed(f"{quoted(file, 200)} cannot be written: {(error.strerror or 'unknown error').lower()}") from error
