"""Findings for people and for machines: pure functions from findings to text, none with a byte order mark."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape

from incidentops.core.finding import Finding, Level, Location
from incidentops.core.text import visible

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
    if told := remark(finding):
        yield told


def remark(finding: Finding) -> str:
    """Return the line below a finding: the waiver that covers it, else its hint; empty when there is neither."""
    if finding.waived:
        return f"  waived {finding.waived}"
    return f"  hint: {finding.hint}" if finding.hint else ""


def summary(findings: Sequence[Finding], records: int) -> str:
    """Return the last line of a run: `12 records, 0 blocking, 2 advice`, and how many are waived."""
    return f"{records} {'record' if records == 1 else 'records'}, {counted(findings)}"


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
            "name": _name(finding),
            "level": finding.level.value,
            "file": finding.location.file,
            "line": finding.location.line,
            "column": finding.location.column,
            "message": finding.message,
            "hint": finding.hint,
            "waived": finding.waived,
            "pointer": finding.pointer,
            "other": None if finding.other is None else _place(finding.other),
            "fingerprint": mark,
        }
        for finding, mark in zip(findings, fingerprints(findings), strict=True)
    ]


def _place(place: Location) -> dict[str, object]:
    return {"file": place.file, "line": place.line, "column": place.column}


def fingerprints(findings: Sequence[Finding]) -> list[str]:
    """Return a mark for each finding: unique, and the same when lines move, since it knows only rule, file and node."""
    seen: Counter[tuple[object, ...]] = Counter()
    marks = []
    for finding in findings:
        identity = (finding.code, finding.location.file, finding.pointer)
        told = json.dumps([finding.code, finding.location.file, finding.pointer, seen[identity]])
        seen[identity] += 1
        marks.append(hashlib.sha256(told.encode()).hexdigest())
    return marks


def code_quality(findings: Sequence[Finding]) -> str:
    """Return findings as a Code Quality report, in the shape of Code Climate."""
    report = [
        {
            "description": f"{finding.code}: {_told(finding)}",
            "check_name": f"{finding.code} {_name(finding)}",
            "fingerprint": mark,
            "severity": _WAIVED if finding.waived else _SEVERITY[finding.level],
            "location": {"path": finding.location.file, "lines": {"begin": finding.location.line}},
        }
        for finding, mark in zip(findings, fingerprints(findings), strict=True)
    ]
    return json.dumps(report, indent=2) + "\n"


def _told(finding: Finding) -> str:
    if finding.waived:
        return f"{finding.message} (waived {finding.waived})"
    return f"{finding.message} (hint: {finding.hint})" if finding.hint else finding.message


def junit(findings: Sequence[Finding], records: int) -> str:
    """Return findings as a JUnit report: what blocks failed, the rest was skipped, and one case stands for the run.

    A case is named by rule and node, never by line, so that a reader can tell a new failure from an old one.
    """
    number = counts(findings)
    skipped = number["advice"] + number["waived"]
    totals = f'tests="{len(findings) + 1}" failures="{number["blocking"]}" errors="0" skipped="{skipped}"'
    run = f"      <system-out>{summary(findings, records)}</system-out>"
    cases = [f'    <testcase classname="incident validate" name="records are judged">\n{run}\n    </testcase>']
    seen: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        name = f"{finding.code} {_name(finding)} {'.'.join(map(str, finding.pointer))}".strip()
        seen[finding.location.file, name] += 1
        again = seen[finding.location.file, name]
        cases.append(_case(finding, name if again == 1 else f"{name} ({again})"))
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<testsuites {totals}>\n"
        f'  <testsuite name="incident validate" {totals}>\n' + "\n".join(cases) + "\n  </testsuite>\n</testsuites>\n"
    )


def _case(finding: Finding, name: str) -> str:
    file = _attribute(visible(finding.location.file))
    head = f"    <testcase classname={file} name={_attribute(visible(name))} file={file}>\n"
    body = escape(_xml_text("\n".join(lines(finding))), quote=False)
    if finding.blocks:
        message = _attribute(finding.message)
        return head + f'      <failure type="{finding.code}" message={message}>{body}</failure>\n    </testcase>'
    return head + f"      <skipped message={_attribute(_told(finding))}/>\n    </testcase>"


def _attribute(value: str) -> str:
    return f'"{escape(_xml_text(value))}"'.replace("\n", "&#10;").replace("\t", "&#9;")


def _xml_text(value: str) -> str:
    """Take out what XML 1.0 cannot say, even escaped; everything else that is dangerous was made visible before."""
    return "".join(
        c for c in value if c in "\n\t" or ("\x20" <= c <= "\ufffd" and not "\ud800" <= c <= "\udfff") or c > "\uffff"
    )


def _name(finding: Finding) -> str:
    """The name of its rule. The catalogue comes with every rule: 45 ms that text for people does without."""
    from incidentops.rules.engine.catalogue import BY_CODE

    return BY_CODE[finding.code].name
