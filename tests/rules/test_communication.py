"""COM: customers read about it in time, often enough, in words that are for them, and at the end."""

import pytest

from incidentops.rules import communication
from make import a_handbook, a_near_miss, a_time, an_entry, an_incident
from rules.asked import messages, places

SOCIAL = a_handbook(statusio={"notify": {"social": True}})


@pytest.mark.parametrize(
    ("entries", "now", "found"),
    [
        pytest.param([], "14:17", [], id="live, exactly when the time runs out"),
        pytest.param([], "14:17:01", ["timeline.0"], id="live, a second later"),
        pytest.param([an_entry("14:17", publish="broken")], "15:00", [], id="published at the last second"),
        pytest.param([an_entry("14:17:01", publish="broken")], "15:00", ["timeline.0"], id="published too late"),
        pytest.param([an_entry("14:17", state="resolved")], "15:00", [], id="over in time"),
        pytest.param([an_entry("14:17:01", state="resolved")], "15:00", ["timeline.0"], id="over too late"),
        pytest.param([an_entry("14:10", severity="S3", why="few")], "15:00", [], id="no longer serious"),
        pytest.param([an_entry("14:10", audience="internal", why="ours")], "15:00", [], id="no longer public"),
        pytest.param([an_entry("14:10", severity="S1")], "14:15", [], id="the time is that of the start"),
    ],
)
def test_customers_read_about_a_serious_incident_in_time(entries: list[dict[str, object]], now: str, found: list[str]):
    incident = an_incident(an_entry("14:02", severity="S2"), *entries, audience="public")
    assert found == places(communication.first_update_late, incident, now=a_time(now))


def test_the_time_counts_from_when_it_became_both_public_and_serious():
    incident = an_incident(
        an_entry("14:02", severity="S3", publish="too early to count"),
        an_entry("14:20", severity="S1", state="identified"),
        audience="public",
    )
    assert [] == places(communication.first_update_late, incident, now=a_time("14:30"))
    assert ["public and S1 since 14:20Z, and no publish within 10m"] == messages(
        communication.first_update_late, incident, now=a_time("14:30:01")
    )


def test_a_publish_of_the_same_second_counts():
    incident = an_incident(an_entry("14:02", severity="S1", publish="broken"), audience="public")
    assert [] == places(communication.first_update_late, incident)


@pytest.mark.parametrize(
    ("entries", "now", "found"),
    [
        pytest.param([], "14:17", [], id="live, exactly when the time runs out"),
        pytest.param([], "14:17:01", ["timeline.0.publish"], id="live, a second later"),
        pytest.param([an_entry("14:17", publish="still")], "14:32", [], id="the next at the last second"),
        pytest.param([an_entry("14:17:01", publish="still")], "14:32", ["timeline.0.publish"], id="the next too late"),
        pytest.param([an_entry("14:17", state="resolved", publish="ok")], "15:50", [], id="resolved in time"),
        pytest.param([an_entry("14:18", state="resolved")], "15:50", ["timeline.0.publish"], id="resolved too late"),
        pytest.param(
            [an_entry("14:10", state="identified")], "14:20", ["timeline.0.publish"],
            id="what ruled at the start of the gap counts",
        ),
        pytest.param(
            [an_entry("14:10", state="identified", publish="found")], "14:40", [], id="identified wants it less often"
        ),
        pytest.param([an_entry("14:10", audience="internal", why="ours")], "15:50", [], id="no longer public"),
        pytest.param(
            [
                an_entry("14:10", state="resolved", publish="ok"),
                an_entry("15:00", state="investigating", why="again"),
                an_entry("15:05", publish="broken again"),
            ],
            "15:20", [], id="nothing is due while it is resolved",
        ),
    ],
)  # fmt: skip
def test_customers_read_updates_often_enough(entries: list[dict[str, object]], now: str, found: list[str]):
    incident = an_incident(an_entry("14:02", severity="S3", publish="broken"), *entries, audience="public")
    assert found == places(communication.updates_too_rare, incident, now=a_time(now))


def test_the_message_names_the_end_of_the_gap():
    first = an_entry("14:02", severity="S3", publish="broken")
    assert [
        "no publish within 15m after this one (14:02Z), the next was at 14:30Z; S3 investigating wants one that often"
    ] == messages(
        communication.updates_too_rare,
        an_incident(first, an_entry("14:30", publish="still"), audience="public"),
        now=a_time("14:31"),
    )
    assert [
        (
            "no publish within 15m after this one (14:02Z), it was resolved at 2026-11-22T14:30:00Z; "
            "S3 investigating wants one that often"
        )
    ] == messages(
        communication.updates_too_rare,
        an_incident(first, an_entry("2026-11-22T14:30:00Z", state="resolved"), audience="public"),
    )


