"""The incident and its parts: what follows from the record without any rule."""

import pytest

from incidentops.model.vocabulary import Audience, Severity
from make import a_near_miss, a_time, an_entry, an_incident


@pytest.mark.parametrize(
    ("more", "closed"),
    [({}, False), ({"done": "2026-11-21"}, True), ({"wont_do": "gone"}, True), ({"due": "2026-11-21"}, False)],
)
def test_an_action_is_closed_when_done_or_given_up(more: dict[str, object], closed: bool):
    (action,) = an_incident(corrective_actions=[{"key": "a", "title": "A", **more}]).corrective_actions
    assert closed == action.closed


def test_live_resolved_and_reopened():
    live = an_incident(an_entry("14:02", severity="S3"))
    assert (True, None) == (live.live, live.resolved_at)
    over = an_incident(an_entry("14:02", severity="S3"), an_entry("14:05", state="resolved"), an_entry("14:06"))
    assert (False, a_time("14:05")) == (over.live, over.resolved_at)
    again = an_incident(an_entry("14:02", severity="S3", state="resolved"), an_entry("14:06", state="identified"))
    assert (True, None) == (again.live, again.resolved_at)


def test_a_near_miss_is_never_live():
    record = a_near_miss()
    assert (True, False, None) == (record.is_near_miss, record.live, record.resolved_at)
    assert ("ana", a_time("14:02")) == (record.declarer, record.declared)


def test_the_worst_severity_and_the_widest_audience_of_all_times():
    incident = an_incident(
        an_entry("14:02", severity="S3"),
        an_entry("14:03", severity="S1", audience="public", why="x"),
        an_entry("14:04", severity="S4", audience="confidential", why="x"),
    )
    assert (Severity.S1, Audience.PUBLIC) == (incident.highest_severity, incident.widest_audience)
    assert (None, Audience.PUBLIC) == (
        an_incident(an_entry()).highest_severity,
        an_incident(an_entry(audience="internal", why="x"), audience="public").widest_audience,
    )


def test_what_was_true_at_a_moment():
    incident = an_incident(
        an_entry("14:02", severity="S3"), an_entry("14:05", severity="S2"), an_entry("14:05", severity="S1")
    )
    first, _, last = incident.snapshots
    assert (None, first, first, last, last) == tuple(
        incident.at(a_time(t)) for t in ("14:01:59", "14:02", "14:04:59", "14:05", "20:00")
    )
    assert (None, first) == (incident.before(incident.timeline[0]), incident.before(incident.timeline[1]))


def test_the_first_entries_make_the_record_as_it_was_then():
    record = an_incident(an_entry("14:02", severity="S3"), an_entry("14:05", severity="S2"), an_entry("14:06"))
    assert a_time("14:06") == record.updated
    earlier = record.first(1)
    assert (a_time("14:02"), Severity.S3) == (earlier.updated, earlier.now.severity)


def test_every_run_has_its_first_entry_and_its_resolve():
    incident = an_incident(
        an_entry("14:02", severity="S3"),
        an_entry("14:05", state="resolved"),
        an_entry("14:06", state="resolved"),
        an_entry("14:07", state="investigating", why="x"),
        an_entry("14:08", state="resolved"),
        an_entry("14:09", note="x"),
    )
    assert [(0, 1), (3, 4)] == [(start, entry.index) for start, entry in incident.resolves()]
    assert [0, 3] == [start for start, _ in incident.runs()]


def test_a_run_that_goes_on_has_no_resolve():
    incident = an_incident(
        an_entry("14:02", severity="S3", state="resolved"), an_entry("14:07", state="investigating", why="x")
    )
    (_, first), last = incident.runs()
    assert (0, (1, None)) == (first.index if first else None, last)
    assert [0] == [start for start, _ in incident.resolves()]


def test_what_is_true_began_with_an_entry():
    incident = an_incident(
        an_entry("14:02", severity="S3"),
        an_entry("14:05", severity="S2"),
        an_entry("14:06", severity="S2"),
        an_entry("14:07", state="investigating"),
    )
    assert [0, 1, 1, 1] == [incident.began(index, lambda then: then.severity) for index in range(4)]
    assert 0 == incident.began(3, lambda then: then.owner)
