"""What became of a record: what stands, was rewritten, is gone, is new, and who did it."""

import copy
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.model.change import FILE, ChangeAuthors, CommitAuthor, compare, shared_entries, signs
from incidentops.model.merge_timelines import entry_marks
from make import a_record, an_entry, an_incident
from rules.records_drawn import entries

ANA, BO = CommitAuthor("Ana", "ana@example.com"), CommitAuthor("Bo", "bo@example.com")
DECLARED = an_entry("14:02", severity="S3", engage="eoc")
NOTE = an_entry("14:10", note="Chart 4.2 dropped the storage secret")
STATE = an_entry("14:20", state="identified")


def changed(before, after, authors: ChangeAuthors | None = None, **changes: object):
    landed = None if before is None else an_incident(*before)
    return compare(landed, an_incident(*after, **changes), authors or ChangeAuthors(rest=(ANA,)))


def shape(before, after) -> dict[str, object]:
    change = changed(before, after)
    return {
        "kept": dict(change.kept),
        "rewritten": dict(change.rewritten),
        "moved": [e.index for e in change.moved],
        "gone": [e.index for e in change.gone],
        "new": [e.index for e in change.new],
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        pytest.param([DECLARED, NOTE], [DECLARED, NOTE], {"kept": {0: 0, 1: 1}}, id="nothing"),
        pytest.param([DECLARED], [DECLARED, NOTE], {"kept": {0: 0}, "new": [1]}, id="appended"),
        pytest.param([DECLARED, STATE], [DECLARED, NOTE, STATE], {"kept": {0: 0, 2: 1}, "new": [1]}, id="inserted"),
        pytest.param(
            [DECLARED, NOTE], [DECLARED, {**NOTE, "note": "Other"}], {"kept": {0: 0}, "rewritten": {1: 1}},
            id="rewritten: the same second",
        ),
        pytest.param(
            [DECLARED, NOTE], [DECLARED, {**NOTE, "at": "2026-11-21T14:11:00Z"}], {"kept": {0: 0}, "rewritten": {1: 1}},
            id="rewritten: the same words at another time",
        ),
        pytest.param(
            [DECLARED, NOTE], [DECLARED, an_entry("15:00", by="bo", state="monitoring")],
            {"kept": {0: 0}, "gone": [1], "new": [1]}, id="gone, and something else came",
        ),
        pytest.param(
            [DECLARED, NOTE, {**NOTE, "by": "bo"}], [DECLARED, {**NOTE, "by": "bo", "why": "x"}],
            {"kept": {0: 0}, "rewritten": {1: 1}, "gone": [2]}, id="one entry takes the place of one",
        ),
        pytest.param([DECLARED, NOTE, NOTE], [DECLARED, NOTE], {"kept": {0: 0, 1: 1}, "gone": [2]}, id="one of two"),
        pytest.param([DECLARED, NOTE], [DECLARED, NOTE, NOTE], {"kept": {0: 0, 1: 1}, "new": [2]}, id="once more"),
        pytest.param(
            [DECLARED, STATE, {**STATE, "state": "monitoring"}], [DECLARED, {**STATE, "state": "monitoring"}, STATE],
            {"kept": {0: 0, 1: 2, 2: 1}, "moved": [2]}, id="decisions of one second changed places",
        ),
        pytest.param(
            [DECLARED, NOTE, {**NOTE, "note": "Two"}], [DECLARED, {**NOTE, "note": "Two"}, NOTE],
            {"kept": {0: 0, 1: 2, 2: 1}}, id="notes may change places",
        ),
        pytest.param(
            [DECLARED, STATE, an_entry("14:10", page="imoc")], [DECLARED, an_entry("14:10", page="imoc"), STATE],
            {"kept": {0: 0, 1: 2, 2: 1}}, id="a disorder that landed may be put in order",
        ),
        pytest.param(None, [DECLARED, NOTE], {"new": [0, 1]}, id="a new record"),
    ],
)  # fmt: skip
def test_each_entry_is_kept_rewritten_moved_gone_or_new(before, after, expected: dict[str, object]):
    nothing: dict[str, object] = {"kept": {}, "rewritten": {}, "moved": [], "gone": [], "new": []}
    assert {**nothing, **expected} == shape(before, after)


def test_the_authors_of_an_entry_are_found_by_its_content():
    before, after = [DECLARED, NOTE, STATE], [DECLARED, {**STATE, "state": "monitoring"}, an_entry("14:30", note="New")]
    (note, state), (rewritten, new) = entry_marks([NOTE, STATE]), entry_marks(after[1:])
    authors = ChangeAuthors({rewritten: (BO,), new: (ANA, BO)}, {note: (BO,), state: (ANA,)}, (ANA,))
    change = changed(before, after, authors)
    assert (BO,) == change.who_added(change.after.timeline[1])
    assert (ANA, BO) == change.who_added(change.new[0])
    assert (BO,) == change.who_removed(change.gone[0])
    assert (ANA,) == change.who_put_it_here() == change.who_chose_the_kind()


def test_waivers_that_landed_are_not_new():
    one, two = ({"rule": "OWN002", "reason": r, "until": "2026-12-31", "by": "bo"} for r in ("one", "two"))
    before, after = an_incident(waivers=[one]), an_incident(waivers=[two, one])
    change = compare(before, after, ChangeAuthors({entry_marks([two])[0]: (BO,)}, rest=(ANA,)))
    assert ["two"] == [waiver.reason for waiver in change.new_waivers]
    assert (BO,) == change.who_granted(change.new_waivers[0])
    assert () == compare(None, an_incident(), ChangeAuthors()).landed


def test_a_signature_wins_over_what_the_commit_says():
    assert "ana@example.com" == ANA.address
    assert "bo@example.com" == CommitAuthor("Ana", "ana@example.com", "bo@example.com").address


def test_the_signs_of_a_record_are_its_entries_waivers_kind_and_file():
    plain = a_record(DECLARED, NOTE)
    assert 4 == len(signs(plain))
    assert FILE in signs(plain)
    assert 1 == len(signs({**plain, "kind": "near_miss"}) - signs(plain))
    waiver = {"rule": "OWN002", "reason": "r", "until": "2026-12-31", "by": "bo"}
    assert set(entry_marks([waiver])) == signs({**plain, "waivers": [waiver]}) - signs(plain)
    assert 1 == shared_entries(plain, a_record(DECLARED, STATE))


def reordered(entry: dict[str, object]) -> dict[str, object]:
    return dict(reversed(copy.deepcopy(entry).items()))


@given(st.lists(entries(), min_size=1, max_size=6))
def test_the_order_of_keys_changes_nothing(drawn: list[dict[str, object]]):
    change = changed(drawn, [reordered(entry) for entry in drawn])
    assert {index: index for index in range(len(drawn))} == change.kept
    assert ((), (), ()) == (change.new, change.gone, change.moved)


@given(st.lists(entries(), min_size=1, max_size=6), st.lists(entries(), min_size=1, max_size=6))
def test_every_entry_is_accounted_for_once(before: list[dict[str, object]], after: list[dict[str, object]]):
    change = changed(before, after)
    now = [*change.kept, *change.rewritten, *(e.index for e in change.new)]
    was = [*change.kept.values(), *change.rewritten.values(), *(e.index for e in change.gone)]
    assert list(range(len(after))) == sorted(now)
    assert list(range(len(before))) == sorted(was)
    assert all(
        json.dumps(after[i], sort_keys=True) == json.dumps(before[j], sort_keys=True) for i, j in change.kept.items()
    )
