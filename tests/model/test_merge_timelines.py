"""Two timelines as one, and what cannot be true of both."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.model.merge_timelines import MergeSide, entry_marks, interleave, merge_timelines, shown
from make import an_entry

DECLARED = an_entry("14:02", severity="S2")
ENGAGED = an_entry("14:05", engage="eoc")
NOTED = an_entry("14:05", "bo", note="Looked at the chart")


def conflicts(base, ours, theirs) -> list[str]:
    return [conflict.message for conflict in merge_timelines(base, ours, theirs)[1]]


def opposed(ours, theirs) -> list[str]:
    return conflicts([DECLARED], [DECLARED, ours], [DECLARED, theirs])


def rank(item: int) -> tuple[object, ...]:
    return (item,)


@given(st.lists(st.integers(0, 9), unique=True), st.lists(st.integers(0, 9), unique=True))
def test_interleaving_keeps_both_orders_or_gives_nothing(ours, theirs):
    merged = interleave(ours, theirs, rank)
    assert merged == interleave(theirs, ours, rank)
    shared = [item for item in ours if item in theirs]
    if merged is None:
        assert shared != [item for item in theirs if item in ours]
        return
    assert sorted(merged) == sorted({*ours, *theirs})
    assert ours == [item for item in merged if item in ours]
    assert theirs == [item for item in merged if item in theirs]


@given(st.lists(st.integers(0, 9), unique=True).map(sorted), st.lists(st.integers(0, 9), unique=True).map(sorted))
def test_what_is_in_order_is_interleaved_in_order(ours, theirs):
    assert list(interleave(ours, theirs, rank)) == sorted({*ours, *theirs})


def test_entries_are_merged_by_time():
    later = an_entry("14:20", state="identified")
    merged, found = merge_timelines([DECLARED], [DECLARED, later], [DECLARED, ENGAGED])
    assert ((DECLARED, ENGAGED, later), ()) == (merged, found)


def test_fractions_of_a_second_count():
    early, late = an_entry("2026-11-21T14:05:00.5Z"), an_entry("2026-11-21T14:05:00.75Z")
    assert merge_timelines([], [late], [early])[0] == (early, late)


def test_what_both_sides_have_comes_once_and_what_came_twice_comes_twice():
    assert merge_timelines([DECLARED], [DECLARED, NOTED], [DECLARED, NOTED])[0] == (DECLARED, NOTED)
    twice = [DECLARED, NOTED, NOTED]
    assert merge_timelines(twice, twice, [*twice, ENGAGED])[0].count(NOTED) == 2


def test_within_one_second_each_side_keeps_its_order():
    first, second = an_entry("14:05", note="z, written first"), an_entry("14:05", note="a, written second")
    merged, _ = merge_timelines([DECLARED], [DECLARED, first, second], [DECLARED, NOTED])
    assert merged.index(first) < merged.index(second)


def test_an_entry_that_both_began_with_may_not_change():
    changed = an_entry("14:05", engage="imoc")
    conflict = merge_timelines([DECLARED, ENGAGED], [DECLARED, ENGAGED, NOTED], [DECLARED, changed])[1][0]
    assert conflict.message == "the entry of 14:05Z by 'ana', which both sides began with, was changed in theirs"
    assert conflict.places == ((MergeSide.THEIRS, ("timeline", 1)), (MergeSide.OURS, ("timeline", 1)))


def test_an_entry_that_both_began_with_may_not_go():
    conflicts = merge_timelines([DECLARED, ENGAGED], [DECLARED], [DECLARED, ENGAGED, NOTED])[1]
    assert ["the entry of 14:05Z by 'ana', which both sides began with, was removed in ours"] == [
        conflict.message for conflict in conflicts
    ]
    assert conflicts[0].places[0] == (MergeSide.OURS, ("timeline",))


def test_an_entry_that_both_took_out_is_a_conflict_on_each_side():
    assert len(conflicts([DECLARED, ENGAGED], [DECLARED], [DECLARED, NOTED])) == 2


def test_a_timeline_that_is_not_in_order_is_a_conflict():
    assert conflicts([DECLARED], [DECLARED, ENGAGED, an_entry("14:03")], [DECLARED, NOTED]) == [
        "an entry of 14:03Z stands after one of 14:05Z in ours"
    ]


def test_entries_of_one_second_in_different_orders_are_a_conflict():
    assert conflicts([DECLARED], [DECLARED, ENGAGED, NOTED], [DECLARED, NOTED, ENGAGED]) == [
        "entries that both sides have stand in different orders"
    ]


@pytest.mark.parametrize(
    ("key", "ours", "theirs", "message"),
    [
        ("severity", "S1", "S2", "severity is 'S1' in ours and 'S2' in theirs, both at 14:05Z"),
        ("state", "identified", "resolved", "state is 'identified' in ours and 'resolved' in theirs, both at 14:05Z"),
        ("audience", "public", "internal", "audience is 'public' in ours and 'internal' in theirs, both at 14:05Z"),
        ("services", ["a"], ["b"], """services is '["a"]' in ours and '["b"]' in theirs, both at 14:05Z"""),
        ("status", "operational", "security_issue",
         "status is 'operational' in ours and 'security_issue' in theirs, both at 14:05Z"),
    ],
)  # fmt: skip
def test_two_decisions_of_one_second_contradict(key, ours, theirs, message):
    assert opposed(an_entry("14:05", **{key: ours}), an_entry("14:05", "bo", **{key: theirs})) == [message]
    assert opposed(an_entry("14:05", **{key: ours}), an_entry("14:06", "bo", **{key: theirs})) == []
    assert opposed(an_entry("14:05", **{key: ours}), an_entry("14:05", "bo", **{key: ours})) == []


def test_one_role_has_one_holder():
    assert opposed(ENGAGED, an_entry("14:05", "bo", engage="eoc")) == [
        "eoc is 'ana' in ours and 'bo' in theirs, both at 14:05Z"
    ]
    assert opposed(ENGAGED, an_entry("14:05", "bo", engage="eoc", who="ana")) == []
    assert opposed(ENGAGED, an_entry("14:05", "bo", engage="imoc")) == []


def test_a_role_is_not_taken_and_given_back_at_once():
    release = an_entry("14:05", "bo", release="eoc", why="Asleep")
    assert opposed(ENGAGED, release) == ["eoc is engaged in ours and released in theirs, both at 14:05Z"]
    assert opposed(release, ENGAGED) == ["eoc is released in ours and engaged in theirs, both at 14:05Z"]


def test_what_one_side_decided_twice_in_a_second_is_its_own_matter():
    assert conflicts([DECLARED], [DECLARED, ENGAGED, an_entry("14:05", "bo", engage="eoc")], [DECLARED, NOTED]) == []


def test_different_orders_are_looked_for_where_the_timeline_is():
    conflicts = merge_timelines([], [ENGAGED, NOTED], [NOTED, ENGAGED])[1]
    assert [((MergeSide.OURS, ("timeline",)), (MergeSide.THEIRS, ("timeline",)))] == [
        conflict.places for conflict in conflicts
    ]


def test_a_mark_does_not_depend_on_the_order_of_keys():
    assert entry_marks([dict(reversed(ENGAGED.items()))]) == entry_marks([ENGAGED])


def test_values_are_shown_safely():
    assert shown("a\x1b[31m") == r"'a\x1b[31m'"
    assert shown({"a": "\n"}) == r"""'{"a":"\n"}'"""
