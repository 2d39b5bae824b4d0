"""Checking landed versions, each at its moment by the handbook of then; those of one file one after the other."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import pairwise

from msgspec import Struct, field
from msgspec.structs import replace

from incidentops.core.commit import Commit
from incidentops.core.finding import Finding
from incidentops.core.moment import EARLIEST, LATEST
from incidentops.core.source import Document
from incidentops.flows.read.handbook import LoadedHandbook, load_handbook
from incidentops.model import build
from incidentops.model.change import ChangeAuthors, RecordChange, compare
from incidentops.model.incident import Incident
from incidentops.rules.append_only import deleted, record_gone
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import RuleSet, prepare
from incidentops.rules.engine.validity import valid_until
from incidentops.rules.relations import RelationSummary, summary
from incidentops.store import safe_read
from incidentops.store.git.history import History, LandedVersion
from incidentops.store.records import HANDBOOK
from incidentops.store.schema.shape import Shape, screen
from incidentops.store.yaml.reader import ReadResult, read_bytes

_KEPT = 64
"""How many handbooks a process keeps ready. Versions come sorted by the day of their record: few are needed at once."""


class VersionCase(Struct, frozen=True):
    """One landed version: number and moment of its landing, and the handbook that held then (None: there was none).

    `before` is what the record was until then (None: it is new), at the path `former` when that was another one.
    """

    landing: int
    at: datetime
    version: LandedVersion
    handbook: LandedVersion | None
    before: LandedVersion | None = None
    former: str = ""


_Facts = tuple[LandedVersion, LandedVersion | None, LandedVersion | None, str]


class VersionResult(Struct, frozen=True):
    """What came of a case. `handbook_unusable` says that the handbook of that commit could not be used."""

    case: VersionCase
    findings: tuple[Finding, ...] = ()
    summary: RelationSummary | None = None
    bugs: tuple[str, ...] = ()
    handbook_unusable: bool = False

    @property
    def notable(self) -> bool:
        """Whether there is more to it than that the version is fine."""
        return bool(self.findings or self.summary or self.bugs or self.handbook_unusable)


class VersionChecker(Struct, frozen=True):
    """The history, and one handbook for everything when one was named. `_ready` fills up in each process."""

    history: History
    handbook: LoadedHandbook | None = None
    _ready: dict[LandedVersion | None, tuple[LoadedHandbook, RuleSet | None]] = field(default_factory=dict)

    def check_cases(self, batches: Iterator[Sequence[VersionCase]]) -> Iterator[tuple[int, tuple[VersionResult, ...]]]:
        """Check batches of cases; yield how many were checked, and the notable results.

        Cases of one file stand together, in the order in which they landed.
        """
        for batch in batches:
            results = self._check_batch(batch)
            yield len(batch), tuple(result for result in results if result.notable)

    def _check_batch(self, batch: Sequence[VersionCase]) -> Iterator[VersionResult]:
        """Check the cases of a batch; a version that comes back is checked again only if the clock matters."""
        known: dict[_Facts, VersionResult] = {}
        for case, (read, landed) in zip(batch, self._read(batch), strict=True):
            earlier = known.get(_facts(case))
            if earlier and earlier.case.at <= case.at:
                yield replace(earlier, case=case)
                continue
            result, holds = self._checked(case, read, landed)
            if holds:
                known[_facts(case)] = result
            yield result

    def _read(self, cases: Sequence[VersionCase]) -> Iterator[tuple[ReadResult, Document | None]]:
        """Read each case, and what was there before it; that is most often what was read last."""
        wanted = (version for last, case in pairwise((None, *cases)) if case for version in _asked(case, last))
        contents = self.history.contents(version.blob for version in wanted)
        last: VersionCase | None = None
        document: Document | None = None
        for case in cases:
            found = {version: next(contents)[1] for version in _asked(case, last)}
            landed = document
            if case.before is None or last is None or case.before != last.version:
                landed = _read(found[case.before], case.before.file).document if case.before in found else None
            content = found[case.version] if case.version in found else _not_regular(case.version)
            read = _read(content, case.version.file)
            yield read, landed
            last, document = case, read.document

    def _checked(self, case: VersionCase, read: ReadResult, landed: Document | None) -> tuple[VersionResult, bool]:
        """Check one case, and say whether the verdict holds at any later moment too."""
        if case.version.file == HANDBOOK:
            return VersionResult(case, load_handbook(read).findings), True
        loaded, rules = self._handbook_and_rules(case.handbook)
        if rules is None:
            return VersionResult(case, loaded.findings, handbook_unusable=True), True
        if read.document is None:
            return VersionResult(case, read.findings), True
        rules = replace(rules, context=rules.context.at(case.at))
        incident = build.incident(read.document, rules.context.handbook.ownership)
        found = rules.check(incident, read.document.text, _change(case, incident, landed))
        result = VersionResult(case, found.findings, summary(incident), found.bugs)
        return result, valid_until(incident, found.findings, rules.context) == LATEST

    def _handbook_and_rules(self, version: LandedVersion | None) -> tuple[LoadedHandbook, RuleSet | None]:
        """Return the handbook of a commit, checked, and its rules when it can be used."""
        if self.handbook:
            version = None
        if version not in self._ready:
            if len(self._ready) >= _KEPT:
                self._ready.clear()
            loaded = self.handbook or load_handbook(self._handbook(version))
            # The moment is put in for each case.
            rules = prepare(context(EARLIEST, loaded.handbook, screen)) if loaded.handbook else None
            self._ready[version] = loaded, rules
        return self._ready[version]

    def _handbook(self, version: LandedVersion | None) -> ReadResult:
        if version is None:
            return ReadResult(None, (safe_read.unusable(FileNotFoundError()).finding(HANDBOOK),))
        content = _not_regular(version) if version.not_regular else next(self.history.contents([version.blob]))[1]
        return _read(content, HANDBOOK)

    def gone(self, file: str, commit: Commit, version: LandedVersion | None) -> Finding | None:
        """Check that a commit took a record away."""
        handbook = self._handbook_and_rules(version)[0].handbook
        return deleted(file, commit.parents[0][:12], handbook.rules.get(record_gone.code)) if handbook else None


def _facts(case: VersionCase) -> _Facts:
    """All that a verdict follows from but the clock."""
    return case.version, case.handbook, case.before, case.former


def _asked(case: VersionCase, last: VersionCase | None) -> Sequence[LandedVersion]:
    """What has to be read for a case: its version, and what was there before unless that was read last."""
    before = case.before if last is None or case.before != last.version else None
    return [version for version in (before, case.version) if version and not version.not_regular]


def _change(case: VersionCase, incident: Incident, landed: Document | None) -> RecordChange | None:
    """What became of a record; None when it could not be read before.

    Its authors are not known: a squashed commit or a merge is by who landed it.
    """
    if case.before and landed is None:
        return None
    before = build.incident(landed, incident.now.ownership) if landed else None
    return compare(before, incident, ChangeAuthors(), case.former)


def _read(content: bytes | safe_read.UnusableFile, file: str) -> ReadResult:
    if isinstance(content, safe_read.UnusableFile):
        return ReadResult(None, (content.finding(file),))
    return read_bytes(content, file, Shape.HANDBOOK if file == HANDBOOK else Shape.INCIDENT)


def _not_regular(version: LandedVersion) -> safe_read.UnusableFile:
    return safe_read.not_regular(version.not_regular)
