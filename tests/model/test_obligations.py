"""What is due on a record; and that `show`, `validate` and the review issue are views of it."""

import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core import moment
from incidentops.model.incident import Incident
from incidentops.model.obligation import Obligation
from incidentops.model.obligations import follow_up, next_due, obligations, review_assignment, review_required
from incidentops.providers.gitlab.desired import assignable, desired
from incidentops.render import incidents
from incidentops.render.obligations import due_line
from incidentops.rules.engine.context import context
from incidentops.rules.engine.runner import prepare
from make import NOW, a_handbook, a_moment, a_near_miss, a_time, an_entry, an_incident
from rules.records_drawn import records

BOOK = a_handbook()
DECLARED = an_entry("14:02", severity="S2", engage="eoc", state="investigating")
PAGED = an_entry("14:06", page="imoc")
RESOLVED = an_entry("15:10", state="resolved")
ACTIONS = [
    {"key": "a", "title": "A", "owner": "bo", "due": "2026-12-05"},
    {"key": "b", "title": "B", "due": "2026-12-01", "done": "2026-11-30"},
    {"key": "c", "title": "C", "due": "2026-12-01", "wont_do": "Not worth it"},
    {"key": "d", "title": "D"},
]


def due(incident: Incident) -> list[tuple[str, str]]:
    """Code and time of the day of what is still to be done."""
    return [(one.code, moment.clock(one.due)) for one in next_due(incident, BOOK)]


def test_what_is_still_to_be_done_comes_soonest_first():
    assert [("SEV001", "14:17Z"), ("STA005", "14:32Z")] == due(an_incident(DECLARED))
    assert [("COM001", "14:17Z"), ("OWN002", "14:17Z"), ("SEV001", "14:17Z")] == due(
        an_incident(an_entry("14:02", severity="S2"), audience="public")
    )


def test_a_review_is_due_after_the_resolve_until_it_is_started():
    assert [] == due(an_incident(DECLARED, PAGED))
    assert [("RCA002", "18:00Z")] == due(an_incident(DECLARED, PAGED, RESOLVED))
    assert [] == due(an_incident(DECLARED, PAGED, RESOLVED, review={"started": a_moment("18:30")}))
    (late,) = [
        one
        for one in obligations(an_incident(DECLARED, RESOLVED, review={"started": a_moment("18:30")}), BOOK)
        if one.code == "RCA002"
    ]
    assert late.late_at(NOW)


@pytest.mark.parametrize("incident", [an_incident(corrective_actions=ACTIONS), a_near_miss(corrective_actions=ACTIONS)])
def test_an_action_is_due_at_the_end_of_its_day(incident: Incident):
    (one,) = next_due(incident, BOOK)
    assert ("ACT003", "bo", "a") == (one.code, one.person, one.name)
    assert not one.late_at(datetime.fromisoformat("2026-12-05T23:59:59.999999Z"))
    assert one.late_at(datetime.fromisoformat("2026-12-06T00:00:00Z"))


def test_an_action_that_is_done_late_is_late_no_longer():
    late = an_incident(corrective_actions=[{**ACTIONS[1], "done": "2026-12-24"}])
    (one,) = follow_up(late, BOOK)
    assert (False, False) == (one.open, one.late_at(moment.LATEST))


@pytest.mark.parametrize(("day", "codes"), [("2027-01-20", ["ACT003"]), ("2027-01-21", ["ACT002", "ACT003"])])
def test_an_action_is_planned_for_a_day_that_its_severity_allows(day: str, codes: list[str]):
    incident = an_incident(corrective_actions=[{"key": "a", "title": "A", "due": day}])
    assert codes == [one.code for one in follow_up(incident, BOOK)]
    live = an_incident(DECLARED, corrective_actions=[{"key": "a", "title": "A", "due": day}])
    assert ["ACT003"] == [one.code for one in follow_up(live, BOOK)]


def test_without_any_severity_every_day_is_allowed():
    actions = [{"key": "a", "title": "A", "due": "9999-12-31"}]
    incident = an_incident(an_entry("14:02"), RESOLVED, corrective_actions=actions)
    assert ["ACT003"] == [one.code for one in follow_up(incident, BOOK)]


def test_the_edge_of_the_calendar_is_no_obstacle():
    last = an_entry("9999-12-31T23:00:00Z", severity="S3", engage="eoc", state="resolved")
    incident = an_incident(last, corrective_actions=[{"key": "a", "title": "A", "due": "9999-12-31"}])
    assert [moment.LATEST] == [one.due for one in follow_up(incident, BOOK)]


def keys(incident: Incident) -> dict[tuple[str, str], Obligation]:
    return {(one.code, one.key): one for one in obligations(incident, BOOK)}


