"""NMS: what a near miss has, and has not."""

import pytest

from incidentops.rules import near_miss
from make import a_near_miss, an_entry
from rules.asked import messages, places


def test_a_near_miss_has_no_course():
    record = a_near_miss(
        an_entry("14:02", severity="S2", state="investigating", status="operational"),
        an_entry("14:03", publish="all is well"),
        an_entry("14:04", engage="eoc", page="imoc", services=["web"]),
        impact={"started": "2026-11-21T14:00:00Z", "ended": "2026-11-21T14:01:00Z"},
    )
    assert ["timeline.0.state", "timeline.0.status", "timeline.1.publish", "impact.ended"] == places(
        near_miss.near_miss_with_a_course, record
    )


@pytest.mark.parametrize("impact", [None, {"started": "2026-11-21T14:00:00Z"}])
def test_a_near_miss_may_tell_of_a_risk(impact: object):
    assert [] == places(near_miss.near_miss_with_a_course, a_near_miss(impact=impact))


def test_a_near_miss_has_the_severity_that_it_would_have_had():
    assert ["timeline.0"] == places(near_miss.near_miss_without_severity, a_near_miss(an_entry("14:02")))
    assert [] == places(near_miss.near_miss_without_severity, a_near_miss())


@pytest.mark.parametrize(
    ("review", "found"),
    [
        (None, []),
        ({"owner": "ana"}, []),
        ({"started": "2026-11-21T15:00:00Z"}, []),
        ({"owner": "bo"}, ["'ana' noticed it, and 'bo' owns the review without a reason"]),
        ({"owner": "bo", "why": "knows the backups"}, []),
    ],
)
def test_who_noticed_owns_the_review_or_the_record_says_why_not(review: object, found: list[str]):
    assert found == messages(near_miss.near_miss_owner_without_why, a_near_miss(review=review))
