"""What lies here compared with where the branch left another, as git tells it."""

from pathlib import Path

import pytest

from branching import Branching
from incidentops.core.errors import WrongUse
from incidentops.core.source import blob
from incidentops.model.change import CommitAuthor
from incidentops.store.git.difference import Comparison, RecordDifference, _address
from incidentops.store.git.history import History, LandedVersion
from make import FILE

OTHER = "incidents/2026/2026-11-21-web-slow.yaml"


@pytest.fixture
def place(tmp_path: Path) -> Branching:
    return Branching(tmp_path / "place")


def comparison(place: Branching, root: Path | None = None) -> Comparison:
    return Comparison(root or place.root, History(root or place.root))


def since(place: Branching, revision: str) -> RecordDifference:
    return comparison(place).since(revision)


def a_version(file: str, text: str) -> LandedVersion:
    return LandedVersion(file, blob(text.encode()))


def steps(place: Branching, revision: str) -> list[tuple[str, dict[str, str | None]]]:
    """The author of each commit and what it wrote."""
    one = comparison(place)
    return [
        (step.author.email, {file: v.blob if v else None for file, v in step.versions.items()})
        for step in one.steps(one.since(revision))
    ]


def test_changed_and_deleted_records_differ(place: Branching):
    base = place.commit(files={FILE: "a: 1\n", OTHER: "b: 1\n", "incidents/2026/same.yaml": "c: 1\n"})
    place.commit(files={FILE: "a: 2\n", OTHER: None, "incidents/2026/new.yaml": "n: 1\n", "README.md": "x\n"})
    place.write("incidents/2026/not committed.yaml", "u: 1\n")
    place.write("incidents/notes.txt", "no record\n")
    found = since(place, base)
    assert base == found.base
    assert {
        FILE: a_version(FILE, "a: 1\n"),
        "incidents/2026/new.yaml": None,
        "incidents/2026/not committed.yaml": None,
    } == found.changed
    assert {OTHER: a_version(OTHER, "b: 1\n")} == found.gone


def test_what_is_not_committed_counts(place: Branching):
    base = place.commit(files={FILE: "a: 1\n", OTHER: "b: 1\n"})
    place.write(FILE, "a: 2\n")
    place.write(OTHER, None)
    found = since(place, base)
    assert ([FILE], [OTHER]) == (list(found.changed), list(found.gone))


def test_a_file_that_git_forgot_and_that_lies_there_is_not_gone(place: Branching):
    base = place.land("a: 1\n")
    place.git("rm", "-q", "--cached", FILE)
    found = since(place, base)
    assert ({FILE: a_version(FILE, "a: 1\n")}, {}) == (found.changed, found.gone)


def test_a_link_where_a_record_was_is_no_record_that_is_gone(place: Branching):
    base = place.land("a: 1\n")
    (place.root / FILE).unlink()
    (place.root / FILE).symlink_to("nowhere")
    assert {} == since(place, base).gone


def test_what_landed_after_the_branch_left_does_not_count(place: Branching):
    left = place.land("a: 1\n")
    place.git("switch", "-q", "-c", "branch")
    place.commit(files={OTHER: "b: 1\n"})
    place.git("switch", "-q", "main")
    place.land("a: 2\n")
    place.git("switch", "-q", "branch")
    found = since(place, "main")
    assert (left, {OTHER: None}, {}) == (found.base, found.changed, found.gone)


def test_records_may_lie_in_a_folder_of_the_repository(tmp_path: Path):
    place = Branching(tmp_path / "place")
    inside = place.root / "deep" / "er"
    base = place.commit(files={f"deep/er/{FILE}": "a: 1\n"})
    place.commit(by="bo@example.com", files={f"deep/er/{FILE}": "a: 2\n", FILE: "not ours: 1\n"})
    one = comparison(place, inside)
    found = one.since(base)
    assert {FILE: a_version(FILE, "a: 1\n")} == found.changed
    assert [{FILE: a_version(FILE, "a: 2\n")}] == [step.versions for step in one.steps(found)]


def test_each_commit_comes_after_its_parents_with_its_author(place: Branching):
    base = place.land("a: 1\n")
    place.commit(by="bo@example.com", files={FILE: "a: 2\n", OTHER: "b: 1\n"})
    place.commit(by="cy@example.com", files={"README.md": "x\n"})
    place.commit(by="ana@example.com", files={OTHER: None})
    assert [
        ("bo@example.com", {FILE: blob(b"a: 2\n"), OTHER: blob(b"b: 1\n")}), ("ana@example.com", {OTHER: None}),
    ] == steps(place, base)  # fmt: skip
    assert [] == steps(place, "HEAD")


