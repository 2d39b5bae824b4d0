"""Which records a run looks at: those that changed since they were carried out, and those that are not over."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from incidentops.core.errors import WrongUse
from incidentops.core.finding import Finding
from incidentops.core.text import quoted
from incidentops.flows.read.archive import RecordCheck, meant, open_record
from incidentops.model import build
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.store.ledger.branch import LedgerState
from incidentops.store.sources import RecordSource


class PlanOptions(Struct, frozen=True):
    """What was asked for: some records only, all of them whether they changed or not, skipped news too.

    At most `max_creates` objects are created in one run.
    """

    ids: tuple[str, ...] = ()
    everything: bool = False
    late: bool = False
    max_creates: int = 5


class Scope(Struct, frozen=True):
    """The records of a run. `live` are all live ones, chosen or not; `invalid_records` says why one is left alone."""

    incidents: tuple[Incident, ...]
    live: tuple[Incident, ...]
    invalid_records: Mapping[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


def select(
    records: RecordSource, ledger: LedgerState, handbook: Handbook, options: PlanOptions, check: RecordCheck
) -> Scope:
    """Read the records that a run has to look at; invalid ones are named with the reason."""
    blobs = records.blobs()
    files = {file: build.record_id(file) for file in blobs}
    _check_ids(options.ids, files)
    settled = {} if options.everything else dict(ledger.settled())
    skipped = {i for i in settled if options.late and ledger.entry(i).skipped}
    open_files = [f for f, i in files.items() if settled.get(i) != blobs[f] or i in skipped or i in options.ids]
    incidents, invalid_records = [], _twice(files.values())
    for file, content in records.contents(open_files):
        found = _read(file, content, handbook, check)
        if isinstance(found, Incident):
            incidents.append(found)
        else:
            invalid_records[files[file]] = found
    fit = [incident for incident in incidents if incident.id not in invalid_records]
    return Scope(
        incidents=tuple(sorted((i for i in fit if not options.ids or i.id in options.ids), key=lambda i: i.id)),
        live=tuple(sorted((i for i in fit if i.live), key=lambda i: i.id)),
        invalid_records={i: why for i, why in sorted(invalid_records.items()) if not options.ids or i in options.ids},
        notes=_vanished(ledger, files.values(), settled),
    )


def _read(file: str, content: bytes, handbook: Handbook, check: RecordCheck) -> Incident | str:
    """Return the incident, or why nothing may be done with the record."""
    opened = open_record(file, content, handbook)
    if opened.incident is None:
        return _why(opened.findings)
    blocking = [finding for finding in check(opened.incident, opened.text) if finding.blocks]
    return _why(blocking) if blocking else opened.incident


def _why(findings: Sequence[Finding]) -> str:
    first = findings[0]
    more = f" (and {len(findings) - 1} more)" if len(findings) > 1 else ""
    return f"{first.location}: {first.code} {first.level}: {first.message}{more}"


def _check_ids(ids: Iterable[str], files: Mapping[str, str]) -> None:
    for wanted in ids:
        if wanted not in files.values():
            raise WrongUse(f"no record is called {quoted(wanted)}", meant(wanted, files))


def _twice(ids: Iterable[str]) -> dict[str, str]:
    double = (i for i, count in Counter(ids).items() if count > 1)
    return dict.fromkeys(double, "REC005 block: two files have this id")


def _vanished(ledger: LedgerState, ids: Iterable[str], settled: Mapping[str, str]) -> tuple[str, ...]:
    gone = sorted(set(ledger.incidents()) - set(ids) - set(settled))
    return tuple(f"the record {quoted(i)} is gone; what it made at the services stays" for i in gone)
