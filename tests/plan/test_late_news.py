"""Late news: one rule for all messages and pages."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core import moment
from incidentops.plan.late_news import News, NewsPolicy, skip_reason
from make import a_time

POLICY = NewsPolicy(a_time("16:02"), timedelta(hours=2))
NEWS = News(a_time("14:02"))


def test_the_oldest_age_is_still_news_and_a_second_more_is_not() -> None:
    assert skip_reason(NEWS, POLICY) == ""
    late = replace(POLICY, now=a_time("16:02:01"))
    assert skip_reason(NEWS, late) == (
        "it is from 2026-11-21T14:02:00Z, older than 2h; send it all the same with --late"
    )


def test_what_was_over_when_first_seen_is_no_news_however_fresh() -> None:
    over = replace(NEWS, over_when_first_seen=True)
    reason = "the incident was over before anything of it was sent; send it all the same with --late"
    assert skip_reason(over, POLICY) == reason


def test_a_person_can_have_it_sent_all_the_same() -> None:
    asked = NewsPolicy(a_time("23:59"), timedelta(hours=2), send_late=True)
    assert skip_reason(replace(NEWS, over_when_first_seen=True), asked) == ""


@given(st.datetimes(), st.timedeltas(timedelta(0), timedelta(days=9)))
def test_news_of_the_future_is_sent(at, age) -> None:
    sent = News(at.replace(tzinfo=POLICY.now.tzinfo))
    reason = skip_reason(sent, replace(POLICY, max_age=age))
    assert bool(reason) is (POLICY.now - sent.at > age)


@pytest.mark.parametrize("edge", [moment.EARLIEST, moment.LATEST])
def test_the_edges_of_the_calendar_break_nothing(edge) -> None:
    assert bool(skip_reason(News(edge), POLICY)) is (edge == moment.EARLIEST)
