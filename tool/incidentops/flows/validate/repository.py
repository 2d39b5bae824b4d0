"""Checking what is not cached: the handbook, one record after the other, then all of them together."""

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from incidentops.core.finding import Finding, in_order
from incidentops.flows.read.handbook import LoadedHandbook, handbook_of
from incidentops.flows.validate.cached import CachedRun
from incidentops.flows.validate.records import FileResults, ValidationRun, check_files, results_of, together
from incidentops.flows.validate.relations import check_relations
from incidentops.flows.validate.selection import Selection
from incidentops.flows.validate.verdict import STDIN, ValidateOptions, Verdict
from incidentops.model.handbook import Handbook
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from incidentops.rules.possible_duplicates import declared_twice, live_together
from incidentops.rules.records import misplaced_record
from incidentops.store.cache.verdicts import CachedVerdict
from incidentops.store.schema.shape import screen

if TYPE_CHECKING:
    from incidentops.flows.validate.base import ComparisonBase

_OF_A_PLACE = (misplaced_record.code, live_together.code, declared_twice.code)


class ValidationCase(Struct, frozen=True):
    """What to check, as `validate` has it; `cache` is what is cached of it."""

    root: Path
    now: datetime
    selection: Selection
    given: Mapping[str, bytes] = {}
    base: str | None = None
    cache: CachedRun | None = None


def check(case: ValidationCase, handbook: LoadedHandbook | None, options: ValidateOptions) -> Verdict:
    """Check a case by a handbook, the repository's own when there is none. Raises WrongUse for a base that is none."""
    loaded = handbook or handbook_of(case.root)
    if loaded.handbook is None:
        return Verdict(loaded.findings, 0)
    selection, run = case.selection, open_run(case, loaded.handbook)
    results = check_each(run, selection, options)
    overall = check_overall(run, selection, results)
    found = (*selection.obstacles, *deleted(run, selection), *results.findings, *overall)
    return Verdict(in_order(f for f in found if not _of_no_place(f)), results.records, results.bugs)


def open_run(case: ValidationCase, handbook: Handbook) -> ValidationRun:
    """Prepare the rules and the base. Raises WrongUse for a base that cannot be compared with."""
    # All records, not only the selected ones: where one has moved to can be told only by looking at every new one.
    base = None
    if case.base:
        from incidentops.flows.validate.base import base_of  # git, which a run that compares nothing does without

        base = base_of(case.root, case.base, case.selection.every)
    rules = prepare(context(case.now, handbook, screen))
    return ValidationRun(case.root, rules, case.given, base, case.cache)


def check_each(run: ValidationRun, selection: Selection, options: ValidateOptions) -> FileResults:
    """Check the files that have changed, and add the cached results of the others."""
    known = _unchanged(run.cache, run.base)
    rest = [file for file in selection.files if file not in known]
    if run.cache:
        run.cache.verdicts.start()
    parts, done = [results_of(known)], len(known)
    for part in check_files(run, rest, options.jobs):
        parts.append(part)
        done += part.records
        if options.progress:
            options.progress(done, len(selection.files))
    return together(parts)


def _unchanged(cache: CachedRun | None, base: "ComparisonBase | None") -> dict[str, CachedVerdict]:
    """What needs no second look. What became of a record since the base was never checked before."""
    known = cache.unchanged.items() if cache else ()
    return {file: one for file, one in known if not (base and file in base.records)}


def check_overall(run: ValidationRun, selection: Selection, results: FileResults) -> tuple[Finding, ...]:
    """Check all records together, or return the cached findings when they are the same records."""
    if run.cache is None:
        return tuple(check_relations(run, selection, results.facts))
    found = run.cache.overall(selection, results.cached)
    if found is None:
        found = tuple(check_relations(run, selection, results.facts))
    run.cache.save(selection, results.cached, found)
    return found


def deleted(run: ValidationRun, selection: Selection) -> tuple[Finding, ...]:
    """Check what was deleted since the base, when all records are selected."""
    if run.base is None or run.given or len(selection.files) < len(selection.every):
        return ()
    return tuple(run.base.deleted(run.rules.context.handbook))


def _of_no_place(finding: Finding) -> bool:
    """Whether a finding is about the path of something that has none, or that may be the other incident itself."""
    return finding.location.file == STDIN and finding.code in _OF_A_PLACE
