"""Names and remembered values."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from incidentops.core import moment
from incidentops.plan.nature import Nature
from incidentops.plan.resource import (
    LedgerEntry,
    News,
    NewsPolicy,
    Receipt,
    Ref,
    Resource,
    ResourceName,
    ids,
    plain,
    remembered,
    resource_name,
    skip_reason,
)
from make import NOW, a_time


def test_a_name_is_written_and_read_back() -> None:
    name = ResourceName("2026-11-21-a", "gitlab", "action", "pin-chart")
    assert name.short == "gitlab.action/pin-chart"
    assert str(name) == "2026-11-21-a gitlab.action/pin-chart"
    assert resource_name("2026-11-21-a", name.short) == name
    assert str(ResourceName("", "gitlab", "label", "a/b")) == "gitlab.label/a/b"
    assert resource_name("", "gitlab.label/a/b") == ResourceName("", "gitlab", "label", "a/b")


@pytest.mark.parametrize("word", ["", "gitlab", "gitlab.", ".issue", "/x"])
def test_an_invalid_name_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match="not a resource"):
        resource_name("i", word)


def test_long_texts_are_stored_as_their_digest() -> None:
    assert remembered("short") == "short"
    assert str(remembered("a\nb")).startswith("sha256:")
    assert str(remembered("x" * 161)).startswith("sha256:")
    assert remembered(("short", "a\nb", 3)) == ("short", remembered("a\nb"), 3)


def test_a_lone_surrogate_can_be_stored() -> None:
    assert str(remembered("\ud800\n")).startswith("sha256:")


def test_an_empty_entry_has_no_receipt() -> None:
    assert LedgerEntry("i").receipt(ResourceName("i", "gitlab", "issue")) is None


@pytest.mark.parametrize(
    ("adopted", "known"),
    [({"gitlab.issue": False}, True), ({"gitlab.issue": False, "gitlab.review": True}, False),
     ({"gitlab.issue": False, "statusio.incident": True}, True), ({"statusio.incident": False}, False), ({}, False),
     ({"gitlabel.x": False}, False)],
)  # fmt: skip
def test_an_entry_knows_all_of_a_provider_whose_things_our_runs_made(adopted: dict[str, bool], known: bool) -> None:
    receipts = {short: Receipt("1", "", {}, NOW, "run 1", adopted=found) for short, found in adopted.items()}
    assert LedgerEntry("i", receipts=receipts).knows_all_of("gitlab") is known


ISSUE = ResourceName("i", "gitlab", "issue")
REVIEW = ResourceName("i", "gitlab", "review")
LABEL = ResourceName("", "gitlab", "label", "a")


def test_a_resource_needs_what_it_depends_on_and_what_its_fields_refer_to_each_once() -> None:
    fields = {"from": Ref(ISSUE), "also": ("x", (Ref(REVIEW), Ref(ISSUE)))}
    resource = Resource(REVIEW, fields, {"first": Ref(ISSUE), "n": 3}, depends_on=(LABEL, ISSUE))
    assert resource.refs == (ISSUE, REVIEW)
    assert resource.needs == (LABEL, ISSUE, REVIEW)


def test_a_reference_is_written_down_as_a_short_name() -> None:
    assert plain(("x", Ref(REVIEW), 3)) == ("x", "gitlab.review", 3)
    assert remembered((Ref(LABEL), "a")) == ("gitlab.label/a", "a")


def test_ids_are_those_of_what_has_a_receipt() -> None:
    receipt = Receipt("7", "", {}, NOW, "run 1")
    entries = [
        LedgerEntry("i", receipts={"gitlab.issue": receipt}),
        LedgerEntry("", receipts={"gitlab.label/a": receipt}),
    ]
    elsewhere = ResourceName("j", "gitlab", "issue")
    assert ids((ISSUE, REVIEW, LABEL, elsewhere), entries) == {ISSUE: "7", LABEL: "7"}


@pytest.mark.parametrize(
    ("watched", "changes"),
    [(True, {}), (True, {"nature": Nature.MESSAGE}), (False, {"fields": {}}), (False, {"idempotent": True}),
     (False, {"handed_over": True}), (False, {"nature": Nature.PAGE}), (False, {"nature": Nature.ALARM}),
     (False, {"nature": Nature.LOOKUP})],
)  # fmt: skip
def test_watched_is_what_has_fields_that_are_kept_true(watched: bool, changes: dict[str, object]) -> None:
    assert Resource(**{"name": ISSUE, "fields": {"title": "x"}, **changes}).watched is watched  # type: ignore[arg-type]


def test_a_thread_begins_with_a_message_that_is_kept_true_and_goes_on_with_others() -> None:
    first, later = (Resource(ISSUE, fields, nature=Nature.MESSAGE) for fields in ({"title": "x"}, {}))
    assert (first.continues_thread, later.continues_thread, Resource(ISSUE, {}).continues_thread) == (
        False,
        True,
        False,
    )


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
