"""Two versions of a record, merged by data."""

from collections import Counter

import pytest
from hypothesis import given

from branches_drawn import Branches, branches
from incidentops.model.entry import canonical
from incidentops.model.merge import merge_data, names
from incidentops.model.merge_timelines import MergeSide
from make import a_record, an_entry

FIRST = an_entry("14:02", severity="S2")
ACTION = {"key": "pin", "title": "Pin the chart"}
OTHER = {"key": "alert", "title": "Alert on it"}


def messages(base, ours, theirs) -> list[str]:
    return [conflict.message for conflict in merge_data(base, ours, theirs).conflicts]


def record(**changes: object) -> dict[str, object]:
    return a_record(FIRST, **changes)


def counted(timeline: object) -> Counter[str]:
    return Counter(canonical(entry) for entry in timeline)


@given(branches())
def test_the_direction_does_not_matter(drawn: Branches):
    one = merge_data(drawn.base, drawn.ours, drawn.theirs)
    other = merge_data(drawn.base, drawn.theirs, drawn.ours)
    assert bool(one.conflicts) == bool(other.conflicts)
    if not one.conflicts:
        assert one.data == other.data


@given(branches())
def test_no_entry_is_lost_and_none_invented(drawn: Branches):
    merged = merge_data(drawn.base, drawn.ours, drawn.theirs)
    if not merged.conflicts:
        ours, theirs = counted(drawn.ours["timeline"]), counted(drawn.theirs["timeline"])
        assert ours | theirs == counted(merged.data["timeline"])


@given(branches())
def test_entries_stand_in_the_order_of_time_and_each_side_keeps_its_own(drawn: Branches):
    merged = merge_data(drawn.base, drawn.ours, drawn.theirs)
    if not merged.conflicts:
        timeline = merged.data["timeline"]
        assert [entry["at"] for entry in timeline] == sorted(entry["at"] for entry in timeline)
        for side in (drawn.ours, drawn.theirs):
            left = iter(names("timeline", timeline))
            assert all(mark in left for mark in names("timeline", side["timeline"]))


@given(branches())
def test_a_side_merged_with_itself_is_itself(drawn: Branches):
    for base in (drawn.base, drawn.theirs, None):
        assert (drawn.ours, ()) == ((merged := merge_data(base, drawn.ours, drawn.ours)).data, merged.conflicts)


@given(branches())
def test_what_one_side_alone_did_is_taken(drawn: Branches):
    merged = merge_data(drawn.base, drawn.base, drawn.theirs)
    assert (drawn.theirs, ()) == (merged.data, merged.conflicts)


@given(branches())
def test_merging_again_changes_nothing(drawn: Branches):
    merged = merge_data(drawn.base, drawn.ours, drawn.theirs)
    if not merged.conflicts:
        again = merge_data(drawn.theirs, merged.data, drawn.theirs)
        assert (merged.data, ()) == (again.data, again.conflicts)


def test_equal_entries_have_names_of_their_own_and_items_those_of_their_keys():
    assert [(canonical(FIRST), 0), (canonical(FIRST), 1)] == list(names("timeline", [FIRST, FIRST]))
    assert [("pin",), ("alert",)] == list(names("corrective_actions", [ACTION, OTHER]))


def test_entries_that_were_added_on_both_sides_are_merged_by_time():
    early, late = an_entry("14:05", note="ours"), an_entry("14:06", note="theirs")
    merged = merge_data(a_record(FIRST), a_record(FIRST, late), a_record(FIRST, early))
    assert merged.conflicts == ()
    assert merged.data["timeline"] == [FIRST, early, late]


def test_keys_of_a_mapping_are_taken_from_both():
    merged = merge_data(record(), record(review={"owner": "ana"}), record(review={"started": "2026-11-21T16:00:00Z"}))
    assert merged.data["review"] == {"owner": "ana", "started": "2026-11-21T16:00:00Z"}


def test_what_both_changed_differently_is_a_conflict_with_its_place_on_each_side():
    merged = merge_data(record(), record(title="One"), record(title="Two"))
    assert ["title is 'One' in ours and 'Two' in theirs"] == [conflict.message for conflict in merged.conflicts]
    assert merged.conflicts[0].places == ((MergeSide.OURS, ("title",)), (MergeSide.THEIRS, ("title",)))


