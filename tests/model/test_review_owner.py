"""Who owns a review, and by when it is to be started."""

import pytest

from incidentops.core import moment
from incidentops.model.review_owner import review_assignment, review_required
from make import a_handbook, a_near_miss, a_time, an_entry, an_incident

BOOK = a_handbook()
DECLARED = an_entry("14:02", severity="S2", engage="eoc")


def assigned(*entries: object, book: object = BOOK, **changes: object) -> tuple[str, str]:
    """The owner, and the due time as the time of the day."""
    found = review_assignment(an_incident(*entries, **changes), book)  # type: ignore[arg-type]
    assert found is not None
    return found.owner, moment.clock(found.due)


def test_the_engineer_who_released_the_role_before_the_resolve_still_owns_the_review():
    """Ana (Lisbon) was on call, bo (Stockholm) resolved: it is ana's review, and the end of ana's day."""
    released = an_entry("14:30", release="eoc", why="Off duty")
    managed, resolved = an_entry("14:20", "bo", engage="imoc"), an_entry("15:10", "bo", state="resolved")
    assert ("ana", "18:00Z") == assigned(DECLARED, managed, released, resolved)


def test_the_record_names_the_owner_and_the_day_is_that_of_the_engineer():
    """18:00 in Stockholm, where bo owns it, is 17:00Z; but ana was on call, and her day counts."""
    assert ("bo", "18:00Z") == assigned(DECLARED, an_entry("15:10", state="resolved"), review={"owner": "bo"})


def test_without_an_engineer_it_is_the_owner_of_the_record_else_who_resolved():
    declared, resolved = an_entry("14:02", "cy", severity="S2"), an_entry("15:10", "cy", state="resolved")
    assert ("bo", "17:00Z") == assigned(declared, resolved, review={"owner": "bo"})
    assert ("cy", "18:00Z") == assigned(declared, resolved)
    assert not review_assignment(an_incident(declared, resolved), BOOK).found  # type: ignore[union-attr]
    assert review_assignment(an_incident(DECLARED, resolved), BOOK).found  # type: ignore[union-attr]


def test_the_engineer_at_the_resolve_comes_before_one_of_earlier():
    handed_over = an_entry("14:40", "bo", engage="eoc")
    assert ("bo", "17:00Z") == assigned(DECLARED, handed_over, an_entry("15:10", "bo", state="resolved"))


def test_the_resolve_that_holds_counts_and_no_later_entry():
    resolved, note = an_entry("15:10", state="resolved"), an_entry("17:30", release="eoc", why="Over")
    again = an_entry("18:30", "bo", state="resolved")
    assert ("ana", "18:00Z") == assigned(DECLARED, resolved, note, again)


def test_a_reopened_incident_has_no_review_yet():
    resolved, reopened = an_entry("15:10", state="resolved"), an_entry("15:20", state="investigating", why="Again")
    assert None is review_assignment(an_incident(DECLARED, resolved, reopened), BOOK)


@pytest.mark.parametrize(
    ("resolved", "due"),
    [("18:00", "2026-11-21T18:00:00Z"), ("18:01", "2026-11-22T18:00:00Z"), ("23:59", "2026-11-22T18:00:00Z")],
)
def test_after_the_end_of_the_day_it_is_the_next_one(resolved: str, due: str):
    found = review_assignment(an_incident(DECLARED, an_entry(resolved, state="resolved")), BOOK)
    assert found is not None
    assert (due, due[:10]) == (moment.show(found.due), str(found.day))


def test_somebody_whom_the_handbook_does_not_know_has_a_day():
    declared, resolved = an_entry("14:02", "cy", severity="S2"), an_entry("15:10", "cy", state="resolved")
    found = review_assignment(an_incident(declared, resolved, review={"owner": "zoe"}), BOOK)
    assert found is not None
    assert ("zoe", "2026-11-22T15:10:00Z") == (found.owner, moment.show(found.due))


def test_the_handbook_may_give_a_duration_instead():
    book = a_handbook(timers={"review_started": "2h"})
    assert ("ana", "17:10Z") == assigned(DECLARED, an_entry("15:10", state="resolved"), book=book)


def test_at_the_edge_of_the_calendar_there_is_no_day():
    last = "9999-12-31T23:30:00Z"
    found = review_assignment(
        an_incident(
            an_entry(last, "bo", severity="S1", engage="eoc"), an_entry("9999-12-31T23:59:00Z", "bo", state="resolved")
        ),
        BOOK,
    )
    assert found is not None
    assert (moment.LATEST, None) == (found.due, found.day)


@pytest.mark.parametrize(("review", "owner"), [(None, "ana"), ({"owner": "bo", "why": "Knows it"}, "bo")])
def test_who_noticed_a_near_miss_owns_its_review(review: object, owner: str):
    found = review_assignment(a_near_miss(review=review), BOOK)
    assert found is not None
    assert (owner, True, a_time("14:02")) == (found.owner, found.found, found.since)


def test_a_review_is_required_by_the_worst_severity_once_it_is_resolved():
    resolved = an_entry("15:10", state="resolved")
    lowered = an_entry("14:10", severity="S4", why="Smaller than thought")
    assert review_required(an_incident(DECLARED, lowered, resolved), BOOK)
    assert not review_required(an_incident(DECLARED), BOOK)
    assert not review_required(an_incident(an_entry("14:02", severity="S3"), resolved), BOOK)
    assert not review_required(an_incident(an_entry("14:02"), resolved), BOOK)
    assert not review_required(a_near_miss(an_entry("14:02", severity="S1", state="resolved")), BOOK)
