"""validate: paths → documents → incidents → rules → sorted findings. A bad file stops; the others go on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from incidentops.core.finding import Finding, Level, Location
from incidentops.flows.chosen import chosen
from incidentops.flows.judging import Courtroom, Outcome, judge_files
from incidentops.flows.relations import judge_across
from incidentops.model import build_handbook
from incidentops.model.handbook import Handbook
from incidentops.rules.context import context
from incidentops.rules.handbook import handbook_unreadable
from incidentops.rules.runner import in_order, judge_handbook, prepare
from incidentops.store.records import HANDBOOK
from incidentops.store.schema import Shape
from incidentops.store.yamlfile import read_file

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
    root: Path, now: datetime, paths: Sequence[str] = (), *, jobs: int | None = None, progress: Progress | None = None
) -> Verdict:
    """Judge the records of a repository: all, or those at `paths` (files and folders below `root`, with `/`).

    Large sets are shared out to `jobs` processes. Raises WrongUse for a path that is no record.
    """
    choice = chosen(root, paths)
    handbook, findings = judged_handbook(root)
    if handbook is None:
        return Verdict(findings, 0)
    room = Courtroom(root, prepare(context(now, handbook)))
    outcome = Outcome(choice.obstacles)
    for part in judge_files(room, choice.files, jobs):
        outcome = outcome.plus(part)
        if progress:
            progress(outcome.records, len(choice.files))
    across = judge_across(room, choice, outcome.summaries)
    return Verdict(in_order((*outcome.findings, *across)), outcome.records, outcome.bugs)


def judged_handbook(root: Path) -> tuple[Handbook | None, tuple[Finding, ...]]:
    """Return the handbook of a repository, or what is wrong with it (HBK001, HBK002 and the reader's findings)."""
    read = read_file(root, HANDBOOK, Shape.HANDBOOK)
    if read.document is None:
        unusable = Finding(
            handbook_unreadable.code,
            Level.BLOCK,
            Location(HANDBOOK),
            "the handbook cannot be used, so no record was judged",
            "mend it first: every verdict rests on it",
        )
        return None, in_order((unusable, *read.findings))
    findings = judge_handbook(read.document)
    return (None, findings) if findings else (build_handbook.handbook(read.document), ())
