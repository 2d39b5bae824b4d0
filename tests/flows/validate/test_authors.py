"""Who wrote what is new in a record: the commit that brought it, whatever happened around it."""

from pathlib import Path

import pytest

from branching import Branching
from incidentops.flows.validate.base import base_of
from incidentops.model.merge_timelines import entry_marks
from make import FILE, a_record, an_entry

DECLARED = an_entry("14:02", severity="S3", engage="eoc")
A, B, C = (an_entry(f"14:{n}0", note=f"Note {n}") for n in (1, 2, 3))
ANA, BO, CY = "ana@example.com", "bo@example.com", "cy@example.com"
RECORD = a_record(DECLARED)


@pytest.fixture
def place(tmp_path: Path) -> Branching:
    place = Branching(tmp_path / "place")
    place.land(RECORD)
    place.git("tag", "base")
    return place


def wrote(place: Branching, *entries: dict[str, object]) -> list[list[str]]:
    """The addresses of the possible authors of each entry; empty for one of which no commit is known."""
    authors = base_of(place.root, "base", [FILE]).records[FILE].authors
    return [[a.address for a in authors.added.get(mark, ())] for mark in entry_marks(entries)]


def removed(place: Branching, entry: dict[str, object]) -> list[str]:
    authors = base_of(place.root, "base", [FILE]).records[FILE].authors
    return [a.address for a in authors.removed.get(entry_marks([entry])[0], ())]


def write(place: Branching, by: str, *entries: dict[str, object]) -> None:
    place.commit(by, {FILE: a_record(*entries)})


def test_it_is_the_commit_in_which_an_entry_appears(place: Branching):
    write(place, BO, DECLARED, A)
    write(place, CY, DECLARED, A, B)
    assert [[], [BO], [CY]] == wrote(place, DECLARED, A, B)


def test_layout_and_places_do_not_matter(place: Branching):
    write(place, BO, DECLARED, B)
    place.commit(CY, {FILE: "# another layout\n" + (place.root / FILE).read_text()})
    write(place, CY, DECLARED, A, dict(reversed(B.items())))
    assert [[CY], [BO]] == wrote(place, A, B)


def test_what_was_taken_out_and_put_back_is_by_who_put_it_back(place: Branching):
    write(place, BO, DECLARED, A)
    write(place, BO, DECLARED)
    write(place, CY, DECLARED, A)
    assert [[CY]] == wrote(place, A)


def test_what_is_not_committed_is_by_who_works_here(place: Branching):
    write(place, BO, DECLARED, A)
    place.write(FILE, a_record(DECLARED, A, B))
    authors = base_of(place.root, "base", [FILE]).records[FILE].authors
    assert [[BO], []] == wrote(place, A, B)
    assert [ANA] == [a.address for a in authors.rest]


def test_a_merge_brings_what_its_branches_wrote(place: Branching):
    place.git("switch", "-q", "-c", "other")
    write(place, BO, DECLARED, B)
    place.git("switch", "-q", "main")
    write(place, CY, DECLARED, A)
    place.git("merge", "-q", "--no-commit", "-s", "ours", "other")
    write(place, ANA, DECLARED, A, B, C)
    assert [[CY], [BO], [ANA]] == wrote(place, A, B, C)


def test_a_branch_that_left_early_and_was_merged_late(place: Branching):
    place.git("switch", "-q", "-c", "branch")
    write(place, BO, DECLARED, A)
    place.git("switch", "-q", "main")
    place.commit(CY, {"incidents/2026/2026-11-21-other.yaml": a_record(DECLARED)})
    place.git("tag", "-f", "base")
    place.git("switch", "-q", "branch")
    place.git("merge", "-q", "-m", "Catch up", "main", GIT_AUTHOR_EMAIL=CY)
    write(place, CY, DECLARED, A, B)
    assert [[BO], [CY]] == wrote(place, A, B)


@pytest.mark.parametrize("broken", ["kind: [", "kind: incident\n", "{a: &x 1, b: *x}"])
def test_after_a_version_that_cannot_be_read_either_may_have_written_it(place: Branching, broken: str):
    write(place, BO, DECLARED, A)
    place.commit(CY, {FILE: broken})
    write(place, ANA, DECLARED, A, B)
    assert [[BO], [CY, ANA]] == wrote(place, A, B)
    write(place, BO, DECLARED, A, B, C)
    assert [[BO]] == wrote(place, C), "from then on it is sure again"


def test_a_record_that_went_and_came_again(place: Branching):
    write(place, BO, DECLARED, A)
    place.commit(BO, {FILE: None})
    write(place, CY, DECLARED, A)
    assert [[], [CY]] == wrote(place, DECLARED, A)


def test_who_took_a_landed_entry_away(place: Branching):
    write(place, ANA, DECLARED, A)
    place.git("tag", "-f", "base")
    write(place, BO, DECLARED)
    write(place, CY, DECLARED, B)
    assert [BO] == removed(place, A)


def test_a_history_that_was_merged_in_without_a_common_beginning(place: Branching):
    place.git("switch", "-q", "--orphan", "elsewhere")
    write(place, BO, DECLARED, A)
    place.git("switch", "-q", "main")
    place.git("merge", "-q", "--no-commit", "--allow-unrelated-histories", "-s", "ours", "elsewhere")
    write(place, CY, DECLARED, A, B)
    assert [[BO], [CY]] == wrote(place, A, B)


def test_a_version_that_is_too_large_or_a_link_hides_who_wrote_what_comes_next(place: Branching):
    place.commit(BO, {FILE: "# " + "x" * (1 << 20)})
    write(place, CY, DECLARED, A)
    assert [[BO, CY]] == wrote(place, A)
    (place.root / FILE).unlink()
    (place.root / FILE).symlink_to("elsewhere")
    place.commit(ANA)
    (place.root / FILE).unlink()
    write(place, CY, DECLARED, A, B)
    assert [[BO, CY], [ANA, CY]] == wrote(place, A, B)
