"""The options of `incident validate` that look back: at what landed, and at what another handbook would have said."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from incidentops.cli.support.exits import Exit
from incidentops.cli.support.progress import progress
from incidentops.core.errors import WrongUse
from incidentops.flows.validate.validate import Pace, Verdict, validate
from incidentops.render import findings

if TYPE_CHECKING:  # loaded by whoever looks back: 60 ms that other runs of validate do without
    from incidentops.flows.history.replay import Replay
    from incidentops.flows.read.handbook import Book
    from incidentops.rules.engine.comparison import Difference

_Command = TypeVar("_Command", bound=Callable[..., object])
_BOOK = "FILE|REV[:PATH]"
FORMATS = ("text", "json")


def options(command: _Command) -> _Command:
    """Add the options."""
    for option in reversed(
        (
            click.option(
                "--history", is_flag=True, help="Judge every version that landed, as it would have been then."
            ),
            click.option("--since", metavar="REV", help="With --history: only what landed after this commit."),
            click.option("--handbook", metavar=_BOOK, help="Judge by this handbook, not by the repository's."),
            click.option("--base-handbook", metavar=_BOOK, help="Show what this handbook would have judged otherwise."),
        )
    ):
        command = option(command)
    return command


@dataclass(frozen=True, slots=True)
class Look:
    """What to look back at: below `root`, at `paths` (none: everything), with the options as they were typed."""

    root: Path
    paths: tuple[str, ...]
    history: bool
    since: str | None
    handbook: str | None
    base_handbook: str | None
    jobs: int | None

    @property
    def back(self) -> bool:
        """Whether it is anything but the records of today by one handbook."""
        return self.history or self.base_handbook is not None

    def book(self) -> "Book | None":
        """Return the handbook to judge by; None when nobody named one."""
        return self.named(self.handbook)

    def named(self, name: str | None) -> "Book | None":
        """Return the handbook of a name."""
        if name is None:
            return None
        from incidentops.flows.read.handbook import book_named

        return book_named(self.root, Path.cwd(), name)


@dataclass(frozen=True, slots=True)
class Told:
    """What to print, the last line of the run, and how it ends."""

    content: str
    summary: str
    exit: Exit


def check(look: Look, form: str, reports: Sequence[object]) -> None:
    """Refuse options that do not go together. Raises WrongUse."""
    if look.since is not None and not look.history:
        raise WrongUse("--since goes with --history", "add --history")
    if look.back and (form not in FORMATS or reports):
        raise WrongUse(
            "the past is told as text or json: reports are about files as they lie there now",
            "leave --report out, and take --format text or json",
        )


def look_back(look: Look, form: str, now: datetime) -> Told:
    """Judge what landed, or compare two handbooks, and tell it."""
    from incidentops.flows.read.handbook import book_of
    from incidentops.rules.engine.comparison import differences, differences_of_rulings

    book, base = look.book(), look.named(look.base_handbook)
    if base:
        book = book or book_of(look.root)
    for one in (base, book):
        if one and one.handbook is None:
            content = findings.as_json(one.findings, 0) if form == "json" else findings.text(one.findings)
            return Told(content, findings.summary(one.findings, 0), Exit.BLOCKED)
    if base is None:
        return _told_history(_replayed(look, book), form)
    if look.history:
        before, after = _replayed(look, base), _replayed(look, book)
        found = differences_of_rulings(before.rulings, after.rulings)
        return _told_differences(found, form, (_extent(after), _numbers(after)), after.bugs)
    first, second = _judged(look, base, now), _judged(look, book, now)
    found = differences(first.findings, second.findings)
    return _told_differences(
        found, form, (_counted(second.records, "record"), {"records": second.records}), second.bugs
    )


def _judged(look: Look, book: "Book | None", now: datetime) -> Verdict:
    return validate(look.root, now, look.paths, book=book, pace=Pace(look.jobs, progress("records")))


def _replayed(look: Look, book: "Book | None") -> "Replay":
    from incidentops.flows.history.replay import Wanted, replay

    return replay(look.root, Wanted(look.since, look.paths), book=book, jobs=look.jobs, progress=progress("versions"))


def _told_history(replayed: "Replay", form: str) -> Told:
    from incidentops.render import replays

    numbers = {**_numbers(replayed), "gone": replayed.gone, "blocked_versions": replayed.blocked}
    content = replays.as_json(replayed.rulings, numbers) if form == "json" else replays.text(replayed.rulings)
    gone = f", {_counted(replayed.gone, 'record')} taken away" if replayed.gone else ""
    told = f"{_extent(replayed)}{gone}, {findings.counted(replayed.findings)}"
    return Told(content, told, _end(replayed.bugs, blocked=bool(replayed.blocked)))


def _told_differences(
    found: "Sequence[Difference]", form: str, extent: tuple[str, Mapping[str, int]], bugs: Sequence[str]
) -> Told:
    """Tell what differs. It stops nothing: whether today's records are fine is for `validate` without a base."""
    from incidentops.render import replays

    shown, numbers = extent
    count = replays.difference_counts(found)
    content = replays.differences_as_json(found, numbers) if form == "json" else replays.difference_table(found)
    told = (
        f"{shown}, {_counted(count['otherwise'], 'finding')} otherwise: "
        f"{count['blocking_now']} blocking now, {count['blocking_no_longer']} blocking no longer"
    )
    return Told(content, told, _end(bugs, blocked=False))


def _numbers(replayed: "Replay") -> Mapping[str, int]:
    return {"versions": replayed.versions, "records": replayed.records, "commits": replayed.commits}


def _extent(replayed: "Replay") -> str:
    versions, records, commits = (_counted(n, noun[:-1]) for noun, n in _numbers(replayed).items())
    return f"{versions} of {records} in {commits}"


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _end(bugs: Sequence[str], *, blocked: bool) -> Exit:
    if bugs:
        return Exit.BUG
    return Exit.BLOCKED if blocked else Exit.DONE
