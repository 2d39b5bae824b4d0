"""`incident fix`: fix what has a single correct answer, after showing it."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from incidentops.cli.composition import environment
from incidentops.cli.support import path_options, prompts
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import format_option, print_findings, print_json
from incidentops.core.errors import WrongUse
from incidentops.core.finding import Finding
from incidentops.core.text import numbered, visible, visible_lines
from incidentops.flows.read.archive import open_archive, record_check
from incidentops.flows.validate.fix import Fixer, FixResult
from incidentops.flows.validate.selection import select
from incidentops.render.findings import counted, values
from incidentops.store import safe_read
from incidentops.store.atomic import naming_failures, write_atomically

_EXAMPLES = """\b
Examples:
  incident fix
  incident fix --dry-run incidents/2026/2026-11-21-registry-503.yaml
  incident fix --yes incidents/2026
  incident fix - < draft.yaml
"""


@click.command(epilog=_EXAMPLES)
@path_options.PATHS
@click.option("--dry-run", "--diff", "dry_run", is_flag=True, help="Show the change without writing it.")
@click.option("--yes", is_flag=True, help="Write without asking.")
@path_options.STDIN_NAME
@format_option()
def command(*, paths: tuple[str, ...], dry_run: bool, yes: bool, stdin_name: str | None, form: str) -> int:
    """Fix what has a single correct answer, in all records or in the files and folders given.

    Times with an offset become UTC, entries are sorted by time and keys in the usual order, a misspelled word becomes
    the one it is close to, and the line by which editors find the schema is added. Everything else stays as it is, byte
    for byte, and a fix that causes a finding is not made. It shows the change and asks before it writes.

    With - it reads one record from standard input and writes it to standard output.
    """
    root = environment.repository_root()
    given = path_options.from_stdin(root, paths, stdin_name)
    archive = open_archive(root)
    fixer = Fixer(archive, record_check(archive.handbook, environment.settings().now))
    if given:
        return _filter(fixer, *next(iter(given.items())))
    selection = select(root, path_options.files(root, paths))
    unusable: list[Finding] = list(selection.obstacles)
    records: list[FixResult] = []
    for file in selection.files:
        try:
            content = safe_read.read_within(root, file)
        except safe_read.UnusableFile:
            unusable += archive.read(file).findings
        else:
            records.append(fixer.fix(file, content.decode("utf-8", "surrogateescape")))
    return _finish(records, unusable, root=archive.root, form=form, dry_run=dry_run, yes=yes)


def _filter(fixer: Fixer, file: str, content: bytes) -> int:
    """Fix a record from standard input to standard output, where what cannot be read comes out unchanged."""
    record = fixer.fix(file, content.decode("utf-8", "surrogateescape"))
    sys.stdout.buffer.write(record.after.encode("utf-8", "surrogateescape"))
    sys.stdout.buffer.flush()
    _print_fixes(record)
    if record.readable:
        return Exit.DONE
    print_findings(record.left)
    return Exit.BLOCKED


def _finish(
    records: Sequence[FixResult], unusable: Sequence[Finding], *, root: Path, form: str, dry_run: bool, yes: bool
) -> int:
    changed = [record for record in records if record.changed]
    unread = [record for record in records if not record.readable]
    if form == "text":
        for record in changed:
            click.echo(visible_lines(record.diff()), nl=False)
    write = bool(changed) and not dry_run and _confirmed(len(changed), yes=yes)
    for record in changed if write else ():
        with naming_failures(record.file):
            write_atomically(root / record.file, record.after, record.before)
    if form == "json":
        files = [
            {
                "file": r.file,
                "fixes": r.done,
                "diff": r.diff(),
                "written": write and r.changed,
                "findings": values(r.left),
            }
            for r in (*changed, *unread)
        ]
        print_json({"version": 2, "files": files})
    for record in changed:
        _print_fixes(record)
    print_findings([*unusable, *(finding for record in unread for finding in record.left)])
    click.echo(_summary(changed, unread, written=write), err=True)
    return Exit.BLOCKED if unread or unusable else Exit.DONE


def _confirmed(number: int, *, yes: bool) -> bool:
    """Ask whether to write. Raises WrongUse without a terminal."""
    if yes:
        return True
    if not prompts.interactive():
        raise WrongUse("nothing is written without a confirmation", "--yes writes it, --dry-run only shows it")
    return click.confirm(f"Write {numbered(number, 'record')}", err=True)


def _print_fixes(record: FixResult) -> None:
    for message in record.done:
        click.echo(f"{visible(record.file)}: {message}", err=True)


def _summary(changed: Sequence[FixResult], unread: Sequence[FixResult], *, written: bool) -> str:
    """The last line: what was written, and what is left for people in the same files."""
    if not changed:
        summary = "nothing to fix"
    else:
        summary = f"{numbered(len(changed), 'record')} {'written' if written else 'to fix, nothing written'}"
    left = [finding for record in changed for finding in record.left]
    summary += f"; left in {'it' if len(changed) == 1 else 'them'}: {counted(left)}" if left else ""
    return summary + (f"; {numbered(len(unread), 'record')} cannot be read" if unread else "")
