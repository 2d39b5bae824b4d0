"""Reading and checking files one by one, on several processes when there are many. Only findings and facts are kept."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from os import stat_result
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct
from msgspec.structs import replace

from incidentops.core.finding import Finding
from incidentops.core.moment import EARLIEST, LATEST
from incidentops.core.source import blob
from incidentops.flows.validate.cached import CachedRun
from incidentops.flows.validate.processes import fitting_jobs, run_in_processes
from incidentops.model import build
from incidentops.model.incident import Incident
from incidentops.rules.engine.runner import RuleSet
from incidentops.rules.engine.validity import valid_until
from incidentops.store import safe_read
from incidentops.store.cache.verdicts import NO_FACTS, CachedVerdict, RecordFacts
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml.reader import ReadResult, read_bytes, read_file

if TYPE_CHECKING:
    from incidentops.flows.validate.base import ComparisonBase

_BATCH = 100
_SOME = 20


class ValidationRun(Struct, frozen=True):
    """Where the records are, and the rules. `given` is the content of files that is not on the disk (yet).

    `base` is what landed, for a run that compares with it; `cache` the verdicts of an earlier run, for one that uses
    them.
    """

    root: Path
    rules: RuleSet
    given: Mapping[str, bytes] = {}
    base: "ComparisonBase | None" = None
    cache: CachedRun | None = None

    def read(self, file: str) -> ReadResult:
        """Read a record."""
        content = self.given.get(file)
        if content is None:
            return read_file(self.root, file, Shape.INCIDENT)
        return read_bytes(content, file, Shape.INCIDENT)

    def incident(self, file: str) -> Incident | None:
        """Read a record for others that need to know of it; None when it cannot be read."""
        document = self.read(file).document
        return build.incident(document, self.rules.context.handbook.ownership) if document else None

    def compares(self, file: str) -> bool:
        """Whether a record differs from what landed at the base."""
        return self.base is not None and file in self.base.records


class FileResult(Struct, frozen=True, gc=False):
    """What came of one file. `cached` is what may be kept of it, where there is a cache."""

    findings: tuple[Finding, ...]
    facts: RecordFacts = NO_FACTS
    bugs: tuple[str, ...] = ()
    cached: CachedVerdict | None = None


class FileResults(Struct, frozen=True):
    """What came of some files: `facts` of those that others need to know something of."""

    findings: tuple[Finding, ...] = ()
    records: int = 0
    facts: Mapping[str, RecordFacts] = {}
    bugs: tuple[str, ...] = ()
    cached: Mapping[str, CachedVerdict] = {}


def together(parts: Iterable[FileResults]) -> FileResults:
    """Return the results of several parts as one; a bug is named once."""
    parts = tuple(parts)
    return FileResults(
        tuple(finding for part in parts for finding in part.findings),
        sum(part.records for part in parts),
        {file: one for part in parts for file, one in part.facts.items()},
        tuple(dict.fromkeys(code for part in parts for code in part.bugs)),
        {file: one for part in parts for file, one in part.cached.items()},
    )


def check_files(run: ValidationRun, files: Sequence[str], jobs: int | None = None) -> Iterator[FileResults]:
    """Check files in batches. `jobs` is the number of processes; None chooses by the number of files."""
    batches = [files[i : i + _BATCH] for i in range(0, len(files), _BATCH)]
    jobs = fitting_jobs(len(files)) if jobs is None else jobs
    return run_in_processes(lambda mine: (_check_batch(run, batch) for batch in mine), batches, jobs)


def check_some(run: ValidationRun, tree: safe_read.SafeTree, files: Sequence[str]) -> dict[str, FileResult]:
    """Check a few files, each up to its first bad stage. The cached verdict on the same content is used again.

    All of them go through one stage before the next begins: what a stage works with stays in the processor's cache,
    which saves a sixth of the time as long as they are not many.
    """
    results: dict[str, FileResult] = {}
    opened: list[_OpenedFile] = []
    for file in files:
        try:
            one = _open(run, tree, file)
        except safe_read.UnusableFile as unusable:
            results[file] = FileResult((unusable.finding(file),))
            continue
        if known := _cached(run, one):
            results[file] = known
        else:
            opened.append(one)
    read = [read_bytes(one.content, one.file, Shape.INCIDENT) for one in opened]
    ownership = run.rules.context.handbook.ownership
    built = [build.incident(one.document, ownership) if one.document else None for one in read]
    for one, found, incident in zip(opened, read, built, strict=True):
        results[one.file] = _check(run, one, incident) if incident else _keep(run, one, FileResult(found.findings))
    return results


def results_of(cached: Mapping[str, CachedVerdict]) -> FileResults:
    """Return what came of files in an earlier run."""
    return FileResults(
        tuple(finding for one in cached.values() for finding in one.findings),
        len(cached),
        {file: one.facts for file, one in cached.items() if one.facts != NO_FACTS},
        cached=cached,
    )


def facts_of(incident: Incident) -> RecordFacts:
    """Return what others need to know of a record; nothing of most of the near misses."""
    related = tuple((one.to, one.kind) for one in incident.related)
    if incident.is_near_miss:
        return RecordFacts(related) if related else NO_FACTS
    now = incident.now
    return RecordFacts(related, incident.declared, incident.services, now.services if incident.live else ())


class _OpenedFile(Struct, frozen=True):
    """The content of a file; `status` is what the system knew of one on the disk, `blob` its name for the cache."""

    file: str
    content: bytes
    status: stat_result | None = None
    blob: str = ""


def _open(run: ValidationRun, tree: safe_read.SafeTree, file: str) -> _OpenedFile:
    if file in run.given:
        return _OpenedFile(file, run.given[file])
    content, status = tree.read(file)
    return _OpenedFile(file, content, status, blob(content) if run.cache else "")


def _check_batch(run: ValidationRun, files: Sequence[str]) -> FileResults:
    results: dict[str, FileResult] = {}
    with safe_read.SafeTree(run.root) as tree:
        for start in range(0, len(files), _SOME):
            results |= check_some(run, tree, files[start : start + _SOME])
    return FileResults(
        tuple(finding for one in results.values() for finding in one.findings),
        len(files),
        {file: one.facts for file, one in results.items() if one.facts != NO_FACTS},
        tuple(dict.fromkeys(code for one in results.values() for code in one.bugs)),
        {file: one.cached for file, one in results.items() if one.cached},
    )


def _check(run: ValidationRun, one: _OpenedFile, incident: Incident) -> FileResult:
    change = run.base.change(incident) if run.base else None
    found = run.rules.check(incident, incident.source.text, change)
    return _keep(run, one, FileResult(found.findings, facts_of(incident), found.bugs), incident)


def _cached(run: ValidationRun, one: _OpenedFile) -> FileResult | None:
    """Return the cached verdict on a content."""
    before = run.cache.by_content.get(one.file) if run.cache else None
    if before is None or before.blob != one.blob or run.compares(one.file):
        return None
    result = FileResult(before.findings, before.facts)
    return _keep(run, one, result, until=before.until)


def _keep(
    run: ValidationRun,
    one: _OpenedFile,
    result: FileResult,
    incident: Incident | None = None,
    until: datetime | None = None,
) -> FileResult:
    """Add what may be cached of a result, where there is a cache: until when it holds, too."""
    if run.cache is None or one.status is None:
        return result
    looks = run.cache.verdicts.settled_stat(one.status)
    until = until or _until(run, result, incident, compared=run.compares(one.file))
    return replace(result, cached=CachedVerdict(looks, one.blob, until, result.findings, result.facts))


def _until(run: ValidationRun, result: FileResult, incident: Incident | None, *, compared: bool) -> datetime:
    if incident is None:
        return LATEST
    if compared or result.bugs:
        return EARLIEST
    return valid_until(incident, result.findings, run.rules.context)
