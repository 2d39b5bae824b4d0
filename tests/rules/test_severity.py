"""SEV: serious incidents have an incident manager, and changes of mind a reason."""

import pytest

from incidentops.rules import severity
from make import a_time, an_entry, an_incident
from rules.asked import messages, places


@pytest.mark.parametrize(
    ("entries", "now", "found"),
    [
        pytest.param([], "14:17", [], id="live, exactly when the time runs out"),
        pytest.param([], "14:17:01", ["timeline.0.severity"], id="live, a second later"),
        pytest.param([an_entry("14:17", page="imoc")], "15:00", [], id="paged at the last second"),
        pytest.param([an_entry("14:17:01", page="imoc")], "15:00", ["timeline.0.severity"], id="paged too late"),
        pytest.param([an_entry("14:10", by="bo", engage="imoc")], "15:00", [], id="engaged in time"),
        pytest.param([an_entry("14:17", severity="S3", why="few users")], "15:00", [], id="lowered in time"),
        pytest.param([an_entry("14:10", severity="S1")], "15:00", ["timeline.0.severity"], id="raised: one interval"),
        pytest.param([an_entry("14:17", state="resolved")], "15:00", [], id="over in time"),
        pytest.param([an_entry("14:18", state="resolved")], "14:18", ["timeline.0.severity"], id="over too late"),
        pytest.param(
            [
                an_entry("14:05", severity="S3", why="few users"),
                an_entry("14:30", severity="S1"),
            ],
            "15:00", ["timeline.2.severity"], id="the second interval was too long",
        ),
        pytest.param(
            [an_entry("14:05", state="resolved"), an_entry("14:30", state="investigating", why="again")],
            "15:00", ["timeline.2.severity"], id="reopened and serious still",
        ),
    ],
)  # fmt: skip
def test_a_serious_incident_calls_the_imoc_in_time(entries: list[dict[str, object]], now: str, found: list[str]):
    incident = an_incident(an_entry("14:02", severity="S2", engage="eoc"), *entries)
    assert found == places(severity.serious_without_imoc, incident, now=a_time(now))


def test_a_page_before_it_became_serious_counts():
    incident = an_incident(an_entry("14:02", severity="S3", page="imoc"), an_entry("14:30", severity="S1"))
    assert [] == places(severity.serious_without_imoc, incident)


def test_an_incident_without_any_severity_is_not_serious():
    assert [] == places(severity.serious_without_imoc, an_incident(an_entry("14:02")))


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (an_entry("14:05", severity="S3"), True),
        (an_entry("14:05", severity="S3", why="only our own pipeline"), False),
        (an_entry("14:05", severity="S1"), False),
        (an_entry("14:05", severity="S2"), False),
    ],
)
def test_lowering_takes_a_reason(entry: dict[str, object], found: bool):
    incident = an_incident(an_entry("14:02", severity="S2"), entry)
    assert (["severity lowered from S2 to S3 without a reason"] if found else []) == messages(
        severity.severity_lowered_without_why, incident
    )


def test_a_first_severity_lowers_nothing():
    incident = an_incident(an_entry("14:02"), an_entry("14:03", severity="S4"))
    assert [] == places(severity.severity_lowered_without_why, incident)


@pytest.mark.parametrize(
    ("review", "found"),
    [
        (None, []),
        ({"owner": "ana"}, []),
        ({"severity": "S3"}, []),
        ({"severity": "S2"}, ["review.severity"]),
        ({"severity": "S2", "why": "it cost data"}, []),
    ],
)
def test_the_review_says_why_it_classifies_anew(review: dict[str, str] | None, found: list[str]):
    assert found == places(severity.review_severity_differs, an_incident(review=review))


def test_without_a_severity_in_the_timeline_the_review_differs_from_nothing():
    assert [] == places(severity.review_severity_differs, an_incident(an_entry("14:02"), review={"severity": "S2"}))
