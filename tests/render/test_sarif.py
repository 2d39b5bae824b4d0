"""SARIF 2.1.0: the shape that its schema asks for, in the parts that are used, and nothing that a reader interprets."""

import json

import jsonschema
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from incidentops.core.finding import Finding, Level, Location
from incidentops.render.sarif import sarif
from incidentops.rules.engine.catalogue import ALL

FILE = "incidents/2026/2026-11-21-registry-503.yaml"
BLOCK = Finding(
    "TIM001", Level.BLOCK, Location(FILE, 14, 5), "entry 3 is earlier", "move it", other=Location(FILE, 12, 5)
)
ADVICE = Finding("OWN002", Level.ADVISE, Location(FILE, 20, 1), "nobody engaged")
WAIVED = replace(ADVICE, code="SEV001", waived="until 2026-12-31 by 'bo': 'The pager was broken'")


def exactly(required: dict[str, object], **optional: object) -> dict[str, object]:
    """An object with these properties and no others."""
    return {
        "type": "object",
        "required": list(required),
        "additionalProperties": False,
        "properties": {**required, **optional},
    }


TEXT = {"type": "string", "minLength": 1}
MESSAGE = exactly({"text": TEXT})
LEVEL = {"enum": ["none", "note", "warning", "error"]}
PLACE = exactly(
    {
        "physicalLocation": exactly(
            {
                "artifactLocation": exactly({"uri": {"type": "string", "format": "uri-reference"}, "uriBaseId": TEXT}),
                "region": exactly(
                    {"startLine": {"type": "integer", "minimum": 1}, "startColumn": {"type": "integer", "minimum": 1}}
                ),
            }
        )
    }
)
RULE = exactly(
    {
        "id": TEXT,
        "name": TEXT,
        "shortDescription": MESSAGE,
        "help": exactly({"text": TEXT, "markdown": TEXT}),
        "defaultConfiguration": exactly({"level": LEVEL}),
    }
)
RESULT = exactly(
    {
        "ruleId": TEXT,
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": MESSAGE,
        "locations": {"type": "array", "items": PLACE, "minItems": 1},
        "partialFingerprints": {"type": "object", "additionalProperties": TEXT},
    },
    relatedLocations={"type": "array", "items": PLACE, "uniqueItems": True},
    suppressions={
        "type": "array",
        "items": exactly({"kind": {"enum": ["inSource", "external"]}, "justification": TEXT}),
    },
)
DRIVER = exactly({"name": TEXT, "version": TEXT, "rules": {"type": "array", "items": RULE, "uniqueItems": True}})
RUN = exactly(
    {
        "tool": exactly({"driver": DRIVER}),
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "results": {"type": "array", "items": RESULT},
    }
)
LOG = exactly({"version": {"const": "2.1.0"}, "runs": {"type": "array", "items": RUN}, "$schema": {"format": "uri"}})


def run_of(findings: list[Finding]) -> dict:
    log = json.loads(sarif(findings))
    jsonschema.validate(log, LOG, jsonschema.Draft202012Validator)
    return log["runs"][0]


def test_results_have_their_place_level_and_mark():
    first, second, third = run_of([BLOCK, ADVICE, WAIVED])["results"]
    region = first["locations"][0]["physicalLocation"]
    assert {"uri": FILE, "uriBaseId": "%SRCROOT%"} == region["artifactLocation"]
    assert {"startLine": 14, "startColumn": 5} == region["region"]
    assert "entry 3 is earlier (hint: move it)" == first["message"]["text"]
    assert ["error", "warning", "warning"] == [result["level"] for result in (first, second, third)]
    assert 12 == first["relatedLocations"][0]["physicalLocation"]["region"]["startLine"]
    assert 3 == len({result["partialFingerprints"]["incidentops/v1"] for result in (first, second, third)})


def test_what_is_waived_is_suppressed_with_its_reason():
    first, second = run_of([ADVICE, WAIVED])["results"]
    assert "suppressions" not in first
    assert [{"kind": "inSource", "justification": WAIVED.waived}] == second["suppressions"]


def test_rules_bring_their_pages_as_help_and_only_those_that_found_something():
    run = run_of([WAIVED, BLOCK, ADVICE, BLOCK])
    rules = run["tool"]["driver"]["rules"]
    assert ["OWN002", "SEV001", "TIM001"] == [rule["id"] for rule in rules]
    assert [rules[result["ruleIndex"]]["id"] for result in run["results"]] == [r["ruleId"] for r in run["results"]]
    assert rules[2]["help"]["markdown"].startswith("# TIM001 timeline-out-of-order\n")


def test_nothing_found_is_a_run_without_results():
    assert [] == run_of([])["results"]


def test_every_rule_can_be_reported():
    run = run_of([replace(ADVICE, code=rule.code) for rule in ALL])
    assert sorted(rule.code for rule in ALL) == [rule["id"] for rule in run["tool"]["driver"]["rules"]]


def test_a_file_is_named_by_a_uri():
    result = run_of([replace(ADVICE, location=Location("incidents/a b\x1b?é#.yaml", 1, 1))])["results"][0]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert "incidents/a%20b%1B%3F%C3%A9%23.yaml" == uri


def test_a_text_is_neither_link_nor_placeholder():
    result = run_of([replace(ADVICE, message="found '[here](https://evil.example) {0}'")])["results"][0]
    assert "found '[here] (https://evil.example) {{0}}'" == result["message"]["text"]


@given(st.text(min_size=1, max_size=80), st.text(max_size=40))
def test_it_is_plain_ascii_whatever_is_in_it(message: str, file: str):
    report = sarif([replace(BLOCK, message=message, waived=message, location=Location(file or "x", 1, 1))])
    assert report.isascii()
    assert json.loads(report)
