"""`incident merge-driver`: what git calls when two branches changed one record."""

from pathlib import Path

import click

from incidentops.cli.composition import environment
from incidentops.cli.support.exits import Exit
from incidentops.core.text import quoted, visible, visible_lines
from incidentops.flows.write.merge import ConflictReason, MergeConflict, MergedRecord
from incidentops.flows.write.merge_driver import MergeDriverFiles, run_merge_driver
from incidentops.model.merge_timelines import MergeSide

_EPILOG = """Exit: 0 merged, 1 conflict: the file has git's own merge of the texts.

\b
Git calls it. To configure it in a clone, run incident init, or the commands that incident doctor prints:
  git config merge.incidentops.driver 'incident merge-driver %O %A %B %P ...'
"""
_FILE = click.Path(path_type=Path)


@click.command(epilog=_EPILOG)
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.argument("path")
def command(base: Path, ours: Path, theirs: Path, path: str) -> int:
    """Merge two versions of one record: timelines by time, everything else key by key.

    BASE, OURS and THEIRS are files with the versions (git's %O, %A and %B), PATH is the record (%P). The result is
    written to OURS. Decisions that contradict each other are a conflict, shown with the lines on each side.
    """
    now = environment.settings().now
    files = MergeDriverFiles(base, ours, theirs, path)
    result = run_merge_driver(Path.cwd(), files, environment.repository_root, now)
    if isinstance(result.record, MergeConflict):
        _show_conflict(visible(path), result.record)
    elif result.record is not None:
        _show_left_out(visible(path), result.record)
    return Exit.DONE if result.clean else Exit.BLOCKED


def _show_conflict(path: str, conflict: MergeConflict) -> None:
    for reason in conflict.reasons:
        click.echo(f"{path}: conflict: {visible_lines(reason.message)}", err=True)
        if reason.places:
            click.echo(f"  see: {_places(reason)}", err=True)
        if reason.hint:
            click.echo(f"  hint: {visible_lines(reason.hint)}", err=True)
    click.echo(f"  hint: edit the file until it says what happened, then: git add {path}", err=True)
    click.echo(f"  each side as it was: git show :2:{path} (ours), git show :3:{path} (theirs)", err=True)


def _places(reason: ConflictReason) -> str:
    lines_of = {side: [str(line) for where, line, _ in reason.places if where is side] for side in MergeSide}
    return "; ".join(
        f"{side} line{'s' if len(lines) > 1 else ''} {', '.join(lines)}" for side, lines in lines_of.items() if lines
    )


def _show_left_out(path: str, merged: MergedRecord) -> None:
    for side, comment in merged.left_out:
        click.echo(f"{path}: merged, but a comment of {side} could not be kept: {quoted(comment)}", err=True)
