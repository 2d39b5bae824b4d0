from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core import duration


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("15m", timedelta(minutes=15)),
        ("2h", timedelta(hours=2)),
        ("1h30m", timedelta(minutes=90)),
        ("7d", timedelta(days=7)),
        ("1w2d3h4m5s", timedelta(weeks=1, days=2, hours=3, minutes=4, seconds=5)),
        ("0s", timedelta(0)),
    ],
)
def test_a_duration_is_read(text, span):
    assert duration.parse(text) == span


@pytest.mark.parametrize("text", ["", "15", "m", "15 m", "15M", "-1h", "30m1h", "1.5h", "1h ", "１h", "9" * 7 + "s"])
def test_what_is_no_duration_is_refused(text):
    with pytest.raises(ValueError, match="not a duration"):
        duration.parse(text)


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(minutes=90), "1h30m"),
        (timedelta(days=14), "14d"),
        (timedelta(seconds=-61), "-1m1s"),
        (timedelta(milliseconds=10), "0s"),
    ],
)
def test_a_duration_is_shown_for_people(span, shown):
    assert duration.show(span) == shown


@given(st.integers(0, 10**9))
def test_what_is_shown_can_be_read_again(seconds):
    span = timedelta(seconds=seconds)
    assert duration.parse(duration.show(span)) == span
