"""WAV: exceptions are data, with an end, and only for rules of the process."""

from datetime import date

import pytest

from incidentops.core.finding import Finding, Level, Location
from incidentops.rules.engine.catalogue import BY_CODE
from incidentops.rules.engine.waivers import waived, waiver_problems
from make import an_incident

TODAY = date(2026, 11, 21)


def a_waiver(rule: str = "OWN002", until: str = "2026-12-31", reason: str = "The pager was broken\n") -> dict[str, str]:
    return {"rule": rule, "reason": reason, "until": until, "by": "bo"}


def problems_of(waiver: dict[str, str], *found: str) -> list[tuple[str, str]]:
    incident = an_incident(waivers=[waiver])
    return [
        (rule.code, ".".join(map(str, problem.pointer)))
        for rule, problem in waiver_problems(incident, frozenset(found), BY_CODE, TODAY)
    ]


@pytest.mark.parametrize(
    ("waiver", "found", "expected"),
    [
        pytest.param(a_waiver(), ["OWN002"], [], id="in use"),
        pytest.param(a_waiver(until="2026-11-21"), ["OWN002"], [], id="on its last day"),
        pytest.param(a_waiver(until="2026-11-20"), ["OWN002"], [("WAV001", "waivers.0.until")], id="past it"),
        pytest.param(a_waiver(), ["OWN001"], [("WAV002", "waivers.0.rule")], id="matches nothing"),
        pytest.param(
            a_waiver(until="2026-11-20"), [], [("WAV001", "waivers.0.until"), ("WAV002", "waivers.0.rule")],
            id="whether it matches does not depend on the clock",
        ),
        pytest.param(a_waiver("REC006"), ["REC006"], [("WAV003", "waivers.0.rule")], id="cannot be waived"),
        pytest.param(a_waiver("XYZ999", until="2026-11-20"), [], [("WAV003", "waivers.0.rule")], id="no such rule"),
        pytest.param(a_waiver("WAV002"), [], [("WAV003", "waivers.0.rule")], id="waivers cannot be waived"),
    ],
)  # fmt: skip
def test_a_waiver_needs_a_rule_that_can_be_waived_a_finding_and_a_day_to_come(
    waiver: dict[str, str], found: list[str], expected: list[tuple[str, str]]
):
    assert expected == problems_of(waiver, *found)


@pytest.mark.parametrize(
    ("word", "message", "hint"),
    [
        ("nobody-engaged", "there is no rule 'nobody-engaged'", "write its code: OWN002"),
        ("OWN02", "there is no rule 'OWN02'", "did you mean 'OWN002' or 'OWN005'?"),
        ("SEC001", "SEC001 (security-record-not-confidential) cannot be waived",
         "fix what it found; only rules of the process can be waived"),
    ],
)  # fmt: skip
def test_an_impossible_waiver_says_what_would_be_possible(word: str, message: str, hint: str):
    incident = an_incident(waivers=[a_waiver(word)])
    ((_, problem),) = waiver_problems(incident, frozenset(), BY_CODE, TODAY)
    assert (message, hint) == (problem.message, problem.hint)


def test_only_process_rules_can_be_waived():
    never = {"HBK", "YML", "SCH", "REC", "TIM", "DIF", "WAV"}
    expected = {c for c in BY_CODE if c[:3] not in never} - {"SEC001", "SEC003", "SEC004"}
    expected |= {"TIM005", "TIM006", "TIM007", "DIF001", "DIF003"}
    assert expected == {code for code, rule in BY_CODE.items() if rule.waivable}


def a_finding(code: str) -> Finding:
    return Finding(code, Level.ADVISE, Location("incidents/x.yaml"), "late")


def test_a_waiver_marks_every_finding_of_its_rule_with_the_reason():
    waivers = an_incident(waivers=[a_waiver()]).waivers
    covered, other = waived([a_finding("OWN002"), a_finding("SEV001")], waivers, BY_CODE, TODAY)
    assert covered.waived == "until 2026-12-31 by 'bo': 'The pager was broken'"
    assert other.waived == ""


@pytest.mark.parametrize("waiver", [a_waiver(until="2026-11-20"), a_waiver("SEC001"), a_waiver("XYZ999")])
def test_a_waiver_that_does_not_hold_marks_nothing(waiver: dict[str, str]):
    waivers = an_incident(waivers=[waiver]).waivers
    findings = [a_finding("OWN002"), a_finding("SEC001")]
    assert findings == waived(findings, waivers, BY_CODE, TODAY)
