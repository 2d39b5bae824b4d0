"""Findings as SARIF 2.1.0, for programs that collect what many tools found. The help of a rule is its documentation."""

import json
from collections.abc import Sequence
from urllib.parse import quote

from incidentops import __version__
from incidentops.core.finding import Finding, Level, Location
from incidentops.core.text import visible
from incidentops.render.findings import fingerprints
from incidentops.rules.engine.catalogue import BY_CODE
from incidentops.rules.engine.documentation import rule_document

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/schemas/sarif-schema-2.1.0.json"
_LEVEL = {Level.BLOCK: "error", Level.ADVISE: "warning"}


def sarif(findings: Sequence[Finding]) -> str:
    """Return findings as a SARIF log, ASCII only. What is waived is a result with a suppression."""
    codes = sorted({finding.code for finding in findings})
    marked = zip(findings, fingerprints(findings), strict=True)
    run = {
        "tool": {
            "driver": {"name": "incidentops", "version": __version__, "rules": [_rule(code) for code in codes]},
        },
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, codes.index(finding.code), mark) for finding, mark in marked],
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _rule(code: str) -> dict[str, object]:
    rule, documentation = BY_CODE[code], rule_document(code)
    return {
        "id": code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "help": {"text": documentation, "markdown": documentation},
        "defaultConfiguration": {"level": _LEVEL[rule.level]},
    }


def _result(finding: Finding, index: int, mark: str) -> dict[str, object]:
    message = f"{finding.message} (hint: {finding.hint})" if finding.hint else finding.message
    result: dict[str, object] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVEL[finding.level],
        "message": {"text": _text(message)},
        "locations": [_location(finding.location)],
        "partialFingerprints": {"incidentops/v1": mark},
    }
    if finding.other is not None:
        result["relatedLocations"] = [_location(finding.other)]
    if finding.waived:
        result["suppressions"] = [{"kind": "inSource", "justification": finding.waived}]
    return result


def _location(place: Location) -> dict[str, object]:
    """A file is named by a URI relative to the repository, so what a name may not hold there is percent-encoded."""
    file = quote(place.file.encode("utf-8", "surrogateescape"))
    region = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": {"artifactLocation": {"uri": file, "uriBaseId": "%SRCROOT%"}, "region": region}}


def _text(text: str) -> str:
    """Return a text that a reader of SARIF shows as it is: no placeholder (3.11.5), no link (3.11.6) is in it."""
    return visible(text).replace("{", "{{").replace("}", "}}").replace("](", "] (")
