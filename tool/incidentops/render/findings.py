"""Findings for people and for machines: pure functions from findings to text, none with a byte order mark."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence

import msgspec

from incidentops.core.finding import Finding, Level
from incidentops.core.text import numbered, visible

_SEVERITY = {Level.BLOCK: "blocker", Level.ADVISE: "minor"}
_WAIVED = "info"


def line(finding: Finding) -> str:
    """Return the one line of a finding: `file:line:column: CODE level: message`."""
    level = "waived" if finding.waived else finding.level.value
    return f"{visible(str(finding.location))}: {finding.code} {level}: {finding.message}"


def text(findings: Sequence[Finding]) -> str:
    """Return findings for people: a line each, then its hint, then the waiver that covers it."""
    return "".join(f"{shown}\n" for finding in findings for shown in lines(finding))


def lines(finding: Finding) -> Iterator[str]:
    """Yield the lines of one finding, as `text` has them."""
    yield line(finding)
    if below := remark(finding):
        yield below


def remark(finding: Finding) -> str:
    """Return the line below a finding: the waiver that covers it, else its hint; empty when there is neither."""
    if finding.waived:
        return f"  waived {finding.waived}"
    return f"  hint: {finding.hint}" if finding.hint else ""


def summary(findings: Sequence[Finding], records: int) -> str:
    """Return the last line of a run: `12 records, 0 blocking, 2 advice`, and how many are waived."""
    return f"{numbered(records, 'record')}, {counted(findings)}"


def counted(findings: Sequence[Finding]) -> str:
    """Return how many findings there are: `0 blocking, 2 advice`, and how many are waived."""
    number = counts(findings)
    waived = f", {number['waived']} waived" if number["waived"] else ""
    return f"{number['blocking']} blocking, {number['advice']} advice{waived}"


def counts(findings: Sequence[Finding]) -> dict[str, int]:
    """Return the number of findings that block, that advise, and that are waived."""
    blocking = sum(f.blocks for f in findings)
    waived = sum(bool(f.waived) for f in findings)
    return {"blocking": blocking, "advice": len(findings) - blocking - waived, "waived": waived}


def as_json(findings: Sequence[Finding], records: int) -> str:
    """Return findings as one JSON object, ASCII only.

    `version` is 1 and grows when a key changes its meaning; `summary` has `records`, `blocking`, `advice`, `waived`;
    each of `findings` has `code`, `name`, `level` (block or advise), `file`, `line`, `column`, `message`, `hint`,
    `waived` (the reason, or empty), `pointer` (keys and indexes to the node), `other` (file, line and column of the
    second place, or null) and `fingerprint`.
    """
    value = {"version": 1, "summary": {"records": records, **counts(findings)}, "findings": values(findings)}
    return json.dumps(value, indent=2) + "\n"


def values(findings: Sequence[Finding]) -> list[dict[str, object]]:
    """Return findings as plain values for JSON, with the keys that `as_json` names."""
    return [
        {
            "code": finding.code,
            "name": rule_name(finding),
            "level": finding.level.value,
            **msgspec.to_builtins(finding.location),
            "message": finding.message,
            "hint": finding.hint,
            "waived": finding.waived,
            "pointer": finding.pointer,
            "other": msgspec.to_builtins(finding.other),
            "fingerprint": mark,
        }
        for finding, mark in zip(findings, fingerprints(findings), strict=True)
    ]


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return a mark for each finding: unique, and the same when lines move, since it knows only rule, file and node."""
    seen: Counter[tuple[object, ...]] = Counter()
    marks = []
    for finding in findings:
        identity = (finding.code, finding.location.file, finding.pointer)
        text = json.dumps([finding.code, finding.location.file, finding.pointer, seen[identity]])
        seen[identity] += 1
        marks.append(hashlib.sha256(text.encode()).hexdigest())
    return marks


def code_quality(findings: Sequence[Finding]) -> str:
    """Return findings as a Code Quality report, in the shape of Code Climate."""
    report = [
        {
            "description": f"{finding.code}: {described(finding)}",
            "check_name": f"{finding.code} {rule_name(finding)}",
            "fingerprint": mark,
            "severity": _WAIVED if finding.waived else _SEVERITY[finding.level],
            "location": {"path": finding.location.file, "lines": {"begin": finding.location.line}},
        }
        for finding, mark in zip(findings, fingerprints(findings), strict=True)
    ]
    return json.dumps(report, indent=2) + "\n"


def described(finding: Finding) -> str:
    """Return the message of a finding with its hint, or with the waiver that covers it."""
    if finding.waived:
        return f"{finding.message} (waived {finding.waived})"
    return f"{finding.message} (hint: {finding.hint})" if finding.hint else finding.message


def rule_name(finding: Finding) -> str:
    """Return the name of its rule. The catalogue brings every rule: 45 ms that text for people does without."""
    from incidentops.rules.engine.catalogue import BY_CODE

    return BY_CODE[finding.code].name
