"""Judging what is not remembered: the handbook, one record after the other, then all of them together."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from incidentops.core.finding import Finding, in_order
from incidentops.flows.read.handbook import LoadedHandbook, handbook_of
from incidentops.flows.validate.base import ComparisonBase, base_of
from incidentops.flows.validate.cached import CachedRun
from incidentops.flows.validate.records import FileResults, JudgingContext, judge_files, remembered
from incidentops.flows.validate.relations import judge_across
from incidentops.flows.validate.selection import Selection
from incidentops.flows.validate.validate import STDIN, ValidateOptions, Verdict
from incidentops.model.handbook import Handbook
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from incidentops.rules.possible_duplicates import declared_twice, live_together
from incidentops.rules.records import misplaced_record
from incidentops.store.cache.rows import CachedVerdict
from incidentops.store.prefilter import screen

_OF_A_PLACE = (misplaced_record.code, live_together.code, declared_twice.code)


@dataclass(frozen=True, slots=True)
class ValidationCase:
    """What to judge, as `validate` has it; `memory` is what is remembered of it."""

    root: Path
    now: datetime
    choice: Selection
    given: Mapping[str, bytes] = field(default_factory=dict)
    base: str | None = None
    memory: CachedRun | None = None


def validate_case(case: ValidationCase, book: LoadedHandbook | None, pace: ValidateOptions) -> Verdict:
    """Judge a case by a handbook, the repository's own when there is none. Raises WrongUse for a base that is none."""
    book = book or handbook_of(case.root)
    if book.handbook is None:
        return Verdict(book.findings, 0)
    room = open_context(case, book.handbook)
    outcome = judge_each(room, case.choice, pace)
    together = judge_all(room, case.choice, outcome)
    found = (*case.choice.obstacles, *gone(room, case.choice), *outcome.findings, *together)
    return Verdict(in_order(f for f in found if not _of_no_place(f)), outcome.records, outcome.bugs)


def open_context(case: ValidationCase, handbook: Handbook) -> JudgingContext:
    """Get ready to judge. Raises WrongUse for a base that cannot be compared with."""
    # All records, not only the chosen ones: where one has moved to can be told only by looking at every new one.
    base = base_of(case.root, case.base, case.choice.every) if case.base else None
    judge = prepare(context(case.now, handbook, screen))
    return JudgingContext(case.root, judge, case.given, base, case.memory)


def judge_each(room: JudgingContext, choice: Selection, pace: ValidateOptions) -> FileResults:
    """Judge the files that are not known at sight, and add those that are."""
    known = _known_at_sight(room.memory, room.base)
    rest = [file for file in choice.files if file not in known]
    if room.memory:
        room.memory.verdicts.begin()
    outcome = FileResults()
    for part in judge_files(room, rest, pace.jobs):
        outcome = outcome.plus(part)
        if pace.progress:
            pace.progress(len(known) + outcome.records, len(choice.files))
    return outcome.plus(remembered(known))


def _known_at_sight(memory: CachedRun | None, base: ComparisonBase | None) -> dict[str, CachedVerdict]:
    """What needs no second look. What became of a record since the base was never judged before."""
    known = memory.at_sight.items() if memory else ()
    return {file: one for file, one in known if not (base and file in base.records)}


def judge_all(room: JudgingContext, choice: Selection, outcome: FileResults) -> tuple[Finding, ...]:
    """Judge all records together, or say again what was found when they were the same."""
    if room.memory is None:
        return tuple(judge_across(room, choice, outcome))
    known = dict(outcome.known)
    found = room.memory.across(choice, known)
    if found is None:
        found = tuple(judge_across(room, choice, outcome))
    room.memory.learn(choice, known, found)
    return found


def gone(room: JudgingContext, choice: Selection) -> tuple[Finding, ...]:
    """Judge what is nowhere any more since the base, when all records are looked at."""
    if room.base is None or room.given or len(choice.files) < len(choice.every):
        return ()
    return tuple(room.base.deleted(room.judge.context.handbook))


def _of_no_place(finding: Finding) -> bool:
    """Whether a finding is about the path of something that has none, or that may be the other incident itself."""
    return finding.location.file == STDIN and finding.code in _OF_A_PLACE
