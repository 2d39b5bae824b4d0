"""What stands in the way of a resolve."""

import pytest

from incidentops.flows.write.resolve import needs_public_text, obstacles
from make import a_handbook, a_near_miss, a_time, an_entry, an_incident

BOOK = a_handbook()
DECLARED = an_entry("14:02", severity="S2", engage="eoc")
DISRUPTED = an_entry("14:05", status="partial_service_disruption")
MANAGED = an_entry("14:11", "bo", engage="imoc")
MONITORED = an_entry("14:41", state="monitoring")


def test_nothing_stands_in_the_way_of_the_owner_of_a_small_incident():
    assert () == obstacles(an_incident(DECLARED), BOOK, "ana", a_time("14:20"))


def test_somebody_else_owns_it():
    (obstacle,) = obstacles(an_incident(DECLARED, MANAGED), BOOK, "ana", a_time("14:20"))
    assert (
        "'bo' owns the incident since 14:11Z, not 'ana': bo resolves it, or ana takes over first: "
        "incident engage imoc --by ana" == obstacle
    )


def test_whoever_declared_it_owns_it_while_nobody_engaged():
    (obstacle,) = obstacles(an_incident(an_entry("14:02", severity="S3")), BOOK, "bo", a_time("14:20"))
    assert obstacle.endswith("ana resolves it, or bo engages first")


@pytest.mark.parametrize(("at", "left"), [("14:42", "29m"), ("15:11", "0s"), ("15:12", None)])
def test_a_disruption_is_watched_for_longer_than_the_timer(at: str, left: str | None):
    found = obstacles(an_incident(DECLARED, DISRUPTED, MANAGED, MONITORED), BOOK, "bo", a_time(at))
    expected = f"it has to be monitored for more than 30m, and is since 14:41Z: {left} left, until 15:11Z"
    assert (() if left is None else (expected,)) == found


def test_a_disruption_that_was_never_monitored_is_not_ready():
    (obstacle,) = obstacles(an_incident(DECLARED, DISRUPTED, MANAGED), BOOK, "bo", a_time("16:00"))
    assert "after a disruption it has to be monitored for more than 30m first" == obstacle


def test_a_disruption_wants_the_incident_manager():
    found = obstacles(an_incident(DECLARED, DISRUPTED, MONITORED), BOOK, "ana", a_time("16:00"))
    assert ("after a disruption an imoc has to have engaged: incident engage imoc",) == found


def test_what_is_over_is_over():
    assert ("it is already resolved, since 2026-11-21T15:10:00Z",) == obstacles(
        an_incident(), BOOK, "ana", a_time("16:00")
    )


def test_a_near_miss_is_never_resolved():
    assert ("a near miss has no state, so there is nothing to resolve",) == obstacles(
        a_near_miss(), BOOK, "ana", a_time("16:00")
    )


@pytest.mark.parametrize(
    ("audience", "publish", "needed"),
    [("public", "It fails.", True), ("public", None, False), ("internal", "x", False)],
)
def test_customers_who_have_read_about_it_need_a_last_text(audience: str, publish: str | None, needed: bool):
    entry = an_entry("14:02", severity="S2", **({"publish": publish} if publish else {}))
    assert needed == needs_public_text(an_incident(entry, audience=audience))
