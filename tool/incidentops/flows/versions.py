"""Judging landed versions, each at its own moment by its own handbook; the versions of one file one after the other."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from incidentops.core.finding import Finding
from incidentops.core.moment import EARLIEST, LATEST
from incidentops.flows.handbook import Book, book
from incidentops.model import build
from incidentops.rules.across import Summary, summary
from incidentops.rules.context import context
from incidentops.rules.horizon import holds_until
from incidentops.rules.runner import Judge, prepare
from incidentops.store import safefile
from incidentops.store.history import History, Version
from incidentops.store.records import HANDBOOK
from incidentops.store.schema import Shape
from incidentops.store.screen import screen
from incidentops.store.yamlfile import Read, read_bytes, read_unfit

_KEPT = 64
"""How many handbooks a process keeps ready. Versions come sorted by the day of their record: few are needed at once."""


@dataclass(frozen=True, slots=True)
class Case:
    """One landed version: number and moment of its landing, and the handbook that held then (None: there was none)."""

    landing: int
    at: datetime
    version: Version
    handbook: Version | None


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of a case. `lawless` says that the handbook of that commit could not be used."""

    case: Case
    findings: tuple[Finding, ...] = ()
    summary: Summary | None = None
    bugs: tuple[str, ...] = ()
    lawless: bool = False


@dataclass(frozen=True, slots=True)
class Batch:
    """How many cases were judged, and those of them of which there is something to say."""

    done: int
    judged: tuple[Judged, ...]


@dataclass(frozen=True)
class Court:
    """The history, and one handbook for everything when somebody named one. `_ready` fills up in each process."""

    history: History
    book: Book | None = None
    _ready: dict[Version | None, tuple[Book, Judge | None]] = field(default_factory=dict)

    def judge_cases(self, batches: Sequence[Sequence[Case]]) -> Iterator[Batch]:
        """Judge batches of cases; those of one file stand together, in the order in which they landed."""
        wanted = (case.version.blob for batch in batches for case in batch if not case.version.unfit)
        contents = self.history.contents(wanted)
        memory = _Memory()
        for batch in batches:
            judged = []
            for case in batch:
                content = _unfit(case.version) if case.version.unfit else next(contents)[1]
                judged.append(memory.recalled(case) or memory.kept(self._judged(case, content)))
            yield Batch(len(batch), tuple(j for j in judged if j.findings or j.summary or j.bugs or j.lawless))

    def _judged(self, case: Case, content: bytes | safefile.Unfit) -> tuple[Judged, bool]:
        """Judge one case, and say whether the verdict holds at any later moment too."""
        file = case.version.file
        if file == HANDBOOK:
            return Judged(case, book(_read(content, file, Shape.HANDBOOK)).findings), True
        law, judge = self._law(case.handbook)
        if judge is None:
            return Judged(case, law.findings, lawless=True), True
        read = _read(content, file, Shape.INCIDENT)
        if read.document is None:
            return Judged(case, read.findings), True
        judge = replace(judge, context=replace(judge.context, now=case.at))
        incident = build.incident(read.document, judge.context.handbook.ownership)
        judgement = judge.judge(incident, read.text)
        judged = Judged(case, judgement.findings, summary(incident), judgement.bugs)
        return judged, holds_until(incident, judgement.findings, judge.context) == LATEST

    def _law(self, version: Version | None) -> tuple[Book, Judge | None]:
        """Return the handbook of a commit, judged, and the judge it makes when it can be used."""
        if self.book:
            version = None
        if version not in self._ready:
            if len(self._ready) >= _KEPT:
                self._ready.clear()
            law = self.book or book(self._handbook(version))
            # The moment is put in for each case.
            judge = prepare(context(EARLIEST, law.handbook, screen)) if law.handbook else None
            self._ready[version] = law, judge
        return self._ready[version]

    def _handbook(self, version: Version | None) -> Read:
        if version is None:
            return read_unfit(safefile.unfit_for(FileNotFoundError()), HANDBOOK)
        content = _unfit(version) if version.unfit else next(self.history.contents([version.blob]))[1]
        return _read(content, HANDBOOK, Shape.HANDBOOK)


class _Memory:
    """The verdicts on one file that no clock can change: a version that comes back is not judged again."""

    def __init__(self) -> None:
        self._file = ""
        self._known: dict[tuple[Version, Version | None], Judged] = {}

    def recalled(self, case: Case) -> Judged | None:
        """Return the verdict on the same version by the same handbook at an earlier moment."""
        known = self._known.get((case.version, case.handbook))
        return replace(known, case=case) if known and known.case.at <= case.at else None

    def kept(self, judged: tuple[Judged, bool]) -> Judged:
        """Remember a verdict if it holds at later moments, as long as its file is looked at."""
        verdict, holds = judged
        if verdict.case.version.file != self._file:
            self._file = verdict.case.version.file
            self._known.clear()
        if holds:
            self._known[verdict.case.version, verdict.case.handbook] = verdict
        return verdict


def _read(content: bytes | safefile.Unfit, file: str, shape: Shape) -> Read:
    return read_unfit(content, file) if isinstance(content, safefile.Unfit) else read_bytes(content, file, shape)


def _unfit(version: Version) -> safefile.Unfit:
    return safefile.not_regular(version.unfit)
