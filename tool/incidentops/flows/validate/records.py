"""Reading and judging files one by one, on several processes when there are many. Nothing piles up but findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from incidentops.core.finding import Finding
from incidentops.core.moment import EARLIEST, LATEST
from incidentops.flows.validate.base import ComparisonBase
from incidentops.flows.validate.cached import CachedRun
from incidentops.flows.validate.processes import fitting_jobs, run_in_processes
from incidentops.model import build
from incidentops.model.incident import Incident
from incidentops.rules.engine.runner import Judge
from incidentops.rules.engine.validity import valid_until
from incidentops.rules.possible_duplicates import Presence, presence
from incidentops.rules.relations import RelationSummary, summary
from incidentops.store import safe_read
from incidentops.store.cache.rows import NO_FACTS, CachedVerdict, RecordFacts
from incidentops.store.yaml.reader import Read, blob, read_bytes, read_file, read_unfit
from incidentops.store.yaml.schema import Shape

_BATCH = 100
_MANY = 600
"""From so many files on, a second process is worth its start (docs/services.md: What Python costs)."""


@dataclass(frozen=True, slots=True)
class JudgingContext:
    """Where the records are, and the judge. `given` is the content of files that is not on the disk (yet).

    `base` is what landed, for a run that compares with it; `memory` what an earlier run said, for one that asks it.
    """

    root: Path
    judge: Judge
    given: Mapping[str, bytes] = field(default_factory=dict)
    base: ComparisonBase | None = None
    memory: CachedRun | None = None

    def read(self, file: str) -> Read:
        """Read a record."""
        content = self.given.get(file)
        if content is None:
            return read_file(self.root, file, Shape.INCIDENT)
        return read_bytes(content, file, Shape.INCIDENT)

    def incident(self, file: str) -> Incident | None:
        """Read a record for others that need to know of it; None when it cannot be read."""
        document = self.read(file).document
        return build.incident(document, self.judge.context.handbook.ownership) if document else None


@dataclass(frozen=True, slots=True)
class FileResults:
    """What came of some files. `known` is what may be remembered of each, where there is a memory."""

    findings: tuple[Finding, ...] = ()
    records: int = 0
    summaries: tuple[RelationSummary, ...] = ()
    bugs: tuple[str, ...] = ()
    presences: tuple[Presence, ...] = ()
    known: tuple[tuple[str, CachedVerdict], ...] = ()

    def plus(self, other: "FileResults") -> "FileResults":
        """Return both together."""
        return FileResults(
            self.findings + other.findings,
            self.records + other.records,
            self.summaries + other.summaries,
            self.bugs + tuple(code for code in other.bugs if code not in self.bugs),
            self.presences + other.presences,
            self.known + other.known,
        )


def judge_files(room: JudgingContext, files: Sequence[str], jobs: int | None = None) -> Iterator[FileResults]:
    """Judge files in batches. `jobs` is the number of processes; None chooses by the number of files."""
    batches = [files[i : i + _BATCH] for i in range(0, len(files), _BATCH)]
    fitting = 1 if len(files) <= _MANY else fitting_jobs()
    return run_in_processes(
        lambda mine: (_judge_batch(room, batch) for batch in mine), batches, fitting if jobs is None else jobs
    )


def judge_file(room: JudgingContext, tree: safe_read.SafeTree, file: str) -> FileResults:
    """Judge one file. What is remembered of its content is said again."""
    if file in room.given:
        return _judge(room, file, room.given[file])[0]
    try:
        content, status = tree.read(file)
    except safe_read.UnusableFile as unfit:
        return FileResults(read_unfit(unfit, file).findings, 1)
    if room.memory is None:
        return _judge(room, file, content)[0]
    seen, name = room.memory.verdicts.seen(status), blob(content)
    before = room.memory.by_content.get(file)
    if before and before.blob == name and not (room.base and file in room.base.records):
        return remembered({file: CachedVerdict(seen, name, before.until, before.findings, before.facts)})
    outcome, until = _judge(room, file, content)
    known = CachedVerdict(seen, name, until, outcome.findings, facts(outcome).get(file, NO_FACTS))
    return FileResults(outcome.findings, 1, outcome.summaries, outcome.bugs, outcome.presences, ((file, known),))


def remembered(known: Mapping[str, CachedVerdict]) -> FileResults:
    """Return what came of files in an earlier run."""
    findings = tuple(finding for one in known.values() for finding in one.findings)
    return FileResults(findings, len(known), known=tuple(known.items())).plus(
        results_of_facts({file: one.facts for file, one in known.items()})
    )


def results_of_facts(facts: Mapping[str, RecordFacts]) -> FileResults:
    """Return what others need to know of some files."""
    told = [(build.record_id(file), file, one) for file, one in facts.items()]
    summaries = tuple(RelationSummary(key, file, one.related) for key, file, one in told if one.related)
    presences = tuple(
        Presence(key, file, one.declared, one.services, one.live_on, frozenset(to for to, _ in one.related))
        for key, file, one in told
        if one.declared
    )
    return FileResults(summaries=summaries, presences=presences)


def facts(outcome: FileResults) -> Mapping[str, RecordFacts]:
    """Return, by file, what others need to know of those that were judged; nothing of most of the near misses."""
    related = {one.file: one.related for one in outcome.summaries}
    there = {
        one.file: RecordFacts(related.get(one.file, ()), one.declared, one.declared_on, one.live_on)
        for one in outcome.presences
    }
    return {**{file: RecordFacts(pairs) for file, pairs in related.items()}, **there}


def _judge(room: JudgingContext, file: str, content: bytes) -> tuple[FileResults, datetime]:
    """Judge the content of one file, which stops at its first bad stage; and say until when that holds."""
    read = read_bytes(content, file, Shape.INCIDENT)
    if read.document is None:
        return FileResults(read.findings, 1), LATEST
    incident = build.incident(read.document, room.judge.context.handbook.ownership)
    change = room.base.change(incident) if room.base else None
    judgement = room.judge.judge(incident, read.text, change)
    known, there = summary(incident), presence(incident)
    outcome = FileResults(judgement.findings, 1, (known,) if known else (), judgement.bugs, (there,) if there else ())
    if change or judgement.bugs:
        return outcome, EARLIEST
    return outcome, valid_until(incident, judgement.findings, room.judge.context)


def _judge_batch(room: JudgingContext, files: Sequence[str]) -> FileResults:
    outcome = FileResults()
    with safe_read.SafeTree(room.root) as tree:
        for file in files:
            outcome = outcome.plus(judge_file(room, tree, file))
    return outcome
