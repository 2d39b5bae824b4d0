"""What is due next, and by when."""

from datetime import timedelta

import pytest

from incidentops.core import moment
from incidentops.model.obligations import Obligation, monitored_until, next_due, run
from incidentops.model.vocabulary import State
from make import a_handbook, a_moment, a_near_miss, a_time, an_entry, an_incident

BOOK = a_handbook()
DECLARED = an_entry("14:02", severity="S2", engage="eoc", state="investigating")


def due(incident: object, book: object = BOOK) -> dict[str, str]:
    """What is due, and when, as the time of the day."""
    return {d.what: moment.clock(d.at) for d in next_due(incident, book)}  # type: ignore[arg-type]


def test_a_serious_incident_wants_somebody_the_manager_and_a_cause():
    assert {"somebody engages as eoc": "14:17Z", "the imoc is paged or engages": "14:17Z"} == due(
        an_incident(an_entry("14:02", severity="S2"))
    )
    assert {"the imoc is paged or engages": "14:17Z", "the cause is found, or the imoc is paged": "14:32Z"} == due(
        an_incident(DECLARED)
    )


def test_a_page_is_enough_but_for_a_disruption():
    paged = an_entry("14:06", page="imoc")
    assert {} == due(an_incident(DECLARED, paged))
    disrupted = an_entry("14:08", status="partial_service_disruption")
    assert {"the imoc engages": "14:23Z"} == due(an_incident(DECLARED, paged, disrupted))
    assert {} == due(an_incident(DECLARED, paged, disrupted, an_entry("14:11", "bo", engage="imoc")))


def test_a_small_incident_that_becomes_serious_counts_from_then():
    small = an_entry("14:02", severity="S3", engage="eoc")
    assert {} == due(an_incident(small))
    assert "14:35Z" == due(an_incident(small, an_entry("14:20", severity="S2")))["the imoc is paged or engages"]
    again = an_incident(
        an_entry("14:02", severity="S1", engage="eoc"),
        an_entry("14:10", severity="S3", why="Smaller than thought"),
        an_entry("14:20", severity="S2"),
    )
    assert "14:35Z" == due(again)["the imoc is paged or engages"]


def test_customers_hear_something_as_often_as_severity_and_state_want_it():
    public = {"audience": "public"}
    paged = an_entry("14:03", page="imoc")
    assert "14:17Z" == due(an_incident(DECLARED, paged, **public))["an update for customers"]
    told = an_entry("14:10", publish="It is slow.")
    assert "14:25Z" == due(an_incident(DECLARED, paged, told, **public))["an update for customers"]
    identified = an_entry("14:12", state="identified")
    assert "14:40Z" == due(an_incident(DECLARED, paged, told, identified, **public))["an update for customers"]
    assert "an update for customers" not in due(an_incident(an_entry("14:02", severity="S3"), **public))
    assert "an update for customers" not in due(an_incident(an_entry("14:02", note="x"), **public))


def test_a_monitored_disruption_may_be_resolved_later():
    disrupted = an_entry("14:05", status="partial_service_disruption")
    managed = an_entry("14:11", "bo", engage="imoc")
    monitored = an_incident(DECLARED, disrupted, managed, an_entry("14:41", state="monitoring"))
    assert a_time("15:11") == monitored_until(monitored, BOOK)
    assert (Obligation("resolve", a_time("15:11"), earliest=True),) == next_due(monitored, BOOK)
    assert None is monitored_until(an_incident(DECLARED, an_entry("14:41", state="monitoring")), BOOK)
    assert None is monitored_until(an_incident(DECLARED, disrupted), BOOK)


def test_a_run_begins_with_the_latest_reopen():
    incident = an_incident(
        DECLARED,
        an_entry("14:20", state="resolved", status="operational"),
        an_entry("14:30", state="investigating", why="It is back"),
        an_entry("14:40", state="identified"),
    )
    assert [State.INVESTIGATING, State.IDENTIFIED] == [snapshot.state for snapshot in run(incident)]


def serious(*more: object, **changes: object) -> object:
    entries = (DECLARED, an_entry("14:06", page="imoc"), an_entry("15:10", state="resolved"), *more)
    return an_incident(*entries, **changes)  # type: ignore[arg-type]


def test_a_review_is_started_before_the_engineer_goes_home():
    assert {"ana starts the review": "18:00Z"} == due(serious())
    late = an_incident(DECLARED, an_entry("14:06", page="imoc"), an_entry("19:10", state="resolved"))
    (found,) = next_due(late, BOOK)
    assert "2026-11-22T18:00:00Z" == moment.show(found.at)
    assert {} == due(serious(review={"owner": "ana", "started": a_moment("16:00")}))
    assert {} == due(an_incident())


def test_without_an_engineer_the_review_is_its_owners_or_the_resolvers():
    declared = an_entry("14:02", "cy", severity="S2")
    resolved = an_entry("15:10", "cy", state="resolved")
    assert {"cy starts the review": "18:00Z"} == due(an_incident(declared, resolved))
    assert {"bo starts the review": "17:00Z"} == due(an_incident(declared, resolved, review={"owner": "bo"}))
    zoe = an_incident(declared, resolved, review={"owner": "zoe"})
    (found,) = next_due(zoe, BOOK)
    assert "2026-11-22T15:10:00Z" == moment.show(found.at)


def test_a_handbook_may_give_the_review_a_span():
    assert {"ana starts the review": "17:10Z"} == due(serious(), a_handbook(timers={"review_started": "2h"}))


def test_the_edge_of_the_calendar_is_no_obstacle():
    last = an_incident(
        an_entry("9999-12-31T23:00:00Z", severity="S1", engage="eoc", state="investigating"),
        an_entry("9999-12-31T23:30:00Z", state="resolved"),
    )
    assert ("9999-12-31T23:59:59.999999Z",) == tuple(moment.show(d.at) for d in next_due(last, BOOK))


def test_open_actions_are_due_on_their_day():
    actions = [
        {"key": "a", "title": "A", "due": "2026-12-05"},
        {"key": "b", "title": "B", "due": "2026-12-01", "done": "2026-11-30"},
        {"key": "c", "title": "C", "due": "2026-12-01", "wont_do": "Not worth it"},
        {"key": "d", "title": "D"},
    ]
    for incident in (an_incident(corrective_actions=actions), a_near_miss(corrective_actions=actions)):
        (found,) = next_due(incident, BOOK)
        assert ("corrective action a", "2026-12-05T23:59:59Z") == (found.what, moment.show(found.at))


@pytest.mark.parametrize(("minutes", "earliest", "overdue"), [(0, False, False), (1, False, True), (1, True, False)])
def test_overdue_is_what_is_late(minutes: int, earliest: bool, overdue: bool):
    at = a_time("14:02")
    assert overdue == Obligation("x", at, earliest).overdue(at + timedelta(minutes=minutes))
