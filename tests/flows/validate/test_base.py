"""What a run compares with: the landed version of each record that differs, wherever it was."""

from pathlib import Path

import pytest

from branching import Branching
from incidentops.core.finding import Finding
from incidentops.flows.validate.base import base_of
from incidentops.flows.validate.validate import validate
from incidentops.flows.validate.verdict import ValidateOptions
from incidentops.model.merge_timelines import entry_marks
from make import FILE, HANDBOOK_FILE, NOW, a_handbook_data, a_near_miss, a_record, an_entry

OTHER = "incidents/2026/2026-11-21-web-slow.yaml"
DECLARED = an_entry("15:50", severity="S3", engage="eoc")
NOTE = an_entry("15:52", note="The chart dropped the secret")
RECORD = a_record(DECLARED, NOTE)
OPENED = an_entry("14:02", severity="S3", engage="eoc")
A, B, C = (an_entry(f"14:{n}0", note=f"Note {n}") for n in (1, 2, 3))
ANA, BO, CY = "ana@example.com", "bo@example.com", "cy@example.com"
OPENED_RECORD = a_record(OPENED)
ELSEWHERE = a_record(DECLARED, services=["web"])


@pytest.fixture
def place(tmp_path: Path) -> Branching:
    place = Branching(tmp_path / "place")
    place.commit(files={FILE: RECORD, OTHER: ELSEWHERE})
    place.git("tag", "base")
    return place


def found(place: Branching, *paths: str, base: str = "base") -> list[Finding]:
    return list(validate(place.root, NOW, paths, base=base).findings)


def codes(place: Branching, *paths: str) -> list[str]:
    return [f"{f.location.file.rpartition('/')[2]}: {f.code} {f.level}" for f in found(place, *paths)]


def test_what_is_as_it_landed_is_not_compared(place: Branching):
    assert {} == base_of(place.root, "base", [FILE, OTHER]).records
    assert [] == codes(place)


def test_a_landed_entry_that_changed_is_found_in_commits_and_in_the_work_tree(place: Branching):
    place.write(FILE, a_record(DECLARED, {**NOTE, "note": "It kept it"}))
    assert ["2026-11-21-registry-503.yaml: TIM005 block"] == codes(place)
    place.commit()
    assert ["2026-11-21-registry-503.yaml: TIM005 block"] == codes(place)
    assert [] == found(place, base="HEAD")


def test_another_layout_is_no_change(place: Branching):
    place.write(FILE, f"# reformatted\n{(place.root / FILE).read_text()}")
    assert [FILE] == list(base_of(place.root, "base", [FILE]).records)
    assert [] == codes(place)


def test_the_timeline_is_the_fold_of_both_versions_whoever_committed(place: Branching):
    place.commit("bo@example.com", {FILE: a_record(DECLARED, NOTE, an_entry("15:55", engage="imoc"))})
    place.commit("ana@example.com", {OTHER: {**ELSEWHERE, "title": "Slow"}})
    (finding,) = found(place)
    assert ("OWN004", "'ana' engages here, but 'bo' committed it ('bo@example.com')") == (finding.code, finding.message)


def test_a_deleted_record_is_found_at_its_old_path(place: Branching):
    third = "incidents/2026/2026-11-21-git-slow.yaml"
    place.commit(files={FILE: None, third: a_record(an_entry("15:58", severity="S4"), services=["git"])})
    (finding,) = found(place)
    assert ("DIF001", FILE, True) == (finding.code, finding.location.file, finding.blocks)
    assert place.git("rev-parse", "base")[:12] in finding.hint
    assert [] == found(place, OTHER), "a run over some records does not ask for others"
    place.write(HANDBOOK_FILE, a_handbook_data(rules={"DIF001": "off"}))
    assert [] == found(place)