@pytest.mark.parametrize(("narrowed", "found"), [("14:12", []), ("14:13", ["timeline.0.publish"])])
def test_a_gap_ends_when_the_audience_is_narrowed_and_what_was_late_stays_late(narrowed: str, found: list[str]):
    incident = an_incident(
        an_entry("14:02", severity="S1", state="investigating", publish="broken"),
        an_entry(narrowed, audience="internal", why="It may be an attack"),
        an_entry("15:00", audience="public", why="It was none"),
        an_entry("15:01", publish="All is well"),
        audience="public",
    )
    rule = communication.updates_too_rare
    assert found == places(rule, incident, now=a_time("15:02"))
    message = f"no publish within 10m after this one (14:02Z), the audience was narrowed at {narrowed}Z; "
    assert [message] * len(found) == [m.partition("S1")[0] for m in messages(rule, incident, now=a_time("15:02"))]


def test_what_nobody_was_to_read_starts_no_gap():
    entry = an_entry("14:02", severity="S1", state="investigating", publish="broken")
    assert [] == places(communication.updates_too_rare, an_incident(entry))


def test_without_a_severity_no_cadence_is_known():
    incident = an_incident(an_entry("14:02", publish="broken"), audience="public")
    assert [] == places(communication.updates_too_rare, incident)


def test_a_leak_is_named_at_each_text_that_has_it():
    incident = an_incident(
        an_entry("14:02", severity="S3", publish="see #12"),
        an_entry("14:05", note="see #13", publish="all is well"),
        an_entry("14:06", publish="ask Ana Silva"),
        title="Fails like #11",
        audience="public",
    )
    assert [
        ("timeline.0.publish"),
        ("timeline.2.publish"),
        ("title"),
    ] == places(communication.internal_matter_in_public_text, incident)
    assert "'#12' is a reference, and customers read this" in messages(
        communication.internal_matter_in_public_text, incident
    )


def test_a_title_counts_when_the_record_was_ever_public():
    entry = an_entry("14:02", severity="S3")
    title = "Fails like #11"
    assert [] == places(communication.internal_matter_in_public_text, an_incident(entry, title=title))
    widened = an_incident(
        entry,
        an_entry("14:05", audience="public", why="customers ask"),
        an_entry("14:06", audience="confidential", why="a mistake"),
        title=title,
    )
    assert ["title"] == places(communication.internal_matter_in_public_text, widened)


def test_a_publish_is_looked_at_whatever_the_audience_and_kind():
    leak = an_entry("14:02", severity="S3", publish="see #12")
    assert ["timeline.0.publish"] == places(communication.internal_matter_in_public_text, an_incident(leak))
    assert ["timeline.0.publish"] == places(communication.internal_matter_in_public_text, a_near_miss(leak))


@pytest.mark.parametrize(("text", "found"), [("é" * 220, False), ("é" * 221, True), (" " + "x" * 220 + "\n", False)])
def test_the_social_network_takes_220_characters(text: str, found: bool):
    incident = an_incident(an_entry("14:02", severity="S3", publish=text), audience="public")
    rule = communication.publish_too_long_for_social
    assert (["timeline.0.publish"] if found else []) == places(rule, incident, handbook=SOCIAL)
    assert [] == places(rule, incident)


@pytest.mark.parametrize(
    ("entries", "audience", "found"),
    [
        pytest.param([an_entry("14:05", publish="broken"), an_entry("15:00", state="resolved")], "public", True,
                     id="no last word"),
        pytest.param([an_entry("14:05", publish="broken"), an_entry("15:00", state="resolved", publish="ok")],
                     "public", False, id="a last word"),
        pytest.param([an_entry("14:05", publish="broken"), an_entry("14:59", publish="ok"),
                      an_entry("15:00", state="resolved")], "public", True, id="the entry itself has none"),
        pytest.param([an_entry("15:00", state="resolved")], "public", False, id="nothing was published"),
        pytest.param([an_entry("14:05", publish="broken"), an_entry("15:00", state="resolved")], "internal", False,
                     id="not public"),
        pytest.param([an_entry("14:05", publish="broken"), an_entry("14:30", state="resolved", publish="ok"),
                      an_entry("14:40", state="investigating", why="again"), an_entry("15:00", state="resolved")],
                     "public", False, id="nothing was published in this run"),
    ],
)  # fmt: skip
def test_customers_who_read_that_it_broke_read_that_it_works(
    entries: list[dict[str, object]], audience: str, found: bool
):
    incident = an_incident(an_entry("14:02", severity="S3"), *entries, audience=audience)
    assert found == bool(places(communication.resolve_without_publish, incident))


@pytest.mark.parametrize(
    ("severity", "more", "found"),
    [
        ("S2", {}, True),
        ("S3", {}, False),
        (None, {}, False),
        ("S2", {"audience": "public"}, False),
        ("S2", {"not_published": {"reason": "internal_only"}}, False),
        ("S1", {"audience": "confidential"}, True),
    ],
)
def test_a_serious_incident_is_public_or_says_why_not(severity: str | None, more: dict[str, object], found: bool):
    first = an_entry("14:02", severity=severity) if severity else an_entry("14:02")
    later = an_entry("14:05", severity="S4", why="few users")
    assert found == bool(places(communication.serious_and_not_public, an_incident(first, later, **more)))
