"""Reading and judging files one by one, on several processes when there are many. Nothing piles up but findings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from incidentops.core.finding import Finding
from incidentops.flows.base import Base
from incidentops.flows.sharing import fitting_jobs, share_out
from incidentops.model import build
from incidentops.model.incident import Incident
from incidentops.rules.across import Summary, summary
from incidentops.rules.neighbours import Presence, presence
from incidentops.rules.runner import Judge
from incidentops.store.schema import Shape
from incidentops.store.yamlfile import Read, read_bytes, read_file

_BATCH = 100
_MANY = 600
"""From so many files on, a second process is worth its start (facts/performance.md)."""


@dataclass(frozen=True, slots=True)
class Courtroom:
    """Where the records are, and the judge. `given` is the content of files that is not on the disk (yet).

    `base` is what landed, for a run that compares with it.
    """

    root: Path
    judge: Judge
    given: Mapping[str, bytes] = field(default_factory=dict)
    base: Base | None = None

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
class Outcome:
    """What came of some files."""

    findings: tuple[Finding, ...] = ()
    records: int = 0
    summaries: tuple[Summary, ...] = ()
    bugs: tuple[str, ...] = ()
    presences: tuple[Presence, ...] = ()

    def plus(self, other: "Outcome") -> "Outcome":
        """Return both together."""
        return Outcome(
            self.findings + other.findings,
            self.records + other.records,
            self.summaries + other.summaries,
            self.bugs + tuple(code for code in other.bugs if code not in self.bugs),
            self.presences + other.presences,
        )


def judge_files(room: Courtroom, files: Sequence[str], jobs: int | None = None) -> Iterator[Outcome]:
    """Judge files in batches. `jobs` is the number of processes; None chooses by the number of files."""
    batches = [files[i : i + _BATCH] for i in range(0, len(files), _BATCH)]
    fitting = 1 if len(files) <= _MANY else fitting_jobs()
    return share_out(
        lambda mine: (_judge_batch(room, batch) for batch in mine), batches, fitting if jobs is None else jobs
    )


def judge_file(room: Courtroom, file: str) -> Outcome:
    """Judge one file: it stops at its first bad stage."""
    read = room.read(file)
    if read.document is None:
        return Outcome(read.findings, 1)
    incident = build.incident(read.document, room.judge.context.handbook.ownership)
    change = room.base.change(incident) if room.base else None
    judgement = room.judge.judge(incident, read.text, change)
    known, there = summary(incident), presence(incident)
    return Outcome(judgement.findings, 1, (known,) if known else (), judgement.bugs, (there,) if there else ())


def _judge_batch(room: Courtroom, files: Sequence[str]) -> Outcome:
    outcome = Outcome()
    for file in files:
        outcome = outcome.plus(judge_file(room, file))
    return outcome
