"""SEC: confidential until the disclosure, published only to the public, widened only by the owner."""

import pytest

from incidentops.rules import security
from make import a_moment, a_near_miss, a_time, an_entry, an_incident
from rules.asked import messages, places


def disclosed(at: str, **more: object) -> dict[str, object]:
    return {"class": "abuse", "disclosure": {"approved_by": "cy", "at": a_moment(at)}, **more}


FIRST = an_entry("14:02", severity="S3")


@pytest.mark.parametrize(
    ("entries", "more", "found"),
    [
        pytest.param([], {}, [], id="no security record"),
        pytest.param([], {"security": {"class": "abuse"}, "audience": "confidential"}, [], id="confidential"),
        pytest.param([], {"security": {"class": "abuse"}}, ["security"], id="internal by default"),
        pytest.param([], {"security": {"class": "abuse"}, "audience": "public"}, ["audience"], id="public"),
        pytest.param([], {"security": disclosed("14:02"), "audience": "public"}, [], id="disclosed by then"),
        pytest.param([], {"security": disclosed("14:02:01"), "audience": "public"}, ["audience"], id="a second early"),
        pytest.param(
            [an_entry("14:05", audience="public", why="fixed")],
            {"security": disclosed("14:05"), "audience": "confidential"}, [], id="widened at the disclosure",
        ),
        pytest.param(
            [an_entry("14:04", audience="public", why="fixed"), an_entry("14:04")],
            {"security": disclosed("14:05"), "audience": "confidential"}, ["timeline.1.audience"],
            id="widened too early, one finding",
        ),
        pytest.param(
            [an_entry("14:03", audience="confidential", why="z"), an_entry("14:04", audience="internal", why="x"),
             an_entry("14:05", audience="public", why="y"), an_entry("14:06")],
            {"security": {"class": "abuse"}}, ["security", "timeline.2.audience", "timeline.3.audience"],
            id="each entry that decides on it",
        ),
    ],
)  # fmt: skip
def test_a_security_record_is_confidential_until_its_disclosure(
    entries: list[dict[str, object]], more: dict[str, object], found: list[str]
):
    assert found == places(security.security_record_not_confidential, an_incident(FIRST, *entries, **more))
    assert found == places(security.security_record_not_confidential, a_near_miss(FIRST, *entries, **more))


def test_the_message_names_the_disclosure():
    assert [
        "the audience is internal at 14:02Z, but the disclosure is at 2026-11-21T15:00:00Z",
    ] == messages(security.security_record_not_confidential, an_incident(FIRST, security=disclosed("15:00")))


@pytest.mark.parametrize(
    ("record", "first", "what"),
    [
        (None, FIRST, None),
        ({"class": "abuse"}, FIRST, None),
        ({"class": "abuse", "path_blocked": "partial"}, FIRST, None),
        ({"class": "abuse", "path_blocked": "whole"}, FIRST, "a whole path is blocked"),
        ({"class": "unauthorized_access"}, FIRST, "unauthorized access"),
        ({"class": "abuse"}, an_entry("14:02", severity="S1"), "a security incident is S1"),
    ],
)
def test_a_grave_security_incident_calls_the_imoc(record: object, first: dict[str, object], what: str | None):
    expected = [f"{what}, and no imoc was paged or engaged within 15m of 14:02Z"] if what else []
    assert expected == messages(security.security_without_imoc, an_incident(first, security=record))


@pytest.mark.parametrize(
    ("entries", "now", "found"),
    [
        ([], "14:17", False),
        ([], "14:17:01", True),
        ([an_entry("14:17", page="imoc")], "15:00", False),
        ([an_entry("14:17:01", page="imoc")], "15:00", True),
        ([an_entry("14:17", state="resolved")], "15:00", False),
    ],
)
def test_the_imoc_is_called_in_time(entries: list[dict[str, object]], now: str, found: bool):
    incident = an_incident(FIRST, *entries, security={"class": "unauthorized_access"})
    assert found == bool(places(security.security_without_imoc, incident, now=a_time(now)))


def test_an_s1_counts_from_when_it_became_one():
    incident = an_incident(FIRST, an_entry("14:30", severity="S1"), security={"class": "abuse"})
    assert [] == places(security.security_without_imoc, incident, now=a_time("14:45"))
    assert ["security"] == places(security.security_without_imoc, incident, now=a_time("14:45:01"))


@pytest.mark.parametrize(
    ("entries", "more", "found"),
    [
        pytest.param([an_entry("14:05", publish="x")], {"audience": "public"}, [], id="public"),
        pytest.param([an_entry("14:05", publish="x")], {}, ["published at 14:05Z, but the audience is internal"],
                     id="internal"),
        pytest.param([an_entry("14:05", audience="public", why="y", publish="x")], {}, [],
                     id="widened in the same entry"),
        pytest.param([an_entry("14:05", publish="x"), an_entry("14:06", audience="confidential", why="y")],
                     {"audience": "public"}, [], id="narrowed later"),
        pytest.param([an_entry("14:05", publish="x")], {"audience": "public", "security": disclosed("14:05")}, [],
                     id="disclosed"),
        pytest.param([an_entry("14:05", publish="x")], {"audience": "public", "security": disclosed("14:06")},
                     ["published at 14:05Z, but the disclosure is at 2026-11-21T14:06:00Z"], id="too early"),
        pytest.param([an_entry("14:05", publish="x")], {"audience": "public", "security": {"class": "abuse"}},
                     ["published at 14:05Z, but this is a security record without a disclosure"], id="no disclosure"),
    ],
)  # fmt: skip
def test_only_what_is_public_is_published(entries: list[dict[str, object]], more: dict[str, object], found: list[str]):
    assert found == messages(security.published_to_the_wrong_audience, an_incident(FIRST, *entries, **more))


@pytest.mark.parametrize(
    ("entries", "found"),
    [
        pytest.param([an_entry("14:05", audience="public", why="x")], [], id="by the owner"),
        pytest.param([an_entry("14:05", by="bo", audience="confidential", why="x")], [], id="narrowed by anybody"),
        pytest.param([an_entry("14:05", by="bo", audience="internal", why="x")], [], id="repeated by anybody"),
        pytest.param(
            [an_entry("14:05", by="bo", audience="public", why="x")],
            ["audience widened from internal to public by 'bo', but 'ana' owns the incident"], id="by somebody else",
        ),
        pytest.param(
            [an_entry("14:05", by="bo", engage="imoc", audience="public", why="x")],
            ["audience widened from internal to public by 'bo', but 'ana' owns the incident"],
            id="the audience comes before the engagement",
        ),
    ],
)  # fmt: skip
def test_the_owner_decides_who_may_know_more(entries: list[dict[str, object]], found: list[str]):
    assert found == messages(security.audience_widened_by_non_owner, an_incident(FIRST, *entries))


def test_the_declarer_may_widen_at_once():
    incident = an_incident(an_entry("14:02", severity="S3", audience="public", why="x", engage="eoc", who="bo"))
    assert [] == places(security.audience_widened_by_non_owner, incident)
