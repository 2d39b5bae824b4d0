"""validate: paths → documents → incidents → rules → sorted findings. A bad file stops; the others go on."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from incidentops.core.finding import Finding
from incidentops.flows.base import base_of
from incidentops.flows.chosen import Choice, chosen
from incidentops.flows.handbook import Book, book_of
from incidentops.flows.judging import Courtroom, Outcome, judge_files, remembered
from incidentops.flows.relations import judge_across
from incidentops.flows.remembering import recall
from incidentops.rules.context import context
from incidentops.rules.neighbours import declared_twice, live_together
from incidentops.rules.records import misplaced_record
from incidentops.rules.runner import in_order, prepare
from incidentops.store.screen import screen

_OF_A_PLACE = (misplaced_record.code, live_together.code, declared_twice.code)
STDIN = "-"
"""The name of standard input, where a file is named."""

Progress = Callable[[int, int], None]
"""Told how many records are judged, and of how many."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How to judge: on how many processes (None: as many as are worth it), and whom to tell how far it is.

    With `remember`, what the last run said of what is as it was is said again, and kept for the next run.
    """

    jobs: int | None = None
    progress: Progress | None = None
    remember: bool = False


_OWN_PACE = Pace()


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every finding, sorted; how many records were looked at; and the rules that failed (bugs of ours)."""

    findings: tuple[Finding, ...]
    records: int
    bugs: tuple[str, ...] = ()

    @property
    def blocking(self) -> int:
        """How many findings stop the pipeline."""
        return sum(f.blocks for f in self.findings)

    @property
    def waived(self) -> int:
        """How many findings a waiver covers."""
        return sum(bool(f.waived) for f in self.findings)

    @property
    def advice(self) -> int:
        """How many findings only tell something."""
        return len(self.findings) - self.blocking - self.waived


def validate(
    root: Path,
    now: datetime,
    wanted: Sequence[str] | Mapping[str, bytes] = (),
    *,
    book: Book | None = None,
    base: str | None = None,
    pace: Pace = _OWN_PACE,
) -> Verdict:
    """Judge the records of a repository: all, or those that are `wanted` (files and folders below `root`, with `/`).

    A mapping has the content of files that is not on the disk yet; `STDIN` is one that has no place there. They are
    judged by `book`, the repository's own handbook when left out, and compared with what landed where the branch left
    the revision `base`. Raises WrongUse for a path that is no record, and when that revision cannot be compared with.
    """
    given = wanted if isinstance(wanted, Mapping) else {}
    choice = _instead(chosen(root, ()), given) if isinstance(wanted, Mapping) else chosen(root, wanted)
    memory = recall(root, now, choice) if pace.remember and not (given or book) else None
    if memory and not base and (same := memory.whole(choice)) is not None:
        return Verdict(in_order((*choice.obstacles, *same)), len(choice.files))
    book = book or book_of(root)
    if book.handbook is None:
        return Verdict(book.findings, 0)
    landed = base_of(root, base, choice.files) if base else None
    room = Courtroom(root, prepare(context(now, book.handbook, screen)), given, landed, memory)
    gone = landed.deleted(book.handbook) if landed and not wanted else ()
    outcome = _judged(room, choice, pace).plus(Outcome((*choice.obstacles, *gone)))
    found = (f for f in (*outcome.findings, *_across(room, choice, outcome)) if not _of_no_place(f))
    return Verdict(in_order(found), outcome.records, outcome.bugs)


def _judged(room: Courtroom, choice: Choice, pace: Pace) -> Outcome:
    """Judge the files that are not known at sight, and add those that are."""
    outcome, memory = Outcome(), room.memory
    at_sight = {
        file: known
        for file, known in (memory.at_sight.items() if memory else ())
        if not (room.base and file in room.base.records)
    }
    rest = [file for file in choice.files if file not in at_sight]
    if memory:
        memory.verdicts.begin()
    for part in judge_files(room, rest, pace.jobs):
        outcome = outcome.plus(part)
        if pace.progress:
            pace.progress(len(at_sight) + outcome.records, len(choice.files))
    return outcome.plus(remembered(at_sight))


def _across(room: Courtroom, choice: Choice, outcome: Outcome) -> tuple[Finding, ...]:
    """Judge all of them together, or say again what was found when they were the same."""
    if room.memory is None:
        return tuple(judge_across(room, choice, outcome))
    known = dict(outcome.known)
    found = room.memory.across(choice, known)
    if found is None:
        found = tuple(judge_across(room, choice, outcome))
    room.memory.learn(choice, known, found)
    return found


def _instead(choice: Choice, given: Mapping[str, bytes]) -> Choice:
    """The content that was given, in the place of the files of the same names."""
    return Choice(tuple(given), (), tuple(sorted({*choice.every, *given})))


def _of_no_place(finding: Finding) -> bool:
    """Whether a finding is about the path of something that has none, or that may be the other incident itself."""
    return finding.location.file == STDIN and finding.code in _OF_A_PLACE
