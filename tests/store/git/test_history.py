"""What landed, as git tells it: every commit of the branch once, every version of every file, however git is set."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gitplace import git
from incidentops.core.errors import Failed, WrongUse
from incidentops.core.moment import LATEST
from incidentops.core.source import blob
from incidentops.store.git.history import CommitRange, History
from incidentops.store.safe_read import LARGEST, UnusableFile

START = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
A, B = "incidents/2026/a.yaml", "incidents/2026/b.yaml"


class Place:
    """A repository to land things in, a minute apart."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, inside: str = "") -> None:
        self.root = root / inside
        self.root.mkdir(parents=True, exist_ok=True)
        self.monkeypatch = monkeypatch
        self.commits = 0
        git(root, "init", "-q", "-b", "main")

    def write(self, file: str, text: str) -> None:
        path = self.root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def land(self) -> str:
        """Commit whatever changed."""
        at = (START + timedelta(minutes=self.commits)).isoformat()
        self.commits += 1
        self.monkeypatch.setenv("GIT_COMMITTER_DATE", at)
        git(self.root, "add", "--all", ".")
        git(self.root, "commit", "-q", "--allow-empty", "-m", "Something")
        return git(self.root, "rev-parse", "HEAD")

    def landings(self, since: str | None = None) -> list[tuple[str, list[str], list[str]]]:
        """Each landing: its commit, what it wrote, what it took away."""
        history = History(self.root)
        found = history.landings(history.span(since))
        return [(one.commit.sha, sorted(v.file for v in one.versions), sorted(one.gone)) for one in found]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    return Place(tmp_path / "place", monkeypatch)


def two_commits(place: Place) -> tuple[str, str]:
    place.write(A, "a: 1\n")
    first = place.land()
    place.write(A, "a: 2\n")
    place.write(B, "b: 1\n")
    return first, place.land()


def test_every_commit_that_changed_something_is_listed_oldest_first(place):
    first, second = two_commits(place)
    place.write("README.md", "no record\n")
    place.land()
    assert [(first, [A], []), (second, [A, B], [])] == place.landings()


def test_a_commit_has_its_committer_time_and_its_author(place, monkeypatch):
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Zoë\x07 Ng")
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2020-01-01T00:00:00Z")
    place.write(A, "a: 1\n")
    sha = place.land()
    history = History(place.root)
    commit = next(history.landings(history.span(None))).commit
    assert (sha, START, "Zoë\x07 Ng") == (commit.sha, commit.at, commit.author)


def test_a_renamed_file_is_one_that_is_gone_and_a_new_one(place):
    two_commits(place)
    git(place.root, "mv", A, "incidents/2026/c.yaml")
    last = place.land()
    assert (last, ["incidents/2026/c.yaml"], [A]) == place.landings()[-1]


def test_a_merge_is_one_landing_with_all_its_changes(place):
    first, second = two_commits(place)
    git(place.root, "checkout", "-q", "-b", "side")
    place.write(A, "a: 3\n")
    place.land()
    place.write(A, "a: 4\n")
    place.land()
    git(place.root, "checkout", "-q", "main")
    git(place.root, "merge", "-q", "--no-ff", "-m", "Merge", "side")
    merge = git(place.root, "rev-parse", "HEAD")
    assert [first, second, merge] == [sha for sha, _, _ in place.landings()]
    history = History(place.root)
    version = list(history.landings(history.span(None)))[-1].versions[0]
    assert (A, blob(b"a: 4\n")) == (version.file, version.blob)


def test_settings_of_a_person_change_nothing(place):
    first, second = two_commits(place)
    for key, value in {
        "log.showRoot": "false", "diff.renames": "copies", "log.showSignature": "true", "color.ui": "always",
        "diff.relative": "true", "core.quotePath": "true", "log.abbrevCommit": "true", "diff.noprefix": "true",
        "log.follow": "true", "i18n.logOutputEncoding": "ISO-8859-1", "log.date": "relative", "log.decorate": "full",
    }.items():  # fmt: skip
        git(place.root, "config", key, value)
    assert [(first, [A], []), (second, [A, B], [])] == place.landings()


def test_records_may_lie_in_a_folder_of_the_repository(tmp_path, monkeypatch):
    place = Place(tmp_path / "top", monkeypatch, "teams/infra")
    first, second = two_commits(place)
    (tmp_path / "top" / "incidents").mkdir()
    (tmp_path / "top" / "incidents" / "other.yaml").write_text("x: 1\n")
    git(tmp_path / "top", "add", ".")
    place.land()
    assert [(first, [A], []), (second, [A, B], [])] == place.landings()
    assert {A, B} == set(History(place.root).tree(second))


def test_names_may_have_any_bytes(place):
    odd = "incidents/2026/ö\n\t\"':x.yaml"
    place.write(odd, "a: 1\n")
    sha = place.land()
    assert [(sha, [odd], [])] == place.landings()