@pytest.mark.parametrize(
    ("file", "data"),
    [
        pytest.param("incidents/2026/2026-11-21-pushes.yaml", RECORD, id="the same content"),
        pytest.param("incidents/2026/2026-11-21-pushes.yaml", {**RECORD, "title": "Other"}, id="the same entries"),
        pytest.param("incidents/2025/2026-11-21-registry-503.yaml", a_record(DECLARED), id="the same id"),
    ],
)
def test_a_renamed_record_is_known_again_and_held_to_what_landed(place: Branching, file: str, data: dict[str, object]):
    place.commit(files={FILE: None, file: data})
    renamed = [f for f in found(place) if f.code[:3] == "DIF"]
    assert [("DIF001", file)] == [(f.code, f.location.file) for f in renamed]
    assert f"this record landed as '{FILE}', and was renamed" == renamed[0].message
    gone = [f.code for f in found(place) if f.code == "TIM006"]
    assert (["TIM006"] if len(data["timeline"]) == 1 else []) == gone  # type: ignore[arg-type]


def test_another_record_in_its_place_is_no_renaming(place: Branching):
    place.commit(
        files={FILE: None, "incidents/2026/2026-11-21-pushes.yaml": a_record(an_entry("15:58", severity="S4"))}
    )
    assert ["2026-11-21-registry-503.yaml: DIF001 block"] == codes(place)


def test_each_new_record_is_the_successor_of_one(place: Branching):
    place.commit(files={FILE: None, OTHER: None, "incidents/2026/2026-11-21-both.yaml": RECORD})
    assert {("2026-11-21-both.yaml: DIF001 block"), ("2026-11-21-web-slow.yaml: DIF001 block")} == set(codes(place))


def test_what_could_not_be_read_when_it_landed_is_not_compared(place: Branching):
    place.commit(files={FILE: "kind: ["})
    place.git("tag", "-f", "base")
    place.commit(files={FILE: a_record(an_entry("15:51", by="bo", severity="S3", engage="eoc"))})
    assert {} == base_of(place.root, "base", [FILE]).records
    assert [] == codes(place)
    place.commit(files={FILE: None})
    assert ["2026-11-21-registry-503.yaml: DIF001 block"] == codes(place)


def test_a_link_that_landed_is_not_compared(place: Branching):
    (place.root / FILE).unlink()
    (place.root / FILE).symlink_to("elsewhere.yaml")
    place.commit()
    place.git("tag", "-f", "base")
    (place.root / FILE).unlink()
    place.commit(files={FILE: RECORD})
    assert [] == codes(place)


def test_a_record_that_cannot_be_read_has_no_other_finding(place: Branching):
    place.commit(files={FILE: "kind: ["})
    assert ["2026-11-21-registry-503.yaml: YML001 block"] == codes(place)


def test_a_new_record_is_its_authors_own(place: Branching):
    place.commit("bo@example.com", {FILE: None})
    place.git("tag", "-f", "base")
    place.commit("bo@example.com", {FILE: RECORD})
    assert ["2026-11-21-registry-503.yaml: OWN004 block"] == codes(place)
    place.commit("bo@example.com", {FILE: {**a_near_miss().source.data}})
    assert [] == codes(place)


def test_several_processes_find_the_same(place: Branching):
    place.commit("bo@example.com", {FILE: a_record(DECLARED, an_entry("15:55", engage="imoc"))})
    one = validate(place.root, NOW, base="base", options=ValidateOptions(1))
    assert 2 == len(one.findings)
    assert one == validate(place.root, NOW, base="base", options=ValidateOptions(2))


@pytest.fixture
def branch(tmp_path: Path) -> Branching:
    branch = Branching(tmp_path / "branch")
    branch.land(OPENED_RECORD)
    branch.git("tag", "base")
    return branch


def wrote(branch: Branching, *entries: dict[str, object]) -> list[list[str]]:
    """The addresses of the possible authors of each entry; empty for one of which no commit is known."""
    authors = base_of(branch.root, "base", [FILE]).records[FILE].authors
    return [[a.address for a in authors.added.get(mark, ())] for mark in entry_marks(entries)]


def removed(branch: Branching, entry: dict[str, object]) -> list[str]:
    authors = base_of(branch.root, "base", [FILE]).records[FILE].authors
    return [a.address for a in authors.removed.get(entry_marks([entry])[0], ())]


def write(branch: Branching, by: str, *entries: dict[str, object]) -> None:
    branch.commit(by, {FILE: a_record(*entries)})


def test_it_is_the_commit_in_which_an_entry_appears(branch: Branching):
    write(branch, BO, OPENED, A)
    write(branch, CY, OPENED, A, B)
    assert [[], [BO], [CY]] == wrote(branch, OPENED, A, B)


