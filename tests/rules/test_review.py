"""RCA: the review has an owner, starts in time, says what it must, and names nobody."""

import pytest

from incidentops.model.incident import Incident
from incidentops.rules import review
from make import a_handbook, a_near_miss, a_time, an_entry, an_incident
from rules.asked import messages, places

HANDBOOK = a_handbook()


def resolved(
    at: str = "15:00", by: str = "bo", engage: str | None = "eoc", severity: str = "S2", **more: object
) -> Incident:
    roles = {"engage": engage} if engage else {}
    return an_incident(
        an_entry("14:02", by=by, severity=severity, **roles), an_entry(at, by=by, state="resolved"), **more
    )


@pytest.mark.parametrize(
    ("incident", "found"),
    [
        (resolved(), False),
        (resolved(engage=None), True),
        (resolved(engage="imoc"), True),
        (resolved(engage=None, review={"owner": "ana"}), False),
        (resolved(engage=None, review={"why": "later"}), True),
        (resolved(engage=None, severity="S3"), False),
        (an_incident(an_entry("14:02", severity="S1")), False),
        (an_incident(an_entry("14:02"), an_entry("14:03", state="resolved")), False),
    ],
)
def test_a_review_that_is_due_has_an_owner(incident: Incident, found: bool):
    assert found == bool(places(review.review_without_owner, incident))


def test_the_highest_severity_decides():
    incident = an_incident(
        an_entry("14:02", severity="S1"), an_entry("14:03", severity="S4", why="x"), an_entry("14:04", state="resolved")
    )
    assert ["review"] == places(review.review_without_owner, incident)


# Bo works in Stockholm (UTC+1 in November) until 18:00, that is 17:00 UTC.
@pytest.mark.parametrize(
    ("at", "now", "late"),
    [
        pytest.param("15:00", "17:00", False, id="at the end of the day"),
        pytest.param("15:00", "17:00:01", True, id="a second later"),
        pytest.param("17:00", "17:00:01", True, id="resolved at the very end of the day"),
        pytest.param("17:00:01", "2026-11-22T17:00:00Z", False, id="resolved after work: the next day's end"),
        pytest.param("17:00:01", "2026-11-22T17:00:01Z", True, id="and not later"),
        pytest.param("23:30", "2026-11-22T17:00:00Z", False, id="past midnight there"),
    ],
)
def test_a_review_starts_before_the_day_of_the_eoc_ends(at: str, now: str, late: bool):
    assert late == bool(places(review.review_not_started, resolved(at), now=a_time(now)))


def test_once_started_the_clock_no_longer_counts():
    late, early = a_time("2030-01-01T00:00:00Z"), a_time("15:00")
    in_time = resolved(review={"started": "2026-11-21T17:00:00Z"})
    too_late = resolved(review={"started": "2026-11-21T17:00:01Z"})
    for now in (late, early):
        assert [] == places(review.review_not_started, in_time, now=now)
        assert ["the review was started at 2026-11-21T17:00:01Z; it was due by 2026-11-21T17:00:00Z"] == messages(
            review.review_not_started, too_late, now=now
        )


def test_without_an_eoc_it_is_the_day_of_the_owner_else_of_who_resolved():
    by_ana = resolved(by="ana", engage=None)
    owned = resolved(by="ana", engage=None, review={"owner": "bo"})
    unowned = resolved(by="ana", engage=None, review={"why": "later"})
    now = a_time("17:30")
    assert [] == places(review.review_not_started, by_ana, now=now)
    assert ["review.started"] == places(review.review_not_started, owned, now=now)
    assert [] == places(review.review_not_started, unowned, now=now)


def test_the_handbook_may_give_a_span_instead():
    handbook = a_handbook(timers={"review_started": "2h"})
    assert [] == places(review.review_not_started, resolved(), handbook=handbook, now=a_time("17:00"))
    assert ["the review is not started; it was due by 2026-11-21T17:00:00Z"] == messages(
        review.review_not_started, resolved(), handbook=handbook, now=a_time("17:00:01")
    )


@pytest.mark.parametrize(
    "incident", [resolved(severity="S3"), an_incident(an_entry("14:02", severity="S1", engage="eoc"))]
)
def test_no_review_is_due(incident: Incident):
    assert [] == places(review.review_not_started, incident, now=a_time("2030-01-01T00:00:00Z"))


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_edge_of_the_calendar_does_not_fail(day: str):
    incident = an_incident(
        an_entry(f"{day}T00:00:00Z", severity="S1", engage="eoc", by="bo"),
        an_entry(f"{day}T23:59:59Z", by="bo", state="resolved"),
    )
    assert places(review.review_not_started, incident) in ([], ["review.started"])


COMPLETE = {
    "completed": "2026-11-21T15:30:00Z", "severity": "S3", "impact": "12% of pushes", "root_cause": "a dropped secret",
}  # fmt: skip
ACTIONS = [{"key": "a", "title": "A"}]


@pytest.mark.parametrize(
    ("given", "actions", "found"),
    [
        (None, None, None),
        ({"owner": "ana"}, None, None),
        (COMPLETE, ACTIONS, None),
        (COMPLETE, {"none_because": "it was a drill"}, None),
        (COMPLETE, [], "corrective_actions"),
        (COMPLETE, None, "corrective_actions"),
        ({"completed": COMPLETE["completed"]}, None, "severity, impact, root_cause, corrective_actions"),
        ({**COMPLETE, "root_cause": ""}, ACTIONS, "root_cause"),
    ],
)
def test_a_completed_review_says_what_it_must(given: object, actions: object, found: str | None):
    expected = [f"the review is completed without {found}"] if found else []
    for record in (
        an_incident(review=given, corrective_actions=actions),
        a_near_miss(review=given, corrective_actions=actions),
    ):
        assert expected == messages(review.completed_review_has_gaps, record)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("The reviewer did not see it", []),
        ("ANA SILVA did not see it", ["'Ana Silva' is named in the review"]),
        ("Ana did not see it", []),
        ("@ana, @Bo. and @bo-l: see it", ["'@ana' is named in the review", "'@Bo' is named in the review"]),
        ("@nobody and mail@ana", []),
        ("@linda saw it", ["'@linda' is named in the review"]),
    ],
)
def test_a_review_names_nobody(text: str, found: list[str]):
    people = {"ana": {"name": "Ana Silva"}, "bo": {"name": "Bo Lindqvist"}, "li": {"gitlab": "linda"}}
    incident = an_incident(review={"lessons": text})
    assert found == messages(review.review_names_a_person, incident, handbook=a_handbook(people=people))


def test_every_text_of_the_review_is_looked_at_but_why():
    texts = dict.fromkeys(("impact", "root_cause", "detection", "lessons", "why"), "@ana")
    assert ["review.impact", "review.root_cause", "review.detection", "review.lessons"] == places(
        review.review_names_a_person, an_incident(review=texts)
    )
    assert [] == places(review.review_names_a_person, an_incident())
