"""The git repository: reads in bulk, commits without a checkout, pushes that never overwrite, no credentials shown."""

import os
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from gitplace import git
from incidentops.core.errors import Failed, WrongUse
from incidentops.store.git.repository import (
    NO_OBJECT,
    CommitIdentity,
    Pushed,
    PushRejected,
    RejectionReason,
    Repository,
)
from snapshot import Snapshot

BO = CommitIdentity("Bo Berg", "bo@example.com", datetime(2026, 11, 21, 14, 0, tzinfo=UTC))


@pytest.fixture(autouse=True)
def own_git(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Git as on a fresh machine, whatever this one is configured for."""
    home = tmp_path_factory.mktemp("home")
    (home / ".gitconfig").write_text(
        "[user]\n\tname = Ana Alm\n\temail = ana@example.com\n[init]\n\tdefaultBranch = main\n"
    )
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@cache
def begun() -> Snapshot:
    """A clone with one commit, and the bare repository that it came from."""
    with TemporaryDirectory() as folder:
        root = Path(folder).resolve()
        server, work = root / "server.git", root / "work"
        git(root, "init", "--template=", "--bare", "-b", "main", str(server))
        git(server, "config", "receive.advertisePushOptions", "true")
        git(root, "clone", "--template=", "-q", str(server), str(work))
        git(work, "checkout", "-q", "-B", "main")
        (work / "incidents").mkdir()
        (work / "incidents" / "a.yaml").write_text("a: 1\n")
        (work / "readme").write_text("hello\n")
        git(work, "add", ".")
        git(work, "commit", "-qm", "one")
        git(work, "push", "-q", "-u", "origin", "main")
        return Snapshot.of(root)


@pytest.fixture
def work(tmp_path: Path) -> Path:
    """The clone; its server is beside it."""
    begun().write(tmp_path)
    return tmp_path / "work"


def server_of(work: Path) -> Path:
    return work.parent / "server.git"


def hook(work: Path, name: str, script: str) -> None:
    path = server_of(work) / "hooks" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_head_and_branch_are_what_is_checked_out(work: Path) -> None:
    repository = Repository(work)
    assert repository.head() == git(work, "rev-parse", "HEAD")
    assert repository.branch() == "main"


def test_a_detached_head_has_no_branch(work: Path) -> None:
    git(work, "checkout", "-q", "--detach")
    assert Repository(work).branch() is None


def test_before_the_first_commit_there_is_no_head(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    repository = Repository(tmp_path)
    assert repository.head() is None
    assert repository.branch() == "main"


def test_a_folder_outside_of_git_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="not in a git repository"):
        Repository(tmp_path)


def test_blobs_are_listed_and_read_in_bulk(work: Path) -> None:
    (work / "incidents" / "ä \n.yaml").write_bytes(b"\x00binary\n\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "two")
    repository = Repository(work)
    ids = repository.blob_ids("HEAD", "incidents")
    assert set(ids) == {"incidents/a.yaml", "incidents/ä \n.yaml"}
    assert dict(repository.read_blobs(ids.values())) == {
        ids["incidents/a.yaml"]: b"a: 1\n",
        ids["incidents/ä \n.yaml"]: b"\x00binary\n\n",
    }


def test_no_blobs_asked_for_are_no_blobs(work: Path) -> None:
    assert list(Repository(work).read_blobs([])) == []


def test_a_missing_blob_is_a_failure_that_names_it(work: Path) -> None:
    with pytest.raises(Failed, match="no blob '1111"):
        list(Repository(work).read_blobs(["1" * 40]))


def test_a_folder_that_is_not_there_has_no_blobs(work: Path) -> None:
    assert Repository(work).blob_ids("HEAD", "nowhere") == {}


def test_a_revision_that_is_not_there_fails(work: Path) -> None:
    with pytest.raises(Failed, match="Not a valid object name no-such-branch"):
        Repository(work).blob_ids("no-such-branch")


def test_one_file_of_a_revision_is_read(work: Path) -> None:
    repository = Repository(work)
    assert repository.read_file("HEAD", "incidents/a.yaml") == b"a: 1\n"
    assert repository.read_file("HEAD", "incidents/b.yaml") is None


def test_paths_are_relative_to_the_root_also_below_the_top_of_the_repository(work: Path) -> None:
    below = work / "deep"
    (below / "incidents").mkdir(parents=True)
    (below / "incidents" / "b.yaml").write_text("b: 1\n")
    git(work, "add", ".")
    git(work, "commit", "-qm", "below")
    repository = Repository(below)
    assert list(repository.blob_ids("HEAD")) == ["incidents/b.yaml"]
    made = repository.write_commit(repository.head(), {"incidents/c.yaml": b"c: 1\n"}, "three", BO)
    assert git(work, "show", f"{made}:deep/incidents/c.yaml") == "c: 1"


def test_a_commit_is_written_without_touching_work_tree_index_or_branch(work: Path) -> None:
    (work / "readme").write_text("edited, not staged\n")
    (work / "staged").write_text("staged\n")
    git(work, "add", "staged")
    before = git(work, "status", "--porcelain"), git(work, "rev-parse", "HEAD")
    repository = Repository(work)

    made = repository.write_commit(
        repository.head(), {"incidents/b.yaml": b"b: \xc3\xa4\n", "readme": None, "x/y": b"z"}, "add b\n\nbody\n", BO
    )

    assert (git(work, "status", "--porcelain"), git(work, "rev-parse", "HEAD")) == before
    assert set(repository.blob_ids(made)) == {"incidents/a.yaml", "incidents/b.yaml", "x/y"}
    assert repository.read_file(made, "incidents/b.yaml") == b"b: \xc3\xa4\n"
    shown = git(work, "log", "-1", "--format=%an <%ae> %at %P%n%B", made)
    assert shown == f"Bo Berg <bo@example.com> 1795269600 {before[1]}\nadd b\n\nbody"


def test_the_first_commit_of_a_branch_has_no_parent(work: Path) -> None:
    repository = Repository(work)
    made = repository.write_commit(None, {"ledger.json": b"{}"}, "start", BO)
    assert git(work, "rev-list", "--parents", made) == made
    assert list(repository.blob_ids(made)) == ["ledger.json"]


def test_without_an_author_the_commit_is_the_persons_own(work: Path) -> None:
    repository = Repository(work)
    made = repository.write_commit(repository.head(), {"b": b""}, "mine")
    assert git(work, "log", "-1", "--format=%an <%ae>|%cn", made) == "Ana Alm <ana@example.com>|Ana Alm"


def test_commits_are_signed_where_git_is_set_to_and_a_missing_key_is_a_failure(work: Path) -> None:
    git(work, "config", "commit.gpgsign", "true")
    git(work, "config", "gpg.program", "/bin/false")
    repository = Repository(work)
    with pytest.raises(Failed, match="git commit-tree failed"):
        repository.write_commit(repository.head(), {"b": b""}, "mine")


def test_equal_contents_under_two_names_are_two_files(work: Path) -> None:
    repository = Repository(work)
    made = repository.write_commit(repository.head(), {"b": b"same", "c": b"same"}, "twice", BO)
    assert {"b", "c"} <= set(repository.blob_ids(made))


def test_history_is_asked_for_by_commit(work: Path) -> None:
    repository = Repository(work)
    first = repository.head()
    assert first
    second = repository.write_commit(first, {"b": b""}, "two", BO)
    assert repository.contains(second, first)
    assert not repository.contains(first, second)
    assert repository.commit("no-such") is None
    with pytest.raises(Failed, match="Not a valid commit name 1111"):
        repository.contains(first, "1" * 40)


def test_the_remote_is_that_of_the_branch_then_origin_then_the_only_one(work: Path) -> None:
    repository = Repository(work)
    assert repository.remote() == "origin"
    git(work, "remote", "add", "fork", "https://gitlab.example.com/fork.git")
    git(work, "config", "branch.main.remote", "fork")
    assert repository.remote() == "fork"
    git(work, "config", "branch.main.remote", "gone")
    assert repository.remote() == "origin"
    git(work, "remote", "remove", "origin")
    assert repository.remote() == "fork"


def test_a_repository_without_a_remote_says_how_to_add_one(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    with pytest.raises(WrongUse, match="no remote"):
        Repository(tmp_path).remote()


def test_the_default_branch_is_the_servers(work: Path) -> None:
    assert Repository(work).default_branch("origin") == "main"


def test_an_empty_server_has_no_default_branch(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "--bare", "empty.git")
    git(tmp_path, "init", "-q", "-b", "main", "work")
    git(tmp_path / "work", "remote", "add", "origin", str(tmp_path / "empty.git"))
    with pytest.raises(Failed, match="default branch"):
        Repository(tmp_path / "work").default_branch("origin")


def test_a_push_lands_as_a_fast_forward_and_the_server_is_quoted(work: Path) -> None:
    hook(work, "post-receive", "echo 'View merge request: https://gitlab.example.com/g/p/-/merge_requests/7'")
    repository = Repository(work)
    made = repository.write_commit(repository.head(), {"b": b""}, "two", BO)

    landed = repository.push("origin", made, "refs/heads/main", expect=repository.head())

    assert isinstance(landed, Pushed)
    assert "View merge request: https://gitlab.example.com/g/p/-/merge_requests/7" in landed.messages
    assert repository.remote_tip("origin", "refs/heads/main") == made


def test_push_options_reach_the_server(work: Path) -> None:
    hook(work, "post-receive", 'echo "$GIT_PUSH_OPTION_COUNT $GIT_PUSH_OPTION_0 $GIT_PUSH_OPTION_1" > options')
    repository = Repository(work)
    made = repository.write_commit(repository.head(), {"b": b""}, "two", BO)
    repository.push("origin", made, "refs/heads/x", options=("merge_request.create", "merge_request.title=a b"))
    assert (server_of(work) / "options").read_text() == "2 merge_request.create merge_request.title=a b\n"


def test_a_server_without_push_options_is_a_refusal_of_its_own(work: Path) -> None:
    git(server_of(work), "config", "receive.advertisePushOptions", "false")
    repository = Repository(work)
    made = repository.write_commit(repository.head(), {"b": b""}, "two", BO)
    refused = repository.push("origin", made, "refs/heads/x", options=("merge_request.create",))
    assert isinstance(refused, PushRejected)
    assert refused.reason is RejectionReason.NO_OPTIONS
    assert repository.remote_tip("origin", "refs/heads/x") is None


def test_a_push_that_would_overwrite_is_stale_and_changes_nothing(work: Path) -> None:
    repository = Repository(work)
    base = repository.head()
    theirs = repository.write_commit(base, {"theirs": b""}, "theirs", BO)
    ours = repository.write_commit(base, {"ours": b""}, "ours", BO)
    assert isinstance(repository.push("origin", theirs, "refs/heads/main"), Pushed)
    for expect in (None, base):
        refused = repository.push("origin", ours, "refs/heads/main", expect=expect)
        assert isinstance(refused, PushRejected)
        assert refused.reason is RejectionReason.STALE
    assert repository.remote_tip("origin", "refs/heads/main") == theirs


def test_a_branch_that_must_be_new_is_stale_when_it_is_there(work: Path) -> None:
    repository = Repository(work)
    made = repository.write_commit(repository.head(), {"b": b""}, "two", BO)
    refused = repository.push("origin", made, "refs/heads/main", expect=NO_OBJECT)
    assert isinstance(refused, PushRejected)
    assert refused.reason is RejectionReason.STALE
    assert isinstance(repository.push("origin", made, "refs/heads/new", expect=NO_OBJECT), Pushed)


def test_what_does_not_follow_the_expected_commit_is_never_sent(work: Path) -> None:
    repository = Repository(work)
    orphan = repository.write_commit(None, {"b": b""}, "other", BO)
    with pytest.raises(Failed, match="no fast-forward"):
        repository.push("origin", orphan, "refs/heads/main", expect=repository.head())


def test_a_server_that_declines_is_denied_and_its_words_are_kept(work: Path) -> None:
    hook(work, "pre-receive", "echo 'GitLab: You are not allowed to push code to protected branches.'; exit 1")
    repository = Repository(work)
    made = repository.write_commit(repository.head(), {"b": b""}, "two", BO)
    refused = repository.push("origin", made, "refs/heads/main")
    assert isinstance(refused, PushRejected)
    assert refused.reason is RejectionReason.DENIED
    assert any("protected branches" in line for line in refused.messages)


def test_a_server_that_does_not_answer_is_unreachable_and_shows_no_token(work: Path) -> None:
    git(work, "remote", "set-url", "origin", "http://oauth2:glpat-0123456789abcdefghij@127.0.0.1:1/p.git")
    repository = Repository(work)
    made = repository.write_commit(repository.head(), {"b": b""}, "two", BO)
    refused = repository.push("origin", made, "refs/heads/main")
    assert isinstance(refused, PushRejected)
    assert refused.reason is RejectionReason.UNREACHABLE
    with pytest.raises(Failed) as caught:
        repository.remote_tip("origin", "refs/heads/main")
    for shown in (str(refused), caught.value.message):
        assert "glpat" not in shown
        assert "oauth2" not in shown


def test_a_remote_that_is_no_repository_is_denied(work: Path) -> None:
    git(work, "remote", "set-url", "origin", str(work.parent / "nowhere.git"))
    repository = Repository(work)
    made = repository.write_commit(repository.head(), {"b": b""}, "two", BO)
    refused = repository.push("origin", made, "refs/heads/main")
    assert isinstance(refused, PushRejected)
    assert refused.reason is RejectionReason.DENIED


def test_fetching_moves_only_the_asked_for_ref(work: Path) -> None:
    repository = Repository(work)
    made = repository.write_commit(repository.head(), {"b": b""}, "two", BO)
    repository.push("origin", made, "refs/heads/other")
    repository.fetch("origin", "+refs/heads/other:refs/incident/other", depth=1)
    assert repository.commit("refs/incident/other") == made
    assert not (work / ".git" / "FETCH_HEAD").exists()


def test_a_branch_that_is_not_on_the_server_cannot_be_fetched(work: Path) -> None:
    with pytest.raises(Failed, match="git fetch failed"):
        Repository(work).fetch("origin", "refs/heads/none")


def test_files_of_the_work_tree_are_committed_and_nothing_with_them(work: Path) -> None:
    (work / "new").write_text("new\n")
    (work / "readme").write_text("changed\n")
    made = Repository(work).commit_files(["new"], "Only this\n")
    assert git(work, "rev-parse", "HEAD") == made
    assert git(work, "show", "--format=%s", "--name-only", made) == "Only this\n\nnew"
    assert git(work, "status", "--porcelain") == "M readme"


def test_a_second_parent_brings_its_history_only(work: Path) -> None:
    repository = Repository(work)
    first = repository.head()
    other = repository.write_commit(None, {"b": b""}, "other", BO)
    made = repository.write_commit(first, {"c": b""}, "both", BO, also=other)
    assert git(work, "log", "-1", "--format=%P", made) == f"{first} {other}"
    assert "b" not in repository.blob_ids(made)


def test_the_bare_address_has_no_user(work: Path) -> None:
    git(work, "remote", "set-url", "origin", "https://oauth2:secret@gitlab.example.com/g/p.git")
    assert Repository(work).bare_url("origin") == "https://gitlab.example.com/g/p.git"


def test_a_file_landed_by_the_commits_of_the_branch_itself(work: Path) -> None:
    """A merge counts as one change of the branch, whatever was merged; other files do not count."""
    repository = Repository(work)
    first = git(work, "rev-parse", "HEAD")
    git(work, "switch", "-qc", "topic")
    for text in ("a: 2\n", "a: 3\n"):
        (work / "incidents" / "a.yaml").write_text(text)
        git(work, "commit", "-qam", text)
    git(work, "switch", "-q", "main")
    (work / "readme").write_text("changed\n")
    git(work, "commit", "-qam", "readme")
    readme = git(work, "rev-parse", "HEAD")
    git(work, "merge", "-q", "--no-ff", "-m", "Merge", "topic")
    merge = git(work, "rev-parse", "HEAD")
    assert repository.landings("HEAD", ["incidents/a.yaml"], 9) == (merge, first)
    assert repository.landings("HEAD", ["incidents/a.yaml", "readme"], 9) == (merge, readme, first)
    assert repository.landings("HEAD", ["incidents/a.yaml"], 1) == (merge,)
    assert repository.landings("HEAD", ["incidents/b.yaml"], 9) == ()


def test_a_history_that_is_cut_off_tells_nothing(work: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth=1", f"file://{server_of(work)}", "shallow")
    with pytest.raises(Failed, match="cut off"):
        Repository(tmp_path / "shallow").landings("HEAD", ["readme"], 9)
