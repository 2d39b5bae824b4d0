"""Stretches of time, runs and limits, at their exact ends."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from incidentops.model.vocabulary import Role, State
from incidentops.rules.intervals import began, engaged_in, escalated, ran_out, resolves, stretches
from make import NOW, a_time, an_entry, an_incident

QUARTER = timedelta(minutes=15)


def test_a_stretch_lasts_until_it_breaks_and_the_last_one_until_now():
    incident = an_incident(
        an_entry("14:02", severity="S3", state="investigating"),
        an_entry("14:10"),
        an_entry("14:20", state="identified"),
        an_entry("14:30", state="investigating"),
    )
    first, last = stretches(incident, lambda s: s.state is State.INVESTIGATING, NOW)
    assert (0, 2, a_time("14:02"), a_time("14:20")) == (first.start, first.stop, first.since, first.until)
    assert (3, 4, a_time("14:30"), NOW) == (last.start, last.stop, last.since, last.until)
    assert not first.longer_than(timedelta(minutes=18))
    assert first.longer_than(timedelta(minutes=17, seconds=59))


def test_every_resolve_has_the_start_of_its_run():
    incident = an_incident(
        an_entry("14:02", severity="S3"),
        an_entry("14:05", state="resolved"),
        an_entry("14:06", state="resolved"),
        an_entry("14:07", state="investigating", why="x"),
        an_entry("14:08", state="resolved"),
    )
    assert [(0, 1), (3, 4)] == [(start, entry.index) for start, entry in resolves(incident)]


def test_what_is_true_began_with_an_entry():
    incident = an_incident(
        an_entry("14:02", severity="S3"),
        an_entry("14:05", severity="S2"),
        an_entry("14:06", severity="S2"),
        an_entry("14:07", state="investigating"),
    )
    assert [0, 1, 1, 1] == [began(incident, index, lambda then: then.severity) for index in range(4)]
    assert 0 == began(incident, 3, lambda then: then.owner)


def test_an_escalation_counts_at_or_before_the_end_of_the_time():
    incident = an_incident(an_entry("14:02", severity="S3"), an_entry("14:10", page="imoc"))
    assert escalated(incident, a_time("13:55"), QUARTER)
    assert not escalated(incident, a_time("13:54:59"), QUARTER)
    assert escalated(incident, a_time("15:00"), QUARTER)


def test_engaged_means_holding_the_role_at_some_moment_of_the_span():
    incident = an_incident(
        an_entry("14:02", severity="S3", engage="eoc"),
        an_entry("14:10", by="bo", engage="imoc"),
        an_entry("14:11", by="bo", release="imoc", why="x"),
        an_entry("14:12"),
    )
    first, second, third, fourth = incident.timeline
    assert engaged_in(incident, None, first, QUARTER)
    assert engaged_in(incident, Role.IMOC, first, timedelta(minutes=8))
    assert not engaged_in(incident, Role.IMOC, first, timedelta(minutes=7, seconds=59))
    assert engaged_in(incident, Role.IMOC, second, QUARTER)
    assert not engaged_in(incident, Role.IMOC, third, QUARTER)
    assert engaged_in(incident, Role.EOC, fourth, QUARTER)


def test_time_runs_out_only_while_the_incident_goes_on():
    live = an_incident(an_entry("14:02", severity="S3"))
    assert not ran_out(live, a_time("14:02"), QUARTER, a_time("14:17"))
    assert ran_out(live, a_time("14:02"), QUARTER, a_time("14:17:01"))
    over = an_incident(an_entry("14:02", severity="S3"), an_entry("14:17", state="resolved"))
    assert not ran_out(over, a_time("14:02"), QUARTER, NOW)
    assert ran_out(over, a_time("14:01"), QUARTER, NOW)
    assert not ran_out(over, a_time("15:00"), QUARTER, NOW)


def test_before_the_declaration_nothing_was_over():
    incident = an_incident(an_entry("14:02", severity="S3"))
    assert ran_out(incident, a_time("13:00"), QUARTER, a_time("14:03"))


@given(st.timedeltas(min_value=timedelta(0)))
def test_no_span_is_too_long_for_the_calendar(span: timedelta):
    incident = an_incident(an_entry("9999-12-31T23:59:59Z", severity="S3"), an_entry("0001-01-01T00:00:00Z"))
    for entry in incident.timeline:
        assert ran_out(incident, entry.at, span, NOW) in (True, False)
        assert not escalated(incident, entry.at, span)
        assert not engaged_in(incident, Role.IMOC, entry, span)
