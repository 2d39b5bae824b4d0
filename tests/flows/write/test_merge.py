"""Two versions of a record merged: data, text, rules."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from branches_drawn import NOTES, Branches, branches
from examples import examples
from incidentops.core.finding import Finding
from incidentops.flows.read.archive import Archive, record_check
from incidentops.flows.write.compose import data_of
from incidentops.flows.write.merge import ConflictReason, MergeConflict, MergedRecord, MergeVersions, merge
from incidentops.model.entry import canonical
from incidentops.model.incident import Incident
from incidentops.model.merge_timelines import MergeSide
from incidentops.store.git.merge import MergeFavour, merge_texts
from incidentops.store.yaml.edit import new_record
from make import FILE, NOW, a_handbook

ARCHIVE = Archive(Path(), a_handbook())
BASE = """\
kind: incident
title: Registry pushes fail   # as the alert had it
services: [registry]
timeline:
  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S2, state: investigating}
  - {at: 2026-11-21T14:03:00Z, by: ana, engage: eoc}
# the end
"""


def fine(incident: Incident, text: str) -> Sequence[Finding]:
    return ()


def with_lines(*lines: str) -> str:
    return BASE.replace("# the end\n", "".join(f"{line}\n" for line in (*lines, "# the end")))


def merged(ours: str, theirs: str, base: str = BASE, check=fine, drafts=()) -> MergedRecord | MergeConflict:
    return merge(ARCHIVE, MergeVersions(FILE, base.encode(), ours.encode(), theirs.encode(), drafts), check)


def conflicts(ours: str, theirs: str, base: str = BASE) -> tuple[ConflictReason, ...]:
    ended = merged(ours, theirs, base, record_check(ARCHIVE.handbook, NOW))
    return ended.reasons if isinstance(ended, MergeConflict) else ()


def outcome(ended: MergedRecord | MergeConflict) -> object:
    return data_of(ended.text) if isinstance(ended, MergedRecord) else "conflict"


def entries(text: str) -> set[str]:
    return {canonical(entry) for entry in data_of(text)["timeline"]}


@settings(max_examples=examples(40))
@given(branches() | branches(content=NOTES, others=st.just({})))
def test_the_record_is_the_same_whichever_branch_is_merged_into_which(drawn: Branches):
    base, ours, theirs = (new_record(side) for side in (drawn.base, drawn.ours, drawn.theirs))
    one = merged(ours, theirs, base)
    assert outcome(one) == outcome(merged(theirs, ours, base))
    if isinstance(one, MergedRecord):
        assert entries(one.text) == entries(ours) | entries(theirs)


@settings(max_examples=examples(15))
@given(branches(content=NOTES, others=st.just({})))
def test_the_merges_of_git_that_it_begins_with_change_nothing_about_the_data(drawn: Branches):
    versions = [new_record(side).encode() for side in (drawn.base, drawn.ours, drawn.theirs)]
    drafts = [merge_texts(Path(__file__).parent, *versions, favour)[0] for favour in MergeFavour]
    ended = merge(ARCHIVE, MergeVersions(FILE, *versions, drafts), fine)
    assert outcome(ended) == outcome(merge(ARCHIVE, MergeVersions(FILE, *versions), fine))


@settings(max_examples=examples(15))
@given(branches())
def test_two_sides_that_are_the_same_stay_as_they_are(drawn: Branches):
    text = new_record(drawn.ours)
    assert MergedRecord(text) == merged(text, text, new_record(drawn.base))


def test_comments_of_both_sides_come_along():
    ours = with_lines("  # the chart", "  - at: 2026-11-21T14:30:00Z   # found", "    by: ana", "    state: identified")
    theirs = with_lines(
        "  # by phone", "  - {at: 2026-11-21T14:10:00Z, by: bo, note: Called}", "review: {owner: ana}  # later"
    )
    both = with_lines(
        "  # by phone", "  - {at: 2026-11-21T14:10:00Z, by: bo, note: Called}",
        "  # the chart", "  - at: 2026-11-21T14:30:00Z   # found", "    by: ana", "    state: identified",
        "review: {owner: ana}  # later",
    )  # fmt: skip
    assert MergedRecord(both) == merged(ours, theirs)
    assert MergedRecord(both) == merged(theirs, ours)


def test_a_merge_of_git_that_keeps_more_comments_is_begun_with():
    """Both say something else on one line; whoever merged the texts may have kept both."""
    ours = with_lines("  - {at: 2026-11-21T14:30:00Z, by: ana, note: One}").replace(
        "# as the alert", "# ana, as the alert"
    )
    theirs = BASE.replace("# as the alert", "# bo, as the alert")
    assert ((MergeSide.THEIRS, "# bo, as the alert had it"),) == merged(ours, theirs).left_out
    draft = f"# bo, as the alert had it\n{ours}"
    assert MergedRecord(draft) == merged(ours, theirs, drafts=[b"<<<<<<<", ours.encode(), draft.encode()])


def test_each_side_that_is_no_record_is_named():
    reasons = merged("a: [", BASE.replace("title", "titel"), base="- 1").reasons
    assert [
        "base is not a valid record: SCH001",
        "ours is not a valid record: YML001",
        "theirs is not a valid record: SCH001",
    ] == [reason.message[: reason.message.index("001") + 3] for reason in reasons]
    assert reasons[-1].hint


def test_a_record_that_both_made_anew_has_no_base():
    ours, theirs = with_lines("  - {at: 2026-11-21T14:30:00Z, by: ana, note: One}"), BASE
    assert MergedRecord(ours) == merged(ours, theirs, base="")


def test_a_clash_names_the_lines_of_both_sides():
    ours = with_lines("  - {at: 2026-11-21T14:30:00Z, by: ana, engage: imoc}")
    theirs = with_lines("  # by phone", "  - {at: 2026-11-21T14:30:00Z, by: bo, engage: imoc}")
    reason = merged(ours, theirs).reasons[0]
    assert "imoc is 'ana' in ours and 'bo' in theirs, both at 14:30Z" == reason.message
    assert ((MergeSide.OURS, 7, 5), (MergeSide.THEIRS, 8, 5)) == reason.places


def test_what_blocks_both_together_and_neither_alone_is_refused():
    ours = with_lines("  - {at: 2026-11-21T15:00:00Z, by: ana, state: resolved, note: All is well}")
    theirs = with_lines("  - {at: 2026-11-21T14:40:00Z, by: bo, engage: imoc}")
    reason = conflicts(ours, theirs)[0]
    assert reason.message.startswith("together they break OWN001: resolved by 'ana', but 'bo' owns the incident")
    assert ((MergeSide.OURS, 7), (MergeSide.THEIRS, 7)) == tuple(place[:2] for place in reason.places)
    assert [reason.message] == [other.message for other in conflicts(theirs, ours)]


def test_a_decision_after_the_other_side_resolved_is_refused():
    ours = with_lines("  - {at: 2026-11-21T15:00:00Z, by: ana, state: resolved, note: All is well}")
    theirs = with_lines("  - {at: 2026-11-21T15:10:00Z, by: ana, state: monitoring}")
    assert [True] == [reason.message.startswith("together they break STA002") for reason in conflicts(ours, theirs)]


def test_what_blocked_one_side_already_does_not_keep_it_from_being_merged():
    unknown = with_lines("  - {at: 2026-11-21T14:30:00Z, by: nobody, note: Hello}")
    theirs = with_lines("  - {at: 2026-11-21T14:10:00Z, by: bo, note: Called}")
    assert () == conflicts(unknown, theirs)
    assert () == conflicts(theirs, unknown)


def test_what_the_sides_break_elsewhere_is_looked_for_in_both():
    """Security matters become confidential, unless somebody widened the audience at the same time."""
    confidential = BASE.replace("timeline:", "audience: confidential\ntimeline:")
    ours = confidential + "security: {class: vulnerability}\n"
    theirs = confidential.replace("# the end", "  - {at: 2026-11-21T14:20:00Z, by: ana, audience: public, why: Known}")
    reasons = conflicts(ours, theirs, confidential)
    assert ["SEC001"] == [reason.message.split()[3].rstrip(":") for reason in reasons]
    assert {MergeSide.OURS, MergeSide.THEIRS} == {side for side, _, _ in reasons[0].places}


def test_a_layout_that_cannot_be_merged_safely_is_for_a_person():
    base = BASE.replace("# the end\n", "not_published: {reason: embargo, why: Wait}\n")
    ours = base.replace("not_published: {reason: embargo, why: Wait}\n", "")
    theirs = base + "review: {owner: ana}\n"
    assert isinstance(merged(ours, theirs, base), MergedRecord)
    both = base.replace("\ntimeline:", "\nlinks: {log: https://example.com/a}\ntimeline:")
    one, other = (
        both.replace("not_published: {reason: embargo, why: Wait}\n", ""),
        both.replace("links: {log: https://example.com/a}\n", ""),
    )
    reason = merged(one, other, both).reasons[0]
    assert "cannot be merged safely: a key would have to be removed" in reason.message


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_byte_order_mark_and_line_ends_stay(mark):
    ours = mark + with_lines("  - {at: 2026-11-21T14:30:00Z, by: ana, note: One}").replace("\n", "\r\n")
    theirs = with_lines("  - {at: 2026-11-21T14:10:00Z, by: bo, note: Two}")
    text = merged(ours, theirs).text
    assert (text.startswith("\ufeff"), text.count("\n")) == (bool(mark), text.count("\r\n"))
