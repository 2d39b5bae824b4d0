"""Intervals and runs of a timeline, at their exact ends."""

from incidentops.model.intervals import TimelineInterval, began, intervals, resolves, runs
from incidentops.model.vocabulary import State
from make import a_time, an_entry, an_incident


def test_an_interval_lasts_until_it_breaks_and_the_last_one_has_no_end():
    incident = an_incident(
        an_entry("14:02", severity="S3", state="investigating"),
        an_entry("14:10"),
        an_entry("14:20", state="identified"),
        an_entry("14:30", state="investigating"),
    )
    holds = [then.state is State.INVESTIGATING for then in incident.snapshots]
    assert [
        TimelineInterval(0, 2, a_time("14:02"), a_time("14:20")),
        TimelineInterval(3, 4, a_time("14:30"), None),
    ] == [*intervals(incident.timeline, holds)]


def test_what_never_held_has_no_interval():
    assert [] == [*intervals(an_incident().timeline, [False] * 4)]


def test_every_run_has_its_first_entry_and_its_resolve():
    incident = an_incident(
        an_entry("14:02", severity="S3"),
        an_entry("14:05", state="resolved"),
        an_entry("14:06", state="resolved"),
        an_entry("14:07", state="investigating", why="x"),
        an_entry("14:08", state="resolved"),
        an_entry("14:09", note="x"),
    )
    assert [(0, 1), (3, 4)] == [(start, entry.index) for start, entry in resolves(incident)]
    assert [0, 3] == [start for start, _ in runs(incident)]


def test_a_run_that_goes_on_has_no_resolve():
    incident = an_incident(
        an_entry("14:02", severity="S3", state="resolved"), an_entry("14:07", state="investigating", why="x")
    )
    (_, first), last = runs(incident)
    assert (0, (1, None)) == (first.index if first else None, last)
    assert [0] == [start for start, _ in resolves(incident)]


def test_what_is_true_began_with_an_entry():
    incident = an_incident(
        an_entry("14:02", severity="S3"),
        an_entry("14:05", severity="S2"),
        an_entry("14:06", severity="S2"),
        an_entry("14:07", state="investigating"),
    )
    assert [0, 1, 1, 1] == [began(incident, index, lambda then: then.severity) for index in range(4)]
    assert 0 == began(incident, 3, lambda then: then.owner)
