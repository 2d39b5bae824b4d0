"""Replay: every landed version of every record, checked as it would have been when it landed.

The moment is the commit's, the handbook that of the commit, the rules are those of today. What landed is the
first-parent history: a merge request is one landing, however many commits it had. Each version is held to the one
before it; who decided (OWN004) was checked in the merge request, where each commit still had its author.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path

from msgspec import Struct

from incidentops.core.commit import Commit
from incidentops.core.errors import WrongUse
from incidentops.core.finding import Finding, in_order
from incidentops.core.text import quoted
from incidentops.flows.history.relations import LandedState, check_landed_relations
from incidentops.flows.history.versions import VersionCase, VersionChecker, VersionResult
from incidentops.flows.read.handbook import LoadedHandbook
from incidentops.flows.validate.base import documents_of, renamed
from incidentops.flows.validate.processes import fitting_jobs, run_in_processes
from incidentops.flows.validate.verdict import Progress
from incidentops.rules.engine.comparison import CommitResult
from incidentops.rules.relations import RelationSummary
from incidentops.store.git.history import History, LandedVersion
from incidentops.store.records import FOLDER, HANDBOOK, is_record

_BATCH = 400
"""Versions that one git process reads; it costs as much as three of them."""


class Replay(Struct, frozen=True):
    """What was checked, and every landing with a finding, the oldest first.

    `versions` of `records` landed in `commits`; `gone` is how often a record was deleted. `bugs` are the rules that
    failed.
    """

    results: tuple[CommitResult, ...]
    commits: int
    versions: int
    records: int
    gone: int
    bugs: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Every finding, in the order of the landings."""
        return tuple(finding for result in self.results for finding in result.findings)

    @property
    def blocked(self) -> int:
        """How many versions would not have landed."""
        return sum(len({f.location.file for f in result.findings if f.blocks}) for result in self.results)


class LandedStep(Struct, frozen=True):
    """One landing. `changed` are files that are not what they were; `before` has what they were, and what is gone.

    `moves` has the former path of records that were renamed; `handbook` is the one that holds from then on.
    """

    number: int
    commit: Commit
    changed: tuple[LandedVersion, ...]
    before: Mapping[str, LandedVersion | None]
    moves: Mapping[str, str]
    gone: tuple[str, ...]
    handbook: LandedVersion | None


class ReplayFilter(Struct, frozen=True):
    """What to replay: what landed after a revision (None: everything), of some files or folders (none: of all)."""

    since: str | None = None
    paths: tuple[str, ...] = ()

    def includes(self, file: str) -> bool:
        """Whether a file is one of those, or lies in one of those folders."""
        return not self.paths or any(_below(file, path) for path in self.paths)


