from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core import moment

MOMENTS = st.datetimes(timezones=st.just(UTC))


def test_a_moment_is_read_in_utc():
    assert moment.parse("2026-11-21T14:02:00Z") == datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
    assert moment.parse("2026-11-21T14:02:00.5Z").microsecond == 500_000
    assert moment.parse_day("2026-12-05") == date(2026, 12, 5)


@pytest.mark.parametrize("text", ["2026-11-21T14:02:00", "2026-11-21T14:02:00+00:00", "2026-02-30T00:00:00Z", "Z", ""])
def test_what_is_no_moment_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - any of them
        moment.parse(text)


def test_what_is_no_day_is_refused():
    with pytest.raises(ValueError, match="day"):
        moment.parse_day("2026-02-30")


@given(MOMENTS)
def test_what_is_shown_can_be_read_again(when):
    assert moment.parse(moment.show(when)) == when


def test_a_moment_is_shown_without_a_fraction_that_it_does_not_have():
    assert moment.show(datetime(2026, 11, 21, 14, 2, tzinfo=UTC)) == "2026-11-21T14:02:00Z"
    assert moment.show(moment.LATEST) == "9999-12-31T23:59:59.999999Z"
    assert moment.show(moment.EARLIEST) == "0001-01-01T00:00:00Z"


@pytest.mark.parametrize(("text", "shown"), [("14:02:00", "14:02Z"), ("14:02:05", "14:02:05Z")])
def test_the_time_of_day_is_short_where_it_can_be(text, shown):
    assert moment.clock(moment.parse(f"2026-11-21T{text}Z")) == shown


@given(MOMENTS, st.timedeltas())
def test_adding_a_span_never_fails(when, span):
    try:
        expected = when + span
    except OverflowError:
        expected = moment.LATEST if span > timedelta(0) else moment.EARLIEST
    assert moment.plus(when, span) == expected


def test_at_the_edge_of_the_calendar_time_stands_still():
    assert moment.plus(moment.LATEST, timedelta(days=1)) == moment.LATEST
    assert moment.plus(moment.EARLIEST, timedelta(days=-1)) == moment.EARLIEST


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2026-11-21T15:02:00+01:00", "2026-11-21T14:02:00Z"),
        ("2026-11-21T23:30:00-0130", "2026-11-22T01:00:00Z"),
        ("2026-11-21 15:02:00 +01:00", "2026-11-21T14:02:00Z"),
        ("2026-11-21t14:02:00z", "2026-11-21T14:02:00Z"),
        ("2026-11-21T14:02Z", "2026-11-21T14:02:00Z"),
        ("2026-11-21T14:02:00.25+00:00", "2026-11-21T14:02:00.250000Z"),
        ("2026-11-21T14:02:00", ""),
        ("2026-11-21", ""),
        ("14:02+01:00", ""),
        ("2026-11-21T14:02:60Z", ""),
        ("2026-13-21T14:02:00Z", ""),
        ("2026-11-21T14:02:00.1234567Z", ""),
        ("2026-11-21T14:02:00+25:00", ""),
        ("0001-01-01T00:00:00+01:00", ""),
        ("9999-12-31T23:59:59-01:00", ""),
        ("২০২৬-11-21T14:02:00Z", ""),
    ],
)
def test_a_time_that_says_its_offset_has_one_meaning(written: str, meant: str):
    assert meant == moment.in_utc(written)