def test_keys_stay_the_same_while_the_record_grows():
    alerts = [{"source": "x", "id": "Q1", "fired": a_moment("14:00")}]
    entries = [
        DECLARED,
        an_entry("14:05", status="service_disruption", publish="Down."),
        an_entry("14:20", "bo", engage="imoc"),
        an_entry("14:30", publish="Still."),
        an_entry("14:41", state="monitoring"),
        an_entry("15:20", "bo", state="resolved", status="operational", publish="Over."),
    ]
    known: set[tuple[str, str]] = set()
    for count in range(1, len(entries) + 1):
        now = keys(an_incident(*entries[:count], audience="public", alerts=alerts, corrective_actions=ACTIONS))
        assert known <= now.keys()
        known |= now.keys()
    noted = [entries[0], an_entry("14:03", note="Seen"), *entries[1:]]
    assert known == keys(an_incident(*noted, audience="public", alerts=alerts, corrective_actions=ACTIONS)).keys()
    assert ("ACT003", "2026-11-21T14:02:00Z/a") in known


SHOWN = ("OWN002", "SEV001", "STA004", "STA005", "ALR001", "COM001", "COM002", "SEC002", "RCA002", "ACT002", "ACT003")
near = st.integers(-90, 400).map(lambda minutes: a_time("14:00") + timedelta(minutes=minutes))
moments = near | near | st.just(NOW) | st.datetimes(timezones=st.just(NOW.tzinfo))


def found_late(incident: Incident, now: datetime) -> set[tuple[str, tuple[str | int, ...]]]:
    """What `validate` finds late; without the half of STA004 that is about resolving at all."""
    findings = prepare(context(now, BOOK)).check(incident, "").findings
    late = {(f.code, f.pointer) for f in findings if f.code in (*SHOWN, "STA003")}
    return {(code, pointer) for code, pointer in late if code != "STA004" or pointer[-1] == "status"}


@given(records(), moments)
def test_validate_finds_late_exactly_what_is_late(incident: Incident, now: datetime):
    late = {(one.code, one.pointer) for one in obligations(incident, BOOK) if one.late_at(now)}
    assert late == found_late(incident, now)


@given(records(), moments)
def test_show_and_validate_are_two_views_of_one_thing(incident: Incident, now: datetime):
    """Each line that `show` calls overdue is a finding at its place, each other one is none; nothing else is open."""
    shown = next_due(incident, BOOK)
    late = found_late(incident, now)
    assert {one for one in obligations(incident, BOOK) if one.open} == {*shown}
    values = json.loads(json.dumps(incidents.as_json(incident, BOOK, now)))["next_due"]
    assert [(one.code, one.key, one.late_at(now)) for one in shown] == [
        (value["code"], value["key"], value["overdue"]) for value in values
    ]
    assert [(one.code, one.pointer) in late for one in shown] == [value["overdue"] for value in values]
    text = incidents.as_text(incident, BOOK, now)
    lines = [f"  {due_line(one, now)}" for one in shown]
    assert [*text.splitlines()][len(text.splitlines()) - len(lines) :] == lines
    assert [value["overdue"] for value in values] == ["(overdue, " in line for line in lines]


@given(records())
def test_the_review_issue_has_the_owner_and_the_day_of_the_obligation(incident: Incident):
    (issue,) = [r for r in desired(incident, BOOK) if r.name.short == "gitlab.review"] or [None]
    (one,) = [one for one in obligations(incident, BOOK) if one.code == "RCA002"] or [None]
    assigned = review_assignment(incident, BOOK)
    if one:
        assert issue
        assert assigned
        assert (one.person, one.due) == (assigned.owner, assigned.due)
    if issue:
        assert assigned
        assert assignable([assigned.owner], BOOK) == issue.initial["assignees"]
        assert (str(assigned.day) if assigned.day else "") == issue.initial["due_date"]


def test_one_answer_for_who_starts_the_review_of_whoever_released_before_the_resolve():
    """Ana (Lisbon) is on call and releases, bo (Stockholm) resolves: it is ana's, by the end of her day, everywhere."""
    incident = an_incident(
        an_entry("14:02", severity="S2", engage="eoc"),
        an_entry("14:20", "bo", engage="imoc"),
        an_entry("14:30", release="eoc", why="Off duty"),
        an_entry("15:10", "bo", state="resolved"),
    )
    now = a_time("17:30")
    assert "2026-11-21T18:00:00Z  ana starts the review (in 30m)\n" in incidents.as_text(incident, BOOK, now)
    (issue,) = [resource for resource in desired(incident, BOOK) if resource.name.short == "gitlab.review"]
    assert (("ana",), "2026-11-21") == (issue.initial["assignees"], issue.initial["due_date"])
    assert not [code for code, _ in found_late(incident, now) if code == "RCA002"]
    assert [code for code, _ in found_late(incident, a_time("18:00:01")) if code == "RCA002"]


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
