"""The runner: the handbook's levels, the record's waivers, places, order, and rules that fail."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from incidentops.core.finding import Level, Location, Problem
from incidentops.core.source import Document
from incidentops.model import build
from incidentops.model.change import ChangeAuthors, compare
from incidentops.model.incident import Incident
from incidentops.rules.engine.catalogue import ALL
from incidentops.rules.engine.context import context
from incidentops.rules.engine.rule import comparing, rule
from incidentops.rules.engine.runner import check_handbook, prepare
from make import HANDBOOK_FILE, NOW, a_document, a_handbook, a_handbook_data, a_near_miss, an_entry, an_incident
from rules.records_drawn import records

LATE = an_incident(an_entry("14:02", severity="S3"))
WAIVER = {"rule": "OWN002", "reason": "The pager was broken", "until": "2026-12-31", "by": "bo"}


def codes(incident: Incident, **handbook: object) -> list[str]:
    findings = prepare(context(NOW, a_handbook(**handbook))).check(incident, "").findings
    return [f"{f.code} {'waived' if f.waived else f.level}" for f in findings]


def test_a_record_that_is_fine_has_no_findings():
    assert [] == codes(an_incident())
    assert [] == codes(a_near_miss())


@pytest.mark.parametrize(
    ("setting", "expected"), [("advise", ["OWN002 advise"]), ("block", ["OWN002 block"]), ("off", [])]
)
def test_the_handbook_sets_the_level_of_a_rule(setting: str, expected: list[str]):
    assert expected == codes(LATE, rules={"OWN002": setting})


def test_raised_to_block_both_halves_of_a_rule_block():
    incident = an_incident(
        an_entry("14:02", severity="S3", engage="eoc", status="service_disruption"),
        an_entry("14:10", state="monitoring"),
        an_entry("15:00", state="resolved", status="operational"),
    )
    assert ["STA004 advise", "STA004 block"] == sorted(codes(incident))
    assert ["STA004 block", "STA004 block"] == codes(incident, rules={"STA004": "block"})
    assert ["STA004 advise", "STA004 advise"] == codes(incident, rules={"STA004": "advise"})


def test_a_waiver_covers_a_finding_without_hiding_it():
    incident = an_incident(an_entry("14:02", severity="S3"), waivers=[WAIVER])
    assert ["OWN002 waived"] == codes(incident)
    assert ["OWN002 waived"] == codes(incident, rules={"OWN002": "block"})
    assert ["WAV002 advise"] == codes(incident, rules={"OWN002": "off"})


def test_an_expired_waiver_gives_the_finding_back():
    incident = an_incident(an_entry("14:02", severity="S3"), waivers=[{**WAIVER, "until": "2026-11-20"}])
    assert ["OWN002 advise", "WAV001 advise"] == codes(incident)


def test_findings_stand_where_the_rule_points_or_where_it_says():
    places = {(): Location("x", 1, 1), ("timeline", 0): Location("x", 5, 5)}
    source = Document("x", b"", LATE.source.data, lambda pointer: places[pointer])
    incident = build.incident(source, LATE.now.ownership)
    found = prepare(context(NOW, a_handbook())).check(incident, "# password=hunter2").findings
    assert [("REC001", Location("x", 1, 1)), ("REC006", Location("x", 1, 11)), ("OWN002", Location("x", 5, 5))] == [
        (f.code, f.location) for f in found
    ]
    assert found[2].pointer == ("timeline", 0)


def test_the_same_problem_twice_is_one_finding():
    @rule("OWN001", "Twice")
    def twice(incident, ctx):
        yield Problem((), "the same")
        yield Problem((), "the same")

    assert 1 == len(prepare(context(NOW, a_handbook()), [twice]).check(LATE, "").findings)


def test_a_rule_that_fails_is_a_finding_and_the_others_still_run():
    @rule("OWN001", "Broken")
    def broken(incident, ctx):
        yield Problem((), "found before it failed")
        raise ZeroDivisionError

    rules = (broken, *ALL)
    incident = an_incident(
        an_entry("14:02", severity="S3"), waivers=[{**WAIVER, "rule": "OWN001"}, {**WAIVER, "until": "2026-11-20"}]
    )
    result = prepare(context(NOW, a_handbook()), rules).check(incident, "")
    findings = {f.message: f for f in result.findings}
    bug = findings["rule OWN001 failed, this is a bug"]
    assert (Level.BLOCK, "") == (bug.level, bug.waived)
    assert findings["found before it failed"].waived
    assert any(f.code == "OWN002" for f in result.findings)
    assert ("OWN001",) == result.bugs


def test_a_handbook_is_checked_as_a_document():
    assert () == check_handbook(a_document(a_handbook_data(), HANDBOOK_FILE))
    (finding,) = check_handbook(a_document(a_handbook_data(ownership=["boss"]), HANDBOOK_FILE))
    assert ("HBK002", Level.BLOCK, HANDBOOK_FILE) == (finding.code, finding.level, finding.location.file)


@given(records())
def test_no_record_makes_a_rule_fail(incident: Incident):
    assert () == prepare(context(NOW, a_handbook())).check(incident, "").bugs


_CLOCK = {"WAV001", "TIM002", "ACT003", "RCA002"}
"""What may depend on the clock once a record is resolved: waivers, the future, and open follow-ups."""


@given(records(), st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)))
def test_the_verdict_on_a_resolved_record_does_not_depend_on_the_clock(incident: Incident, later: timedelta):
    if incident.live:
        return
    handbook = a_handbook()
    verdicts = [
        {
            (f.code, f.level, f.pointer, f.message)
            for f in prepare(context(now, handbook)).check(incident, "").findings
            if f.code not in _CLOCK
        }
        for now in (NOW, NOW + later, NOW - later)
    ]
    assert verdicts[0] == verdicts[1] == verdicts[2]


@given(records())
def test_the_order_of_keys_does_not_matter(incident: Incident):
    def turned(node: object) -> object:
        if isinstance(node, dict):
            return {key: turned(value) for key, value in reversed(node.items())}
        return [turned(value) for value in node] if isinstance(node, list) else node

    other = build.incident(a_document(turned(incident.source.data)), incident.now.ownership)
    ctx = context(NOW, a_handbook())
    rules = prepare(ctx)
    assert rules.check(incident, "").findings == rules.check(other, "").findings


def test_a_finding_that_names_two_places_has_both():
    late, text = an_incident(an_entry("14:02", severity="S3"), an_entry("14:01")), ""
    source = Document(
        late.source.file, b"", late.source.data, lambda pointer: Location("x", len(pointer), pointer[1] + 1)
    )
    found = {f.code: f for f in prepare(context(NOW, a_handbook())).check(replace(late, source=source), text).findings}
    assert (Location("x", 3, 2), Location("x", 3, 1)) == (found["TIM001"].location, found["TIM001"].other)


def test_a_comparison_that_fails_hides_neither_what_it_found_nor_the_others():
    @comparing("TIM005", "Broken")
    def broken(change, ctx):
        yield Problem(("title",), "found before it broke")
        raise RuntimeError("a bug")

    before, after = an_incident(an_entry("15:50", severity="S3")), an_incident(an_entry("15:50", severity="S4"))
    change = compare(before, after, ChangeAuthors())
    result = prepare(context(NOW, a_handbook()), (*ALL, broken)).check(after, "", change)
    assert ("TIM005",) == result.bugs
    messages = {finding.message for finding in result.findings}
    assert {"found before it broke", "rule TIM005 failed, this is a bug"} < messages
    assert any(message.startswith("entry 1 is not as it landed") for message in messages)


@given(records())
def test_a_timed_rule_is_asked_only_where_it_has_something_to_say(incident: Incident):
    ctx = context(NOW, a_handbook()).reading("", incident)
    timed = [rule for rule in ALL if rule.timed and incident.kind in rule.kinds]
    assert {rule.code for rule in timed if [*rule.check(incident, ctx)]} == ctx.missed.keys() - {"STA004"}


def test_when_nobody_can_say_what_is_due_every_rule_that_asks_is_a_bug_and_the_others_are_checked():
    incident = an_incident(an_entry("14:02", severity="S3", audience="public", publish="Down"), an_entry("14:01"))
    results = prepare(context(NOW, replace(a_handbook(), severities={}))).check(incident, "")
    assert {"OWN002", "COM002", "STA005"} < set(results.bugs)
    assert "TIM001" in {finding.code for finding in results.findings}