def test_a_merge_is_one_step_with_all_that_differs_from_any_parent(place: Branching):
    base = place.land("a: 1\n")
    place.git("switch", "-q", "-c", "branch")
    place.commit(by="bo@example.com", files={OTHER: "b: 1\n"})
    place.git("switch", "-q", "main")
    place.land("a: 2\n")
    place.git("merge", "-q", "--no-ff", "-m", "Both", "branch", GIT_AUTHOR_EMAIL="cy@example.com")
    one = comparison(place)
    found = list(one.steps(one.since(base)))
    assert 3 == len(found)
    assert {found[0].sha, found[1].sha} == set(found[2].parents)
    assert ("cy@example.com", {FILE, OTHER}) == (found[2].author.email, set(found[2].versions))


def test_settings_of_git_change_nothing(place: Branching):
    base = place.land("a: 1\n")
    place.commit(by="bo@example.com", files={'incidents/2026/ü "x".yaml': "b: 1\n"})
    before = (since(place, base), steps(place, base))
    for key, value in {
        "diff.renames": "copies", "diff.noprefix": "true", "core.quotePath": "true", "log.showSignature": "true",
        "diff.external": "false", "color.ui": "always", "diff.relative": "true", "log.diffMerges": "off",
        "diff.orderFile": "nowhere", "log.mailmap": "true",
    }.items():  # fmt: skip
        place.git("config", key, value)
        if key == "diff.orderFile":
            place.git("config", "--unset", key)
    assert before == (since(place, base), steps(place, base))


def test_the_committer_of_now_is_who_git_would_name(place: Branching, monkeypatch: pytest.MonkeyPatch):
    assert CommitAuthor("Ana Silva", "ana@example.com") == comparison(place).me()
    monkeypatch.delenv("GIT_AUTHOR_EMAIL")
    monkeypatch.delenv("GIT_COMMITTER_EMAIL")
    place.git("config", "user.useConfigOnly", "true")
    assert CommitAuthor("", "") == comparison(place).me()


@pytest.mark.parametrize("revision", ["nothing", "0" * 40, "--all"])
def test_a_revision_that_is_not_here_is_wrong_use_with_a_hint(place: Branching, revision: str):
    with pytest.raises(WrongUse, match="to compare with") as error:
        since(place, revision)
    assert "git fetch origin" in error.value.hint


def test_a_branch_without_a_common_commit_is_wrong_use(place: Branching):
    place.git("switch", "-q", "--orphan", "other")
    place.land("a: 1\n")
    with pytest.raises(WrongUse, match="'main' and this branch have no commit in common"):
        since(place, "main")


def test_a_repository_without_a_commit_has_nothing_to_compare_with(tmp_path: Path):
    Branching(tmp_path / "full")
    (tmp_path / "empty" / "incidents").mkdir(parents=True)
    import subprocess

    subprocess.run(["git", "init", "-q", str(tmp_path / "empty")], check=True)
    with pytest.raises(WrongUse, match="there is no commit yet"):
        Comparison(tmp_path / "empty", History(tmp_path / "empty")).since("main")


def a_shallow_clone(place: Branching, depth: int) -> Path:
    clone = place.root.parent / f"clone{depth}"
    place.git("clone", "-q", f"--depth={depth}", place.root.as_uri(), str(clone))
    return clone


def test_a_shallow_clone_says_how_to_deepen_it(place: Branching):
    base = place.land("a: 1\n")
    for number in range(4):
        place.land(f"a: {number + 2}\n")
    clone = a_shallow_clone(place, 2)
    with pytest.raises(
        WrongUse, match=f"the commit '{base}' to compare with is not here, and the clone is shallow"
    ) as e:
        comparison(place, clone).since(base)
    assert "GIT_DEPTH: 0" in e.value.hint
    assert [FILE] == list(comparison(place, clone).since("HEAD^").changed)


def test_a_shallow_clone_without_the_commits_in_between_is_wrong_use(place: Branching):
    base = place.land("a: 1\n")
    place.land("a: 2\n")
    place.git("switch", "-q", "-c", "branch", base)
    for number in range(4):
        place.commit(files={OTHER: f"b: {number}\n"})
    clone = a_shallow_clone(place, 1)
    place.git("-C", str(clone), "fetch", "-q", "--depth=1", "origin", "main:main")
    with pytest.raises(WrongUse, match="where this branch left 'main' is not here, and the clone is shallow"):
        comparison(place, clone).since("main")


def test_history_that_is_cut_off_on_the_way_is_not_taken_for_a_beginning(place: Branching):
    base = place.land("a: 1\n")
    place.git("switch", "-q", "-c", "branch")
    for number in range(3):
        place.commit(files={OTHER: f"b: {number}\n"})
    place.git("switch", "-q", "main")
    place.git("merge", "-q", "--no-ff", "-m", "Both", "branch")
    clone = a_shallow_clone(place, 2)
    one = comparison(place, clone)
    difference = one.since(base)
    with pytest.raises(WrongUse, match="what was committed since the base is not all here"):
        list(one.steps(difference))


@pytest.mark.parametrize("signer", ["Ana Silva <ana@example.com>", "ana@example.com", "A <b> <ana@example.com>"])
def test_a_signer_is_an_address_however_the_signature_says_it(signer: str):
    assert "ana@example.com" == _address(signer)