def test_what_one_side_took_out_and_the_other_changed_is_a_conflict():
    base = record(impact={"summary": "12% failed"})
    assert messages(base, record(), record(impact={"summary": "15% failed"})) == [
        """impact is not there in ours and '{"summary":"15% failed"}' in theirs"""
    ]


def test_what_one_side_took_out_is_gone():
    base = record(impact={"summary": "12% failed"}, corrective_actions=[ACTION, OTHER])
    data = merge_data(base, record(corrective_actions=[ACTION, OTHER]), {**base, "corrective_actions": [OTHER]}).data
    assert data == record(corrective_actions=[OTHER])


def test_an_item_that_one_side_took_out_is_gone_while_the_other_changed_another():
    base = record(corrective_actions=[ACTION, OTHER])
    ours = record(corrective_actions=[ACTION, {**OTHER, "owner": "ana"}])
    merged = merge_data(base, ours, record(corrective_actions=[OTHER]))
    assert merged.data["corrective_actions"] == [{**OTHER, "owner": "ana"}]


def test_items_with_a_name_are_merged_one_by_one():
    base = record(corrective_actions=[ACTION])
    ours = record(corrective_actions=[{**ACTION, "owner": "ana"}])
    theirs = record(corrective_actions=[{**ACTION, "due": "2026-12-05"}, OTHER])
    merged = merge_data(base, ours, theirs)
    assert merged.data["corrective_actions"] == [{**ACTION, "owner": "ana", "due": "2026-12-05"}, OTHER]


@pytest.mark.parametrize(
    ("key", "item", "name"),
    [
        ("alerts", {"source": "pagerduty", "id": "Q1", "fired": "2026-11-21T14:00:00Z"}, "id"),
        ("related", {"to": "2026-11-20-x", "as": "follows"}, "to"),
        ("waivers", {"rule": "STA003", "by": "bo", "until": "2026-12-01", "reason": "Seen to be fine"}, "until"),
    ],
)
def test_lists_that_both_sides_began_hold_what_both_put_there(key, item, name):
    other = {**item, name: "2026-12-24"}
    merged = merge_data(record(), record(**{key: [item]}), record(**{key: [other]}))
    assert ((), 2) == (merged.conflicts, len(merged.data[key]))
    assert all(one in merged.data[key] for one in (item, other))


def test_an_item_that_both_changed_differently_is_named():
    base, ours, theirs = (record(corrective_actions=[{**ACTION, "title": title}]) for title in ("One", "Two", "Three"))
    merged = merge_data(base, ours, theirs)
    assert ["corrective_actions.pin.title is 'Two' in ours and 'Three' in theirs"] == [
        conflict.message for conflict in merged.conflicts
    ]
    assert merged.conflicts[0].places[0] == (MergeSide.OURS, ("corrective_actions", 0, "title"))


def test_actions_and_the_reason_for_none_do_not_go_together():
    conflicts = messages(
        record(), record(corrective_actions=[ACTION]), record(corrective_actions={"none_because": "x"})
    )
    assert len(conflicts) == 1
    assert conflicts[0].startswith("corrective_actions is ")


def test_a_list_in_which_a_name_comes_twice_is_a_conflict():
    base = record(corrective_actions=[ACTION])
    ours, theirs = record(corrective_actions=[ACTION, ACTION]), record(corrective_actions=[ACTION, OTHER])
    assert messages(base, ours, theirs) == ["both sides changed corrective_actions, where one name comes twice"]


def test_items_in_different_orders_are_a_conflict():
    both = [ACTION, OTHER]
    ours, theirs = record(corrective_actions=both), record(corrective_actions=[*both[::-1], {**ACTION, "key": "new"}])
    assert messages(record(), ours, theirs) == ["the items of corrective_actions stand in different orders"]


def test_an_action_changed_here_and_taken_out_there_is_looked_for_where_the_list_is():
    base = record(corrective_actions=[ACTION, OTHER])
    ours = record(corrective_actions=[{**ACTION, "owner": "bo"}, OTHER])
    conflict = merge_data(base, ours, record(corrective_actions=[OTHER])).conflicts[0]
    assert conflict.places == ((MergeSide.OURS, ("corrective_actions", 0)), (MergeSide.THEIRS, ("corrective_actions",)))
