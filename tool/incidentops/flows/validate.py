"""validate: paths → documents → incidents → rules → sorted findings. A bad file stops; the others go on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from incidentops.core.finding import Finding
from incidentops.flows.chosen import chosen
from incidentops.flows.handbook import Book, book_of
from incidentops.flows.judging import Courtroom, Outcome, judge_files
from incidentops.flows.relations import judge_across
from incidentops.rules.context import context
from incidentops.rules.runner import in_order, prepare

Progress = Callable[[int, int], None]
"""Told how many records are judged, and of how many."""


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
    paths: Sequence[str] = (),
    *,
    book: Book | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Verdict:
    """Judge the records of a repository: all, or those at `paths` (files and folders below `root`, with `/`).

    They are judged by `book`, the repository's own handbook when left out. Large sets are shared out to `jobs`
    processes. Raises WrongUse for a path that is no record.
    """
    choice = chosen(root, paths)
    book = book or book_of(root)
    if book.handbook is None:
        return Verdict(book.findings, 0)
    room = Courtroom(root, prepare(context(now, book.handbook)))
    outcome = Outcome(choice.obstacles)
    for part in judge_files(room, choice.files, jobs):
        outcome = outcome.plus(part)
        if progress:
            progress(outcome.records, len(choice.files))
    across = judge_across(room, choice, outcome.summaries)
    return Verdict(in_order((*outcome.findings, *across)), outcome.records, outcome.bugs)
