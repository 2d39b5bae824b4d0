"""Findings as a JUnit report, for the test summary of a merge request."""

import re
from collections import Counter
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from incidentops.core.finding import Finding
from incidentops.core.text import visible
from incidentops.render.findings import counts, described, lines, rule_name, summary

_CLASS = "incident validate"
_NOT_XML = re.compile("[^\\t\\n\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
"""Characters that XML 1.0 does not allow, even escaped."""


def junit(findings: Sequence[Finding], records: int) -> str:
    """Return findings as a JUnit report: what blocks failed, the rest was skipped, and one case stands for the run.

    A case is named by rule and node, never by line, so that a reader can tell a new failure from an old one.
    """
    number = counts(findings)
    totals = {
        "tests": str(len(findings) + 1),
        "failures": str(number["blocking"]),
        "errors": "0",
        "skipped": str(number["advice"] + number["waived"]),
    }
    root = Element("testsuites", totals)
    suite = SubElement(root, "testsuite", {"name": _CLASS, **totals})
    run = SubElement(suite, "testcase", {"classname": _CLASS, "name": "records are checked"})
    SubElement(run, "system-out").text = summary(findings, records)
    seen: Counter[tuple[str, str]] = Counter()
    for finding in findings:
        name = f"{finding.code} {rule_name(finding)} {'.'.join(map(str, finding.pointer))}".strip()
        seen[finding.location.file, name] += 1
        again = seen[finding.location.file, name]
        _add_case(suite, finding, name if again == 1 else f"{name} ({again})")
    indent(root)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{tostring(root, encoding="unicode")}\n'


def _add_case(suite: Element, finding: Finding, name: str) -> None:
    file = _xml_text(visible(finding.location.file))
    case = SubElement(suite, "testcase", {"classname": file, "name": _xml_text(visible(name)), "file": file})
    if finding.blocks:
        failure = SubElement(case, "failure", {"type": finding.code, "message": _xml_text(finding.message)})
        failure.text = _xml_text("\n".join(lines(finding)))
    else:
        SubElement(case, "skipped", {"message": _xml_text(described(finding))})


def _xml_text(value: str) -> str:
    return _NOT_XML.sub("", value)
