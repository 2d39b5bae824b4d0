"""The incident repository as the commands see it: its handbook, and its records one by one."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import takewhile
from pathlib import Path, PurePosixPath

from msgspec import Struct

from incidentops.core.errors import WrongUse
from incidentops.core.finding import Finding
from incidentops.core.moment import EARLIEST
from incidentops.core.suggest import SURE, similar
from incidentops.core.text import one_of, quoted, visible
from incidentops.flows.read.handbook import handbook_of, usable
from incidentops.model import build
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from incidentops.store import records
from incidentops.store.schema.shape import Shape, screen
from incidentops.store.yaml.reader import ReadResult, read_bytes, read_file

RecordCheck = Callable[[Incident, str], Sequence[Finding]]
"""The findings of the rules on a record; the text is its file as written."""

_SHOWN = 10


class Archive(Struct, frozen=True):
    """A repository that is open: where it is, and its handbook."""

    root: Path
    handbook: Handbook

    def build(self, file: str, content: bytes) -> "Opened":
        """Read the bytes of a record."""
        return open_record(file, content, self.handbook)

    def read(self, file: str) -> "Opened":
        """Read a record from its file."""
        return _opened(file, read_file(self.root, file, Shape.INCIDENT), self.handbook)

    def files(self) -> tuple[str, ...]:
        """Return the files of all records, newest first (the name begins with the day)."""
        found, _ = records.record_files(self.root)
        return tuple(sorted(found, key=lambda file: PurePosixPath(file).name, reverse=True))

    def all(self) -> Iterator["Opened"]:
        """Read every record, newest day first."""
        return (self.read(file) for file in self.files())


class Opened(Struct, frozen=True):
    """What came of reading a record: the incident and its text, or the findings that say why there is none."""

    file: str
    incident: Incident | None
    findings: tuple[Finding, ...] = ()
    text: str = ""


def open_record(file: str, content: bytes, handbook: Handbook) -> Opened:
    """Read the bytes of a record."""
    return _opened(file, read_bytes(content, file, Shape.INCIDENT), handbook)


def _opened(file: str, read: ReadResult, handbook: Handbook) -> Opened:
    if read.document is None:
        return Opened(file, None, read.findings)
    return Opened(file, build.incident(read.document, handbook.ownership), read.findings, read.document.text)


def open_archive(root: Path) -> Archive:
    """Open the repository. Raises BadConfiguration, with the first finding, when the handbook cannot be used."""
    return Archive(root, usable(handbook_of(root)))


def record_check(handbook: Handbook, now: datetime) -> RecordCheck:
    """Return what evaluates all rules on one record at a time."""
    rules = prepare(context(now, handbook, screen))
    return lambda incident, text: rules.check(incident, text).findings


def find(archive: Archive, part: str, *, live_first: bool = False) -> str:
    """Return the file of the one record that a part of an id means.

    The whole id (or its file's path) wins over parts. With `live_first` a part that several records share means the
    one of them that is live. Raises WrongUse with the candidates.
    """
    wanted = build.record_id(part) if part.endswith((".yaml", ".yml")) else part
    files = archive.files()
    exact = [file for file in files if build.record_id(file) == wanted]
    fitting = exact or [file for file in files if wanted and wanted.lower() in build.record_id(file).lower()]
    if len(fitting) > 1 and live_first:
        fitting = [file for file in fitting if _is_live(archive.read(file))] or fitting
    if len(fitting) == 1:
        return fitting[0]
    if not fitting:
        raise WrongUse(f"no record is called {quoted(part)}", meant(wanted, files))
    raise WrongUse(f"{quoted(part)} could mean {len(fitting)} records", f"say which: {_names(fitting)}")


def meant(part: str, files: Iterable[str]) -> str:
    """Return what to do about a part of no id: records whose slug or whole id is like it."""
    names = {name: stem for stem in map(build.record_id, files) for name in (stem, stem[len("2026-11-21-") :])}
    ids = dict.fromkeys(names[name] for name in similar(part, names, SURE))
    return f"did you mean {one_of([*ids])}?" if ids else "see them with: incident list --all"


def only_live(archive: Archive) -> str:
    """Return the file of the one incident that is live. Raises WrongUse when there is none, or more than one."""
    live = [opened.file for opened in archive.all() if _is_live(opened)]
    if len(live) == 1:
        return live[0]
    if not live:
        raise WrongUse("no incident is live", "name the record, or declare one with: incident declare")
    raise WrongUse(f"{len(live)} incidents are live", f"say which: {_names(live)}")


def last_resolved(archive: Archive) -> str:
    """Return the file of the incident that was resolved last. Raises WrongUse when none was."""
    resolved = [o.incident for o in archive.all() if o.incident is not None and o.incident.resolved_at]
    if not resolved:
        raise WrongUse("no incident is resolved", "name the record")
    return max(resolved, key=lambda incident: (incident.resolved_at or EARLIEST, incident.id)).source.file


def _is_live(opened: Opened) -> bool:
    return opened.incident is not None and opened.incident.live


def _names(files: list[str]) -> str:
    shown = ", ".join(visible(build.record_id(file)) for file in files[:_SHOWN])
    return shown if len(files) <= _SHOWN else f"{shown}, and {len(files) - _SHOWN} more"


def as_of(incident: Incident, moment: datetime) -> Incident | None:
    """Return the record as it stood at a moment, later entries not there yet; None before it was declared."""
    count = sum(1 for _ in takewhile(lambda entry: entry.at <= moment, incident.timeline))
    return incident.first(count) if count else None
