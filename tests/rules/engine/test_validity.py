"""Until when a verdict is valid: between now and then no rule may find anything else."""

import ast
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import incidentops.rules
from incidentops.core.moment import EARLIEST, LATEST, plus
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from incidentops.rules.engine.validity import valid_until
from make import NOW, a_handbook, a_near_miss, a_time, a_timeline, an_entry, an_incident
from rules.records_drawn import records

HANDBOOK = a_handbook()
DUE = {"key": "a", "title": "Pin it", "owner": "ana", "severity": "S3", "due": "2026-11-25"}
WAIVER = {"rule": "STA003", "reason": "Watched by hand", "until": "2026-11-30", "by": "bo"}


def findings_at(incident, now: datetime):
    return prepare(context(now, HANDBOOK)).check(incident, "").findings


def until(incident, now: datetime = NOW) -> datetime:
    return valid_until(incident, findings_at(incident, now), context(now, HANDBOOK))


def test_an_incident_that_is_over_holds_for_ever():
    assert LATEST == until(an_incident())
    assert LATEST == until(a_near_miss())


def test_a_live_incident_is_checked_in_every_run():
    assert NOW == until(an_incident(*a_timeline()[:2]))


def test_a_time_in_the_future_is_checked_in_every_run():
    assert NOW == until(an_incident(review={"started": "2026-11-22T09:00:00Z"}))
    assert NOW == until(an_incident(corrective_actions=[{**DUE, "done": "2026-11-22", "evidence": "x"}]))


def test_an_open_action_holds_until_its_day_is_over_and_then_for_ever():
    incident = an_incident(corrective_actions=[DUE])
    after = datetime.fromisoformat("2026-11-26T00:00:00Z")
    assert after == until(incident)
    assert LATEST == until(incident, after)
    assert LATEST == until(an_incident(corrective_actions=[{**DUE, "wont_do": "too late"}]))


def test_a_waiver_holds_until_its_last_day_is_over():
    assert datetime.fromisoformat("2026-12-01T00:00:00Z") == until(an_incident(waivers=[WAIVER]))


def test_the_nearest_of_several_ends_counts():
    both = an_incident(waivers=[WAIVER], corrective_actions=[DUE])
    assert datetime.fromisoformat("2026-11-26T00:00:00Z") == until(both)


def test_a_review_that_is_not_started_holds_until_it_is_due():
    timeline = [an_entry("10:00", severity="S1", engage="eoc"), an_entry("10:20", state="resolved")]
    due = a_time("18:00")  # the end of ana's day in Lisbon
    assert due + timedelta(microseconds=1) == until(an_incident(*timeline))
    assert LATEST == until(an_incident(*timeline), due + timedelta(seconds=1))
    assert LATEST == until(an_incident(*timeline, review={"started": "2026-11-21T10:30:00Z"}))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_edges_of_the_calendar_are_no_trouble(day):
    assert LATEST == until(an_incident(waivers=[{**WAIVER, "until": day}], corrective_actions=[{**DUE, "due": day}]))


moments = st.datetimes(datetime(2026, 11, 1), datetime(2027, 1, 31)).map(  # noqa: DTZ001
    lambda at: at.replace(microsecond=0, tzinfo=NOW.tzinfo)
)


soon = st.dates(date(2026, 11, 1), date(2027, 1, 31)).map(lambda day: day.isoformat())
actions = st.lists(
    st.fixed_dictionaries({"key": st.sampled_from("ab"), "title": st.just("x"), "due": soon}), max_size=2
)
waivers = st.lists(
    st.builds(lambda rule, day: {**WAIVER, "rule": rule, "until": day}, st.sampled_from(["RCA002", "ACT003"]), soon),
    max_size=2,
)


@st.composite
def over(draw: st.DrawFn):
    """Incidents that are over, with what may be open after the end."""
    entries = [an_entry("10:00", severity=draw(st.sampled_from(["S1", "S3"])), engage="eoc"), *a_timeline()[1:]]
    return an_incident(*entries, corrective_actions=draw(actions), waivers=draw(waivers))


@given(records() | over(), moments, st.integers(0, 90 * 86400) | st.just(10**12), st.data())
def test_until_then_the_verdict_is_the_same(incident, now, seconds, data):
    """Also right at the end, and just before it."""
    end = until(incident, now)
    assert EARLIEST < end
    edge = data.draw(st.sampled_from([end - timedelta(seconds=1), end - timedelta(microseconds=1)]))
    for later in (plus(now, timedelta(seconds=seconds)), edge, LATEST - timedelta(days=1)):
        if now <= later < end:
            assert findings_at(incident, now) == findings_at(incident, later)


def test_every_rule_that_reads_the_clock_has_an_end_of_validity():
    """Timers are those of obligations. A rule that looks at the clock itself has to have its end in `valid_until`."""
    assert {"TIM002"} == _asking()


def _asking() -> set[str]:
    found = set()
    for path in Path(incidentops.rules.__file__).parent.glob("*.py"):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.decorator_list and _asks(node):
                found.add(node.decorator_list[0].args[0].value)
    return found


def _asks(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr == "now"
        and isinstance(node.value, ast.Name)
        and node.value.id in ("ctx", "context")
        for node in ast.walk(function)
    )
