"""Verdicts as values, and as rows of JSON that come back as they were."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from incidentops.core import moment
from incidentops.core.finding import Finding, Level, Location
from incidentops.core.quick import quick

CacheRow = list[Any]


@dataclass(frozen=True, slots=True)
class RecordFacts:
    """What others need to know of a record: its relations and their kind, when it was declared, and where it is live.

    `services` are those it was declared on, `live_on` those it is live on now.
    """

    related: tuple[tuple[str, str], ...] = ()
    declared: datetime | None = None
    services: tuple[str, ...] = ()
    live_on: tuple[str, ...] = ()


NO_FACTS = RecordFacts()
"""Of a near miss without relations, and of what cannot be read."""


@dataclass(frozen=True, slots=True)
class CachedVerdict:
    """The verdict on a file, which holds before `until`.

    `seen` is how the file looked when it was read; nothing when it may change and still look so.
    """

    seen: str
    blob: str
    until: datetime
    findings: tuple[Finding, ...] = ()
    facts: RecordFacts = NO_FACTS


_new_facts, _new_known = quick(RecordFacts), quick(CachedVerdict)


def known_row(known: CachedVerdict) -> CacheRow:
    """Return a verdict as a row."""
    until = "" if known.until == moment.LATEST else moment.show(known.until)
    findings = [finding_row(one) for one in known.findings]
    return [known.seen, known.blob, until, findings, *facts_row(known.facts)]


def until_of(row: CacheRow) -> datetime:
    """Return until when the verdict of a row holds."""
    return moment.parse(row[2]) if row[2] else moment.LATEST


def known_of(row: CacheRow) -> CachedVerdict:
    """Return the verdict of a row."""
    seen, blob, _, findings, *facts = row
    return _new_known(seen, blob, until_of(row), tuple(map(finding_of, findings)), facts_of(facts))


def facts_row(facts: RecordFacts) -> CacheRow:
    """Return facts as a row."""
    declared = moment.show(facts.declared) if facts.declared else ""
    return [[list(pair) for pair in facts.related], declared, list(facts.services), list(facts.live_on)]


def facts_of(row: CacheRow) -> RecordFacts:
    """Return the facts of a row."""
    related, declared, services, live_on = row
    pairs = tuple((to, kind) for to, kind in related)
    return _new_facts(pairs, moment.parse(declared) if declared else None, tuple(services), tuple(live_on))


def finding_row(finding: Finding) -> CacheRow:
    """Return a finding as a row."""
    other = finding.other
    return [
        finding.code, finding.level, _place(finding.location), finding.message, finding.hint,
        list(finding.pointer), finding.waived, None if other is None else _place(other),
    ]  # fmt: skip


def finding_of(row: CacheRow) -> Finding:
    """Return the finding of a row."""
    code, level, place, message, hint, pointer, waived, other = row
    there = None if other is None else Location(*other)
    return Finding(code, Level(level), Location(*place), message, hint, tuple(pointer), waived, there)


def _place(location: Location) -> CacheRow:
    return [location.file, location.line, location.column]
