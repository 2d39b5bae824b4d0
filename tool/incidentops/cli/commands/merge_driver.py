"""`incident merge-driver`: what git calls when two branches changed one record."""

from pathlib import Path

import click

from incidentops.cli.composition import environment
from incidentops.cli.support.exits import Exit
from incidentops.cli.support.record_rules import judge_for
from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted, visible, visible_lines
from incidentops.flows.read.archive import open_archive
from incidentops.flows.write.merge import ConflictReason, MergeConflict, MergedRecord, MergeVersions, merge
from incidentops.model.merge_timelines import MergeSide
from incidentops.store.git.merge import MergeFavour, merge_texts
from incidentops.store.records import is_record

_EPILOG = """Exit: 0 joined, 1 a person has to look: the file holds git's own merge of the texts.

\b
Git calls it; a clone is told by incident init, or by two lines that incident doctor prints:
  git config merge.incidentops.driver 'incident merge-driver %O %A %B %P ...'
"""
_FILE = click.Path(path_type=Path)


@click.command("merge-driver", epilog=_EPILOG)
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.argument("path")
def command(base: Path, ours: Path, theirs: Path, path: str) -> int:
    """Join two branches of one record: the timelines by time, everything else key by key.

    BASE, OURS and THEIRS are files with the versions (git's %O, %A and %B), PATH is the record (%P). The result goes
    into OURS. Decisions that contradict each other are refused, with the lines to look at on each side.
    """
    here = Path.cwd()
    was, mine, other = (_content(file) for file in (base, ours, theirs))
    text, clean = merge_texts(here, was, mine, other)
    ours.write_bytes(text)  # whatever goes wrong from here on, both sides are in the file
    folder = (here / path).parent.resolve()
    root = environment.repository_root(folder)
    file = (folder / Path(path).name).relative_to(root).as_posix()
    if not is_record(file):
        return Exit.DONE if clean else Exit.BLOCKED
    archive = open_archive(root)
    drafts = tuple(merge_texts(here, was, mine, other, favour)[0] for favour in MergeFavour)
    ended = merge(
        archive, MergeVersions(file, was, mine, other, drafts), judge_for(archive, environment.settings().now)
    )
    if isinstance(ended, MergeConflict):
        _say_apart(path, ended)
        return Exit.BLOCKED
    ours.write_bytes(ended.text.encode())
    _say_left_out(path, ended)
    return Exit.DONE


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongUse(f"{quoted(file, 200)} cannot be read: {error.strerror}", "git calls this command") from error


def _say_apart(path: str, apart: MergeConflict) -> None:
    for reason in apart.reasons:
        click.echo(f"{visible(path)}: not joined: {visible_lines(reason.message)}", err=True)
        if reason.places:
            click.echo(f"  look at: {_places(reason)}", err=True)
        if reason.hint:
            click.echo(f"  hint: {visible_lines(reason.hint)}", err=True)
    shown = visible(path)
    click.echo(f"  hint: make the file say what happened, then: git add {shown}", err=True)
    click.echo(f"  each side as it was: git show :2:{shown} (ours), git show :3:{shown} (theirs)", err=True)


def _places(reason: ConflictReason) -> str:
    named = {side: [str(line) for where, line, _ in reason.places if where is side] for side in MergeSide}
    return "; ".join(
        f"{side} line{'s' if len(lines) > 1 else ''} {', '.join(lines)}" for side, lines in named.items() if lines
    )


def _say_left_out(path: str, merged: MergedRecord) -> None:
    for side, comment in merged.left_out:
        click.echo(f"{visible(path)}: joined, but a comment of {side} found no place: {quoted(comment)}", err=True)