def test_layout_and_places_do_not_matter(branch: Branching):
    write(branch, BO, OPENED, B)
    branch.commit(CY, {FILE: "# another layout\n" + (branch.root / FILE).read_text()})
    write(branch, CY, OPENED, A, dict(reversed(B.items())))
    assert [[CY], [BO]] == wrote(branch, A, B)


def test_what_was_taken_out_and_put_back_is_by_who_put_it_back(branch: Branching):
    write(branch, BO, OPENED, A)
    write(branch, BO, OPENED)
    write(branch, CY, OPENED, A)
    assert [[CY]] == wrote(branch, A)


def test_what_is_not_committed_is_by_who_works_here(branch: Branching):
    write(branch, BO, OPENED, A)
    branch.write(FILE, a_record(OPENED, A, B))
    authors = base_of(branch.root, "base", [FILE]).records[FILE].authors
    assert [[BO], []] == wrote(branch, A, B)
    assert [ANA] == [a.address for a in authors.rest]


def test_a_merge_brings_what_its_branches_wrote(branch: Branching):
    branch.git("switch", "-q", "-c", "other")
    write(branch, BO, OPENED, B)
    branch.git("switch", "-q", "main")
    write(branch, CY, OPENED, A)
    branch.git("merge", "-q", "--no-commit", "-s", "ours", "other")
    write(branch, ANA, OPENED, A, B, C)
    assert [[CY], [BO], [ANA]] == wrote(branch, A, B, C)


def test_a_branch_that_left_early_and_was_merged_late(branch: Branching):
    branch.git("switch", "-q", "-c", "branch")
    write(branch, BO, OPENED, A)
    branch.git("switch", "-q", "main")
    branch.commit(CY, {"incidents/2026/2026-11-21-other.yaml": a_record(OPENED)})
    branch.git("tag", "-f", "base")
    branch.git("switch", "-q", "branch")
    branch.git("merge", "-q", "-m", "Catch up", "main", GIT_AUTHOR_EMAIL=CY)
    write(branch, CY, OPENED, A, B)
    assert [[BO], [CY]] == wrote(branch, A, B)


@pytest.mark.parametrize("broken", ["kind: [", "kind: incident\n", "{a: &x 1, b: *x}"])
def test_after_a_version_that_cannot_be_read_either_may_have_written_it(branch: Branching, broken: str):
    write(branch, BO, OPENED, A)
    branch.commit(CY, {FILE: broken})
    write(branch, ANA, OPENED, A, B)
    assert [[BO], [CY, ANA]] == wrote(branch, A, B)
    write(branch, BO, OPENED, A, B, C)
    assert [[BO]] == wrote(branch, C), "from then on it is sure again"


def test_a_record_that_went_and_came_again(branch: Branching):
    write(branch, BO, OPENED, A)
    branch.commit(BO, {FILE: None})
    write(branch, CY, OPENED, A)
    assert [[], [CY]] == wrote(branch, OPENED, A)


def test_who_took_a_landed_entry_away(branch: Branching):
    write(branch, ANA, OPENED, A)
    branch.git("tag", "-f", "base")
    write(branch, BO, OPENED)
    write(branch, CY, OPENED, B)
    assert [BO] == removed(branch, A)


def test_a_history_that_was_merged_in_without_a_common_beginning(branch: Branching):
    branch.git("switch", "-q", "--orphan", "elsewhere")
    write(branch, BO, OPENED, A)
    branch.git("switch", "-q", "main")
    branch.git("merge", "-q", "--no-commit", "--allow-unrelated-histories", "-s", "ours", "elsewhere")
    write(branch, CY, OPENED, A, B)
    assert [[BO], [CY]] == wrote(branch, A, B)


def test_a_version_that_is_too_large_or_a_link_hides_who_wrote_what_comes_next(branch: Branching):
    branch.commit(BO, {FILE: "# " + "x" * (1 << 20)})
    write(branch, CY, OPENED, A)
    assert [[BO, CY]] == wrote(branch, A)
    (branch.root / FILE).unlink()
    (branch.root / FILE).symlink_to("elsewhere")
    branch.commit(ANA)
    (branch.root / FILE).unlink()
    write(branch, CY, OPENED, A, B)
    assert [[BO, CY], [ANA, CY]] == wrote(branch, A, B)
