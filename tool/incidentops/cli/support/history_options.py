"""The options of `incident validate` that look back: at what landed, and at what another handbook finds."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec import Struct

from incidentops.cli.support.exits import Exit, exit_of
from incidentops.cli.support.output import progress
from incidentops.cli.support.params import packed
from incidentops.core.errors import WrongUse
from incidentops.core.text import numbered
from incidentops.flows.validate.validate import validate
from incidentops.flows.validate.verdict import ValidateOptions
from incidentops.render import findings

if TYPE_CHECKING:  # loaded by whoever looks back: 60 ms that other runs of validate do without
    from incidentops.flows.history.replay import Replay
    from incidentops.flows.read.handbook import LoadedHandbook
    from incidentops.rules.engine.comparison import VerdictDifference

_BOOK = "FILE|REV[:PATH]"
FORMATS = ("text", "json")


class HistoryOptions(Struct, frozen=True):
    """The options as they were typed."""

    history: bool
    since: str | None = None
    handbook: str | None = None
    base_handbook: str | None = None

    @property
    def wanted(self) -> bool:
        """Whether it is anything but the records of today by one handbook."""
        return self.history or self.base_handbook is not None


options = packed(
    "back",
    HistoryOptions,
    click.option("--history", is_flag=True, help="Check every version that landed, as of the time it landed."),
    click.option("--since", metavar="REV", help="With --history: only what landed after this commit."),
    click.option("--handbook", metavar=_BOOK, help="Check by this handbook instead of the repository's."),
    click.option("--base-handbook", metavar=_BOOK, help="Show what differs from a check by this handbook."),
)
"""Adds the options."""


def named_handbook(root: Path, name: str | None) -> "LoadedHandbook | None":
    """Return the handbook of a name; None without one, for the repository's own."""
    if name is None:
        return None
    from incidentops.flows.read.named_handbook import handbook_named

    return handbook_named(root, Path.cwd(), name)


class HistoryResult(Struct, frozen=True):
    """What to print, the last line of the run, and how it ends."""

    content: str
    summary: str
    exit: Exit


def check(look: HistoryOptions, form: str, reports: Sequence[object]) -> None:
    """Refuse options that do not go together. Raises WrongUse."""
    if look.since is not None and not look.history:
        raise WrongUse("--since goes with --history", "add --history")
    if look.wanted and (form not in FORMATS or reports):
        raise WrongUse(
            "--history and --base-handbook print text or json: reports are about the files as they are",
            "leave --report out, and take --format text or json",
        )


def look_back(
    look: HistoryOptions, root: Path, files: tuple[str, ...], jobs: int | None, form: str, now: datetime
) -> HistoryResult:
    """Check what landed, or compare two handbooks, at some files (none: everything)."""
    from incidentops.flows.history.replay import ReplayFilter, replay
    from incidentops.flows.read.handbook import handbook_of
    from incidentops.rules.engine.comparison import differences, differences_by_commit

    handbook, base = named_handbook(root, look.handbook), named_handbook(root, look.base_handbook)
    if base:
        handbook = handbook or handbook_of(root)
    for one in (base, handbook):
        if one and one.handbook is None:
            content = findings.as_json(one.findings, 0) if form == "json" else findings.text(one.findings)
            return HistoryResult(content, findings.summary(one.findings, 0), Exit.BLOCKED)
    if not look.history:
        limits = ValidateOptions(jobs, progress("records"))
        before, after = (validate(root, now, files, handbook=one, options=limits) for one in (base, handbook))
        extent = numbered(after.records, "record"), {"records": after.records}
        return _difference_result(differences(before.findings, after.findings), form, extent, after.bugs)
    some, shown = ReplayFilter(look.since, files), progress("versions")
    landed = replay(root, some, handbook=handbook, jobs=jobs, progress=shown)
    if base is None:
        return _history_result(landed, form)
    by_base = replay(root, some, handbook=base, jobs=jobs, progress=shown)
    found = differences_by_commit(by_base.results, landed.results)
    return _difference_result(found, form, (_extent(landed), _numbers(landed)), landed.bugs)


def _history_result(replayed: "Replay", form: str) -> HistoryResult:
    from incidentops.render import replays

    numbers = {**_numbers(replayed), "gone": replayed.gone, "blocked_versions": replayed.blocked}
    content = replays.as_json(replayed.results, numbers) if form == "json" else replays.text(replayed.results)
    gone = f", {numbered(replayed.gone, 'record')} deleted" if replayed.gone else ""
    last = f"{_extent(replayed)}{gone}, {findings.counted(replayed.findings)}"
    return HistoryResult(content, last, exit_of(replayed.bugs, blocked=bool(replayed.blocked)))


def _difference_result(
    found: "Sequence[VerdictDifference]", form: str, extent: tuple[str, Mapping[str, int]], bugs: Sequence[str]
) -> HistoryResult:
    """Return what differs. It blocks nothing: `validate` without a base says whether today's records are fine."""
    from incidentops.render import replays

    shown, numbers = extent
    count = replays.difference_counts(found)
    content = replays.differences_as_json(found, numbers) if form == "json" else replays.difference_table(found)
    last = (
        f"{shown}, {numbered(count['differences'], 'difference')}: "
        f"{count['blocking_now']} blocking now, {count['blocking_no_longer']} no longer blocking"
    )
    return HistoryResult(content, last, exit_of(bugs, blocked=False))


def _numbers(replayed: "Replay") -> Mapping[str, int]:
    return {"versions": replayed.versions, "records": replayed.records, "commits": replayed.commits}


def _extent(replayed: "Replay") -> str:
    versions, records = numbered(replayed.versions, "version"), numbered(replayed.records, "record")
    return f"{versions} of {records} in {numbered(replayed.commits, 'commit')}"
