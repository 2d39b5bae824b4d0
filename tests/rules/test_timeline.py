"""TIM: order, the future, and times that contradict each other."""

import pytest

from incidentops.rules import timeline
from make import a_near_miss, a_time, an_entry, an_incident
from rules.asked import messages, places


def test_entries_of_the_same_time_are_in_order():
    assert [] == places(
        timeline.timeline_out_of_order, an_incident(an_entry("14:02", severity="S3"), an_entry("14:02"))
    )


def test_an_earlier_entry_is_named_with_the_one_before_it():
    incident = an_incident(an_entry("14:02", severity="S3"), an_entry("14:05"), an_entry("14:04:59"))
    assert ["entry 3 is earlier than entry 2 (14:04:59Z after 14:05Z)"] == messages(
        timeline.timeline_out_of_order, incident
    )


def test_an_earlier_entry_of_another_day_is_named_with_its_day():
    incident = an_incident(an_entry("14:02", severity="S3"), an_entry("2026-11-20T14:00:00Z"))
    assert ["entry 2 is earlier than entry 1 (2026-11-20T14:00:00Z after 14:02Z)"] == messages(
        timeline.timeline_out_of_order, incident
    )


@pytest.mark.parametrize(("at", "found"), [("16:05", []), ("16:05:01", ["timeline.1.at"])])
def test_a_time_may_be_later_than_now_by_the_clock_skew(at: str, found: list[str]):
    incident = an_incident(an_entry("14:02", severity="S3"), an_entry(at))
    assert found == places(timeline.time_in_the_future, incident)


def test_every_time_that_tells_of_the_past_is_looked_at():
    late = "2026-11-21T17:00:00Z"
    incident = an_incident(
        alerts=[
            {"source": "p", "id": "1", "fired": late, "acknowledged": late,
             "change": {"at": late, "by": "ana", "why": "flappy"}},
            {"source": "p", "id": "2", "fired": "2026-11-21T14:00:00Z"},
        ],
        impact={"started": late, "detected": late, "ended": late},
        review={"owner": "ana", "started": late, "completed": late},
        corrective_actions=[
            {"key": "a", "title": "A", "done": "2026-11-22"},
            {"key": "b", "title": "B", "done": "2026-11-21"},
            {"key": "c", "title": "C"},
        ],
    )  # fmt: skip
    expected = [
        "alerts.0.fired", "alerts.0.acknowledged", "alerts.0.change.at", "impact.started", "impact.detected",
        "impact.ended", "review.started", "review.completed", "corrective_actions.0.done",
    ]  # fmt: skip
    assert expected == places(timeline.time_in_the_future, incident)


def test_a_disclosure_may_be_agreed_on_for_a_day_to_come():
    incident = an_incident(
        security={"class": "abuse", "disclosure": {"approved_by": "cy", "at": "2027-01-01T00:00:00Z"}}
    )
    assert [] == places(timeline.time_in_the_future, incident)


def test_times_at_the_edge_of_the_calendar_do_not_fail():
    incident = an_incident(an_entry("9999-12-31T23:59:59Z", severity="S3"), an_entry("0001-01-01T00:00:00Z"))
    assert ["timeline.0.at"] == places(timeline.time_in_the_future, incident, now=a_time("0001-01-01T00:00:00Z"))


def test_the_first_entry_declares_so_it_has_a_severity():
    late = an_incident(an_entry("14:02"), an_entry("14:03", severity="S1"))
    assert ["timeline.0"] == places(timeline.first_entry_without_severity, late)
    assert [] == places(timeline.first_entry_without_severity, an_incident())


def impact(**times: str) -> dict[str, str]:
    return {name: f"2026-11-{time}" for name, time in times.items()}


@pytest.mark.parametrize(
    ("times", "found"),
    [
        (None, []),
        (impact(ended="21T13:00:00Z"), []),
        (impact(started="21T14:00:00Z", ended="21T14:00:00Z"), []),
        (impact(started="21T14:00:00Z", ended="21T13:59:59Z"), ["impact.ended"]),
        (impact(started="21T14:00:00Z", detected="20T14:00:00Z"), []),
        (impact(started="21T14:00:00Z", detected="20T13:59:59Z"), ["impact.detected"]),
        (impact(started="21T15:10:00Z"), []),
        (impact(started="21T15:10:01Z"), ["impact.started"]),
    ],
)
def test_impact_times_fit_together(times: dict[str, str] | None, found: list[str]):
    assert found == places(timeline.impossible_times, an_incident(impact=times))


def test_the_impact_of_a_live_incident_may_start_after_an_earlier_resolve():
    incident = an_incident(
        an_entry("14:02", severity="S3", state="resolved"),
        an_entry("15:00", state="investigating", why="again"),
        impact=impact(started="21T14:50:00Z"),
    )
    assert [] == places(timeline.impossible_times, incident)


@pytest.mark.parametrize(("acknowledged", "found"), [("14:00", []), ("13:59", ["alerts.0.acknowledged"]), (None, [])])
def test_an_alert_is_acknowledged_after_it_fired(acknowledged: str | None, found: list[str]):
    alert = {"source": "p", "id": "1", "fired": "2026-11-21T14:00:00Z"}
    if acknowledged:
        alert["acknowledged"] = f"2026-11-21T{acknowledged}:00Z"
    assert found == places(timeline.impossible_times, an_incident(alerts=[alert]))
    assert found == places(timeline.impossible_times, a_near_miss(alerts=[alert]))