def replay(
    root: Path,
    wanted: ReplayFilter,
    *,
    handbook: LoadedHandbook | None = None,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> Replay:
    """Check what landed, on `jobs` processes when it is much. With `handbook` everything is checked by that handbook.

    Raises WrongUse for a revision that is not here, a shallow clone, and a path of which nothing ever landed.
    """
    history = History(root)
    span = history.span(wanted.since)
    start = history.tree(span.start) if span.start else {}
    past = LandedState(start, tuple(history.landings(span)))
    _check(wanted, past)
    steps = tuple(steps_of(history, past))
    cases = [case for case in _cases(steps, own_handbook=handbook is None) if wanted.includes(case.version.file)]
    checker = VersionChecker(history, handbook)
    results = tuple(_checked(checker, cases, jobs, progress))
    findings: dict[int, list[Finding]] = {}
    for one in results:
        findings.setdefault(one.case.landing, []).extend(one.findings)
    for number, finding in chain(_relations(history, past, cases, results), _gone(checker, steps, wanted)):
        findings.setdefault(number, []).append(finding)
    records = Counter(case.version.file for case in cases if case.version.file != HANDBOOK)
    gone = [file for one in past.landings for file in one.gone if is_record(file) and wanted.includes(file)]
    found = ((number, in_order(some)) for number, some in sorted(findings.items()) if some)
    return Replay(
        tuple(CommitResult(number, past.landings[number].commit, some) for number, some in found),
        len({case.landing for case in cases}),
        records.total(),
        len(records),
        len(gone),
        tuple(dict.fromkeys(code for one in results for code in one.bugs)),
    )


def steps_of(history: History, past: LandedState) -> Iterator[LandedStep]:
    """Yield the landings, the oldest first."""
    here = dict(past.start)
    for number, landing in enumerate(past.landings):
        changed = tuple(version for version in landing.versions if here.get(version.file) != version)
        before = {file: here.pop(file, None) for file in (*landing.gone, *(version.file for version in changed))}
        here.update((version.file, version) for version in changed)
        records = {file: version for file in landing.gone if is_record(file) and (version := before[file])}
        moves = _moves(history, records, [v for v in changed if is_record(v.file) and before[v.file] is None])
        gone = tuple(sorted(records.keys() - set(moves.values())))
        yield LandedStep(number, landing.commit, changed, before, moves, gone, here.get(HANDBOOK))


def _moves(history: History, gone: Mapping[str, LandedVersion], new: list[LandedVersion]) -> Mapping[str, str]:
    if not (gone and new):
        return {}
    documents = documents_of(history, (*gone.values(), *new))
    return renamed(
        {file: documents[version] for file, version in gone.items()},
        {version.file: documents[version] for version in new},
    )


def _below(file: str, path: str) -> bool:
    path = path.rstrip("/")
    return path in ("", ".", FOLDER, file) or file.startswith(f"{path}/")


def _check(wanted: ReplayFilter, past: LandedState) -> None:
    files = {*past.start, *(f for one in past.landings for f in (*one.gone, *(v.file for v in one.versions)))}
    for path in wanted.paths:
        if not any(_below(file, path) for file in files):
            raise WrongUse(f"nothing ever landed at {quoted(path, 200)}", "name a record, or a folder of records")


def _cases(steps: Sequence[LandedStep], *, own_handbook: bool) -> Iterator[VersionCase]:
    """Yield what is to be checked: each version that is another one than before, with the handbook of its commit."""
    for step in steps:
        for version in step.changed:
            former = step.moves.get(version.file, "")
            if is_record(version.file):
                was = step.before[former or version.file]
                yield VersionCase(step.number, step.commit.at, version, step.handbook, was, former)
            elif own_handbook and version.file == HANDBOOK:
                yield VersionCase(step.number, step.commit.at, version, step.handbook)


def _gone(checker: VersionChecker, steps: Sequence[LandedStep], wanted: ReplayFilter) -> Iterator[tuple[int, Finding]]:
    """Check the records that were deleted."""
    for step in steps:
        for file in filter(wanted.includes, step.gone):
            finding = checker.gone(file, step.commit, step.handbook)
            if finding:
                yield step.number, finding


def _checked(
    checker: VersionChecker, cases: Sequence[VersionCase], jobs: int | None, progress: Progress | None
) -> Iterator[VersionResult]:
    done = 0
    jobs = fitting_jobs(len(cases)) if jobs is None else jobs
    for count, results in run_in_processes(checker.check_cases, _batches(cases), jobs):
        yield from results
        done += count
        if progress:
            progress(done, len(cases))


def _batches(cases: Sequence[VersionCase]) -> Sequence[Sequence[VersionCase]]:
    """Put the versions of one file together, in the order they landed, and as many files as make a batch."""
    batches: list[list[VersionCase]] = []
    file = ""
    for case in sorted(cases, key=lambda case: case.version.file):
        if not batches or (len(batches[-1]) >= _BATCH and case.version.file != file):
            batches.append([])
        batches[-1].append(case)
        file = case.version.file
    return batches


def _relations(
    history: History, past: LandedState, cases: Sequence[VersionCase], results: Sequence[VersionResult]
) -> Iterator[tuple[int, Finding]]:
    unchecked = {one.case for one in results if one.handbook_unusable}
    asked: dict[int, list[LandedVersion]] = {}
    for case in cases:
        if case not in unchecked:
            asked.setdefault(case.landing, []).append(case.version)
    summaries: dict[LandedVersion, RelationSummary | None] = dict.fromkeys(chain.from_iterable(asked.values()))
    summaries |= {one.case.version: one.summary for one in results if one.summary}
    return check_landed_relations(history, past, asked, summaries)
