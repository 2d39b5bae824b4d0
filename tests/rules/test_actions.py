"""ACT: corrective actions have an owner, a day, and evidence at the end."""

import pytest

from incidentops.rules import actions
from make import a_near_miss, a_time, an_entry, an_incident
from rules.asked import messages, places


def an_action(**more: object) -> dict[str, object]:
    return {"key": "pin-chart", "title": "Pin the chart", **more}


@pytest.mark.parametrize(
    ("action", "found"),
    [
        (an_action(owner="ana", due="2026-12-05"), []),
        (an_action(owner="ana"), ["corrective action 'pin-chart' has no due"]),
        (an_action(due="2026-12-05"), ["corrective action 'pin-chart' has no owner"]),
        (
            an_action(done="2026-11-21", evidence="https://example.com"),
            ["corrective action 'pin-chart' has no owner and no due"],
        ),
    ],
)
def test_an_action_belongs_to_somebody_and_to_a_day(action: dict[str, object], found: list[str]):
    assert found == messages(actions.action_without_owner_or_due, an_incident(corrective_actions=[action]))


@pytest.mark.parametrize(
    ("action", "found"),
    [
        (an_action(due="2027-01-20"), []),
        (
            an_action(due="2027-01-21"),
            ["corrective action 'pin-chart' is due 2027-01-21; S3 allows 60d from 2026-11-21"],
        ),
        (an_action(due="2026-11-28", severity="S1"), []),
        (
            an_action(due="2026-11-29", severity="S1"),
            ["corrective action 'pin-chart' is due 2026-11-29; S1 allows 7d from 2026-11-21"],
        ),
        (an_action(), []),
    ],
)
def test_an_action_is_due_as_soon_as_its_severity_says(action: dict[str, object], found: list[str]):
    assert found == messages(actions.action_due_too_late, an_incident(corrective_actions=[action]))


def test_the_days_count_from_the_resolve_and_for_a_near_miss_from_the_first_entry():
    far = [an_action(due="9999-12-31")]
    assert [] == places(
        actions.action_due_too_late, an_incident(an_entry("14:02", severity="S3"), corrective_actions=far)
    )
    near_miss = a_near_miss(corrective_actions=[an_action(due="2026-12-22")])
    assert ["corrective action 'pin-chart' is due 2026-12-22; S2 allows 30d from 2026-11-21"] == messages(
        actions.action_due_too_late, near_miss
    )


def test_without_any_severity_nothing_is_too_late():
    assert [] == places(
        actions.action_due_too_late, a_near_miss(an_entry("14:02"), corrective_actions=[an_action(due="9999-12-31")])
    )


@pytest.mark.parametrize(
    ("more", "now", "found"),
    [
        ({}, "2026-12-05T23:59:59Z", False),
        ({}, "2026-12-06T00:00:00Z", True),
        ({"done": "2027-01-01"}, "2027-06-01T00:00:00Z", False),
        ({"wont_do": "the registry is gone"}, "2027-06-01T00:00:00Z", False),
        ({"due": None}, "2027-06-01T00:00:00Z", False),
    ],
)
def test_an_action_is_overdue_when_its_day_has_passed(more: dict[str, object], now: str, found: bool):
    action = an_action(**{"due": "2026-12-05", **more})
    incident = an_incident(corrective_actions=[{key: value for key, value in action.items() if value}])
    assert (["corrective_actions.0.due"] if found else []) == places(actions.action_overdue, incident, now=a_time(now))


@pytest.mark.parametrize(
    ("more", "found"),
    [({}, False), ({"done": "2026-11-21"}, True), ({"done": "2026-11-21", "evidence": "MR 7"}, False)],
)
def test_what_is_done_can_be_seen(more: dict[str, object], found: bool):
    incident = an_incident(corrective_actions=[an_action(**more)])
    assert (["corrective_actions.0.done"] if found else []) == places(actions.action_done_without_evidence, incident)