def test_links_and_submodules_are_no_regular_files(place):
    first, _ = two_commits(place)
    (place.root / "incidents" / "2026" / "link.yaml").symlink_to("a.yaml")
    git(place.root, "update-index", "--add", "--cacheinfo", f"160000,{first},incidents/2026/module.yaml")
    git(place.root, "add", "incidents/2026/link.yaml")
    git(place.root, "commit", "-q", "-m", "Odd things")
    history = History(place.root)
    versions = list(history.landings(history.span(None)))[-1].versions
    assert {"link.yaml": "a symbolic link", "module.yaml": "a directory"} == {
        v.file.rpartition("/")[2]: v.not_regular for v in versions
    }
    assert "a symbolic link" == history.tree("HEAD")["incidents/2026/link.yaml"].not_regular


def test_only_what_came_after_a_revision(place):
    first, second = two_commits(place)
    assert [(second, [A, B], [])] == place.landings(first)
    assert [] == place.landings("HEAD")
    assert CommitRange(first, second) == History(place.root).span("HEAD~1")


def test_a_side_branch_as_revision_means_where_it_left(place):
    two_commits(place)
    git(place.root, "checkout", "-q", "-b", "side")
    place.write(A, "a: side\n")
    place.land()
    git(place.root, "checkout", "-q", "main")
    place.write(B, "b: 2\n")
    last = place.land()
    assert [(last, [B], [])] == place.landings("side")


def test_a_revision_that_is_not_there_is_named(place):
    two_commits(place)
    for wrong in ("nowhere", "--all", "HEAD:incidents"):
        with pytest.raises(WrongUse, match=f"there is no commit '{wrong}'"):
            place.landings(wrong)


def test_without_a_commit_nothing_has_landed(place):
    with pytest.raises(WrongUse, match="nothing has landed yet"):
        place.landings()


class TestShallowClones:
    @pytest.fixture
    def shallow(self, place, tmp_path, monkeypatch):
        two_commits(place)
        place.write(B, "b: 2\n")
        place.land()
        git(tmp_path, "clone", "-q", "--depth=2", f"file://{place.root}", "shallow")
        return tmp_path / "shallow"

    def test_all_of_the_history_is_refused_with_the_way_to_fetch_it(self, shallow):
        with pytest.raises(WrongUse, match="the clone is shallow") as raised:
            History(shallow).span(None)
        assert "git fetch --unshallow" in raised.value.hint
        assert "GIT_DEPTH: 0" in raised.value.hint

    def test_a_revision_beyond_its_edge_is_refused(self, shallow, place):
        first = git(place.root, "rev-parse", "HEAD~2")
        with pytest.raises(WrongUse, match="is shallow"):
            History(shallow).span(first)

    def test_a_span_that_is_all_here_is_listed(self, shallow):
        history = History(shallow)
        assert [[B]] == [[v.file for v in one.versions] for one in history.landings(history.span("HEAD~1"))]

    def test_a_revision_that_does_not_close_the_gap_is_refused(self, shallow):
        git(shallow, "checkout", "-q", "--orphan", "other")
        git(shallow, "commit", "-q", "--allow-empty", "-m", "Something else")
        other = git(shallow, "rev-parse", "HEAD")
        git(shallow, "checkout", "-q", "main")
        with pytest.raises(WrongUse, match="is not all here"):
            History(shallow).span(other)


class TestContents:
    def test_contents_come_in_the_order_asked_for_each_as_often_as_asked(self, place):
        two_commits(place)
        one, two = blob(b"a: 1\n"), blob(b"a: 2\n")
        assert [(two, b"a: 2\n"), (one, b"a: 1\n"), (two, b"a: 2\n")] == list(
            History(place.root).contents([two, one, two])
        )

    def test_without_blobs_there_are_no_contents(self, place):
        assert [] == list(History(place.root).contents([]))

    def test_a_file_that_is_too_large_is_unusable_with_its_size(self, place):
        large, most = "#" * (LARGEST + 1), "#" * LARGEST
        place.write(A, large)
        place.write(B, most)
        place.land()
        asked = [blob(large.encode()), blob(most.encode()), blob(large.encode())]
        found = [content for _, content in History(place.root).contents(asked)]
        assert most.encode() == found[1]
        assert isinstance(found[0], UnusableFile)
        assert "YML004" == found[0].code
        assert str(LARGEST + 1) in found[2].message

    def test_a_blob_that_is_not_here_is_an_error(self, place):
        two_commits(place)
        with pytest.raises(Failed, match="git has no blob"):
            list(History(place.root).contents(["1" * 40]))

    def test_whoever_stops_reading_leaves_no_process_behind(self, place):
        two_commits(place)
        history = History(place.root)
        landings = history.landings(history.span(None))
        next(landings)
        landings.close()
        assert 2 == len(place.landings())


def test_the_time_of_a_mad_clock_is_the_edge_of_the_calendar(place):
    place.write(A, "a: 1\n")
    git(place.root, "add", ".")
    tree = git(place.root, "write-tree")
    raw = f"tree {tree}\nauthor A <a@example.com> 0 +0000\ncommitter A <a@example.com> 99999999999999 +0000\n\nX\n"
    (place.root / "commit").write_text(raw)
    sha = git(place.root, "hash-object", "-t", "commit", "-w", "commit")
    git(place.root, "update-ref", "HEAD", sha)
    history = History(place.root)
    assert LATEST == next(history.landings(history.span(None))).commit.at
