"""The fold: one owner at every moment, duties down the cascade, and who held which role from when until when."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core.moment import LATEST
from incidentops.model.incident import Incident
from incidentops.model.timeline import Holder, TimelineInterval, fold
from incidentops.model.vocabulary import Audience, Role, Severity, State, Status
from make import NOW, OWNERSHIP, a_time, a_timeline_of, an_entry, an_incident
from rules.records_drawn import entries, records


def test_before_anything_is_set_state_is_none_and_status_operational():
    now = an_incident(an_entry("14:02", severity="S3")).now
    assert (None, Status.OPERATIONAL, Severity.S3) == (now.state, now.status, now.severity)
    assert (Audience.INTERNAL, ("registry",)) == (now.audience, now.services)
    assert ("ana", a_time("14:02")) == (now.owner, now.since_owner)


def test_the_latest_entry_that_sets_something_counts_and_repeating_it_does_not_begin_it_anew():
    incident = an_incident(
        an_entry("14:02", severity="S3", state="investigating", status="degraded_performance"),
        an_entry("14:05", severity="S2", state="investigating", services=["web", "git"]),
        an_entry("14:07", audience="public", why="x", state="monitoring", status="degraded_performance"),
    )
    now = incident.now
    assert (Severity.S2, a_time("14:05")) == (now.severity, now.since_severity)
    assert (State.MONITORING, a_time("14:07")) == (now.state, now.since_state)
    assert (Status.DEGRADED, a_time("14:02")) == (now.status, now.since_status)
    assert (Audience.PUBLIC, a_time("14:07")) == (now.audience, now.since_audience)
    assert ("web", "git") == now.services
    assert a_time("14:02") == incident.snapshots[1].since_state
    assert a_time("14:07") == now.at


def test_entries_that_decide_nothing_share_the_snapshot_of_the_one_before():
    first, second, third = an_incident(
        an_entry("14:02", severity="S3"), an_entry(), an_entry(state="identified")
    ).snapshots
    assert first is second
    assert second is not third


def test_ownership_passes_up_the_cascade_and_back_down():
    incident = an_incident(
        an_entry("14:02", by="dee", severity="S3"),
        an_entry("14:03", engage="eoc"),
        an_entry("14:05", by="bo", engage="imoc"),
        an_entry("14:06", by="cy", engage="cmoc"),
        an_entry("14:07", by="cy", release="cmoc", why="x"),
        an_entry("14:08", by="bo", release="imoc", why="x"),
        an_entry("14:09", release="eoc", why="x"),
    )
    assert ["dee", "ana", "bo", "cy", "bo", "ana", "dee"] == [s.owner for s in incident.snapshots]
    assert a_time("14:08") == incident.snapshots[5].since_owner


def test_the_owner_owns_by_the_highest_engaged_role_and_the_declarer_by_none():
    incident = an_incident(
        an_entry("14:02", severity="S3"),
        an_entry("14:03", by="bo", engage="eoc"),
        an_entry("14:04", by="cem", engage="imoc"),
    )
    assert [None, Role.EOC, Role.IMOC] == [snapshot.owner_role for snapshot in incident.snapshots]


def test_an_imoc_who_engages_before_any_eoc_owns():
    incident = an_incident(
        an_entry("14:02", severity="S3"), an_entry("14:03", by="bo", engage="imoc"), an_entry("14:04", engage="eoc")
    )
    assert ("bo", a_time("14:03")) == (incident.now.owner, incident.now.since_owner)


def test_engaging_a_role_again_is_a_hand_over_and_by_the_same_person_nothing():
    incident = an_incident(
        an_entry("14:02", severity="S3", engage="eoc"),
        an_entry("14:03", engage="eoc"),
        an_entry("14:04", by="dee", engage="eoc", who="bo"),
    )
    assert Holder("ana", a_time("14:02")) == incident.snapshots[1].holders[Role.EOC]
    assert Holder("bo", a_time("14:04")) == incident.now.holders[Role.EOC]
    assert ("bo", None) == (incident.now.engaged(Role.EOC), incident.now.engaged(Role.IMOC))


def test_a_release_by_who_does_not_hold_the_role_changes_nothing():
    incident = an_incident(
        an_entry("14:02", severity="S3", engage="eoc"),
        an_entry("14:03", by="bo", release="eoc", why="x"),
        an_entry("14:04", by="bo", release="imoc", why="x"),
    )
    assert {Role.EOC: Holder("ana", a_time("14:02"))} == incident.now.holders


def test_engage_and_release_in_one_entry_are_a_change_of_role():
    incident = an_incident(
        an_entry("14:02", severity="S3", engage="eoc"), an_entry("14:03", engage="imoc", release="eoc")
    )
    assert {Role.IMOC: Holder("ana", a_time("14:03"))} == incident.now.holders


@pytest.mark.parametrize(
    ("engaged", "acting"),
    [
        ([], ["dee", "dee", "dee"]),
        ([("ana", "eoc")], ["ana", "ana", "ana"]),
        ([("ana", "eoc"), ("bo", "imoc")], ["ana", "bo", "bo"]),
        ([("bo", "imoc")], ["bo", "bo", "bo"]),
        ([("ana", "eoc"), ("cy", "cmoc")], ["ana", "ana", "cy"]),
    ],
)
def test_until_a_role_engages_the_previous_one_carries_its_duties(engaged: list[tuple[str, str]], acting: list[str]):
    rest = [an_entry("14:05", by=person, engage=role) for person, role in engaged]
    now = an_incident(an_entry("14:02", by="dee", severity="S3"), *rest).now
    assert acting == [now.acting(role) for role in OWNERSHIP]


def test_a_role_outside_the_cascade_is_carried_by_the_owner():
    timeline = a_timeline_of(an_entry("14:02", engage="eoc"), an_entry("14:03", by="bo", engage="cmoc"))
    now = fold(timeline, timeline, Audience.INTERNAL, ("web",), (Role.EOC,))[-1]
    assert ("ana", "ana", "bo") == (now.owner, now.acting(Role.IMOC), now.acting(Role.CMOC))


def test_role_intervals_say_who_from_when_until_when_and_how_long():
    incident = an_incident(
        an_entry("14:02", severity="S3", engage="eoc"),
        an_entry("14:03"),
        an_entry("14:05", by="bo", engage="imoc"),
        an_entry("14:10", by="cy", engage="eoc"),
        an_entry("14:20", by="bo", release="imoc", why="x"),
    )
    intervals = [(i.role, i.person, i.since, i.until) for i in incident.role_intervals()]
    assert intervals == [
        (Role.EOC, "ana", a_time("14:02"), a_time("14:10")),
        (Role.IMOC, "bo", a_time("14:05"), a_time("14:20")),
        (Role.EOC, "cy", a_time("14:10"), None),
    ]
    assert [8, 15, 110] == [i.length(NOW) // timedelta(minutes=1) for i in incident.role_intervals()]


@given(st.lists(entries(), min_size=1, max_size=10))
def test_there_is_exactly_one_owner_at_every_moment(data: list[dict[str, object]]):
    incident = an_incident(*data)
    for snapshot in incident.snapshots:
        engaged = [snapshot.engaged(role) for role in OWNERSHIP if snapshot.engaged(role)]
        assert snapshot.owner == (engaged[-1] if engaged else incident.declarer)
        assert all(snapshot.acting(role) for role in Role)
        assert snapshot.acting(OWNERSHIP[-1]) == snapshot.owner


@given(records())
def test_what_was_true_at_a_moment_is_the_snapshot_of_the_last_entry_by_then(incident: Incident):
    ordered = all(a.at <= b.at for a, b in zip(incident.timeline, incident.timeline[1:], strict=False))
    for entry in incident.timeline if ordered else ():
        last = max(e.index for e in incident.timeline if e.at <= entry.at)
        assert incident.at(entry.at) == incident.snapshots[last]
    assert incident.at(LATEST) == incident.now


@given(records())
def test_a_role_has_at_most_one_holder_at_a_time(incident: Incident):
    if any(a.at > b.at for a, b in zip(incident.timeline, incident.timeline[1:], strict=False)):
        return
    for role in Role:
        spans = [i for i in incident.role_intervals() if i.role is role]
        assert all(a.until is not None and a.until <= b.since for a, b in itertools.pairwise(spans))
        holder = incident.now.holders.get(role)
        assert ([holder.person] if holder else []) == [i.person for i in spans if i.until is None]


def test_an_interval_lasts_until_it_breaks_and_the_last_one_has_no_end():
    incident = an_incident(
        an_entry("14:02", severity="S3", state="investigating"),
        an_entry("14:10"),
        an_entry("14:20", state="identified"),
        an_entry("14:30", state="investigating"),
    )
    assert [
        TimelineInterval(0, 2, a_time("14:02"), a_time("14:20")),
        TimelineInterval(3, 4, a_time("14:30"), None),
    ] == [*incident.intervals(lambda then: then.state is State.INVESTIGATING)]


@given(records())
def test_whatever_holds_between_two_acts_holds_at_each_entry_of_an_interval(incident: Incident):
    found = [*incident.intervals(lambda then: then.state is State.MONITORING)]
    inside = {index for one in found for index in range(one.start, one.stop)}
    assert inside == {i for i, then in enumerate(incident.snapshots) if then.state is State.MONITORING}


def test_what_never_held_has_no_interval():
    assert [] == [*an_incident().intervals(lambda _: False)]
