"""The ledger in a real repository with a real remote: fast-forwards only, and never a word lost."""

import shutil
import subprocess
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

import snapshot
from incidentops.core.errors import Failed, Refused
from incidentops.core.secret import Secret
from incidentops.plan.resource import SHARED, Intent, LedgerEntry, Receipt
from incidentops.store.git.repository import CommitIdentity, Repository
from incidentops.store.git.run import Login
from incidentops.store.ledger import branch as ledgers
from incidentops.store.ledger.branch import Ledger, LedgerMoved, LedgerState, WaitPolicy, wait_for_turn
from incidentops.store.ledger.format import RunMark

AT = datetime(2026, 11, 21, 14, 0, tzinfo=UTC)
ENTRY = LedgerEntry(
    "2026-11-21-a",
    blob="b" * 40,
    over=True,
    receipts={"gitlab.issue": Receipt("7", "https://x/7", {"labels": ("a", "b")}, AT, "run 1", {"k": 1}, {"t": 1})},
    intents={"gitlab.review": Intent("d" * 64, AT, "run 1")},
    skipped={"statusio.update/k": "too late"},
)


def git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True, text=True).stdout


@pytest.fixture
def clones(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A bare remote and two clones of it."""
    snapshot.clone().write(tmp_path)
    one, two = tmp_path / "here", tmp_path / "there"
    shutil.copytree(one, two)
    return tmp_path / "remote.git", one, two


def open_ledger(folder: Path) -> Ledger:
    return Ledger(Repository(folder), "origin", CommitIdentity("bot", "bot@example.com", AT))


def test_an_empty_ledger_has_no_entries(clones: tuple[Path, Path, Path]) -> None:
    state = open_ledger(clones[1]).read()
    assert (state.tip, state.running, list(state.incidents())) == (None, None, [])
    assert state.entry("2026-11-21-a") == LedgerEntry("2026-11-21-a")


def test_what_one_clone_writes_the_other_reads(clones: tuple[Path, Path, Path]) -> None:
    _, one, two = clones
    first = open_ledger(one)
    shared = LedgerEntry(SHARED, blob="h" * 40)
    written = first.write(first.read(), {ENTRY.incident: ENTRY, SHARED: shared}, RunMark("run 1", AT, 2), "begin\n")
    assert isinstance(written, LedgerState)
    state = open_ledger(two).read()
    assert state == written
    assert state.entry(ENTRY.incident) == ENTRY
    assert state.entry(SHARED) == shared
    assert state.running == RunMark("run 1", AT, 2)
    assert list(state.incidents()) == [ENTRY.incident]
    assert list(state.settled()) == [(ENTRY.incident, "b" * 40)]


def test_neither_the_work_tree_nor_the_index_is_touched(clones: tuple[Path, Path, Path]) -> None:
    _, one, _ = clones
    (one / "mine.txt").write_text("not committed")
    git(one, "add", "mine.txt")
    ledger = open_ledger(one)
    ledger.write(ledger.read(), {ENTRY.incident: ENTRY}, None, "end\n")
    assert git(one, "status", "--porcelain") == "A  mine.txt\n"
    assert git(one, "branch", "--list").strip() == ""


def test_the_mark_goes_when_the_run_ends(clones: tuple[Path, Path, Path]) -> None:
    ledger = open_ledger(clones[1])
    begun = ledger.write(ledger.read(), {}, RunMark("run 1", AT), "begin\n")
    assert isinstance(begun, LedgerState)
    ended = ledger.write(begun, {ENTRY.incident: ENTRY}, None, "end\n")
    assert isinstance(ended, LedgerState)
    assert ended.running is None
    assert ledger.read() == ended
    assert git(clones[0], "rev-list", "--count", ledgers.BRANCH).strip() == "2"


@pytest.mark.parametrize("begun", [False, True])
def test_of_two_runs_that_write_at_once_one_wins(clones: tuple[Path, Path, Path], begun: bool) -> None:
    first, second = open_ledger(clones[1]), open_ledger(clones[2])
    if begun:
        first.write(first.read(), {}, None, "before\n")
    ours, theirs = first.read(), second.read()
    assert isinstance(first.write(ours, {ENTRY.incident: ENTRY}, RunMark("one", AT), "one\n"), LedgerState)
    assert second.write(theirs, {ENTRY.incident: ENTRY}, RunMark("two", AT), "two\n") == LedgerMoved()
    assert second.read().running == RunMark("one", AT)


def test_a_server_that_takes_no_push_options_is_written_to_without(clones: tuple[Path, Path, Path]) -> None:
    bare, one, _ = clones
    git(bare, "config", "receive.advertisePushOptions", "false")
    ledger = open_ledger(one)
    assert isinstance(ledger.write(ledger.read(), {ENTRY.incident: ENTRY}, None, "end\n"), LedgerState)


def test_push_options_keep_pipelines_from_running(clones: tuple[Path, Path, Path]) -> None:
    bare, one, _ = clones
    git(bare, "config", "receive.advertisePushOptions", "true")
    hook = bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text('#!/bin/sh\necho "$GIT_PUSH_OPTION_0" > options\n')
    hook.chmod(0o755)
    ledger = open_ledger(one)
    ledger.write(ledger.read(), {ENTRY.incident: ENTRY}, None, "end\n")
    assert (bare / "options").read_text() == "ci.skip\n"


def test_a_branch_that_may_not_be_pushed_is_a_failure_with_a_hint(clones: tuple[Path, Path, Path]) -> None:
    bare, one, _ = clones
    hook = bare / "hooks" / "pre-receive"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho 'GitLab: You are not allowed to push code to protected branches'\nexit 1\n")
    hook.chmod(0o755)
    ledger = open_ledger(one)
    with pytest.raises(Failed, match="not allowed to push code to protected") as failed:
        ledger.write(ledger.read(), {ENTRY.incident: ENTRY}, None, "end\n")
    assert "incident-ledger" in failed.value.hint


def test_a_server_that_is_gone_is_a_failure(clones: tuple[Path, Path, Path]) -> None:
    bare, one, _ = clones
    ledger = open_ledger(one)
    state = ledger.read()
    bare.rename(bare.with_name("away.git"))
    with pytest.raises(Failed, match=r"the ledger could not be pushed: .* does not appear to be a git repository"):
        ledger.write(state, {ENTRY.incident: ENTRY}, None, "end\n")
    with pytest.raises(Failed, match=r"git ls-remote failed: .* does not appear to be a git repository"):
        ledger.read()


@pytest.mark.parametrize(
    "content",
    [
        b"not json",
        b"[]",
        b'{"version": 2}',
        b'{"version": 1, "incident": "2026-11-21-a"}',
        b'{"version": 1, "incident": "2026-11-21-a", "over": false, "receipts": {"gitlab.issue": {}}}',
        b'{"version": 1, "incident": "2026-11-21-b", "over": false}',
        b'{"version": 1, "over": false, "receipts": {"x": {"id": "1", "fields": {"a": {}}}}}',
    ],
)
def test_an_entry_that_cannot_be_read_is_refused_and_never_taken_for_empty(content: bytes) -> None:
    state = LedgerState("tip", {"incidents/2026/2026-11-21-a.json": content})
    with pytest.raises(Refused, match="the ledger entry"):
        state.entry("2026-11-21-a")


@pytest.mark.parametrize("content", [b"{}", b'{"version": 1}', b'{"version": 1, "run": "r", "at": 3, "beat": 0}'])
def test_a_mark_that_cannot_be_read_is_refused(content: bytes) -> None:
    with pytest.raises(Refused, match=r"the ledger entry 'run\.json' cannot be read: "):
        _ = LedgerState("tip", {"run.json": content}).running


def test_a_run_that_goes_on_working_is_waited_for_until_it_ends(clones: tuple[Path, Path, Path]) -> None:
    theirs, ours = open_ledger(clones[1]), open_ledger(clones[2])
    state = theirs.write(theirs.read(), {}, RunMark("theirs", AT), "begin\n")
    assert isinstance(state, LedgerState)
    states = [state]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        mark = RunMark("theirs", AT, len(slept)) if len(slept) < 3 else None
        written = theirs.write(states[-1], {}, mark, "beat\n")
        assert isinstance(written, LedgerState)
        states.append(written)

    messages: list[str] = []
    policy = WaitPolicy(timedelta(seconds=4), timedelta(minutes=1), sleep, lambda: sum(slept), messages.append)
    assert wait_for_turn(ours, AT, policy).running is None
    assert len(slept) == 3
    assert messages == [
        "another reconcile (theirs) is at work since 14:00Z; waiting until it ends, or gives no heartbeat for 4 s"
    ]


def test_waiting_ends_with_a_failure(clones: tuple[Path, Path, Path]) -> None:
    theirs, ours = open_ledger(clones[1]), open_ledger(clones[2])
    states = [theirs.write(theirs.read(), {}, RunMark("theirs", AT), "begin\n")]
    slept: list[float] = []

    def sleep(seconds: float) -> None:
        slept.append(seconds)
        states.append(theirs.write(states[-1], {}, RunMark("theirs", AT, len(slept)), "beat\n"))  # type: ignore[arg-type]

    policy = WaitPolicy(timedelta(seconds=4), timedelta(seconds=3), sleep, lambda: sum(slept), lambda _: None)
    with pytest.raises(Failed, match="still at work; nothing was done"):
        wait_for_turn(ours, AT, policy)


def test_the_token_goes_to_its_own_server_in_a_header_and_nowhere_else(clones: tuple[Path, Path, Path]) -> None:
    seen: list[tuple[str, str | None]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            seen.append((self.path, self.headers.get("Authorization")))
            self.send_response(401)
            self.end_headers()

        def log_message(self, *arguments: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        port = server.server_address[1]
        one = clones[1]
        git(one, "remote", "set-url", "origin", f"http://gitlab-ci-token:job-secret@127.0.0.1:{port}/acme/x.git")
        token = Secret("glpat-abcdefghijklmnopqrst")
        repository = Repository(one, [token], Login(f"http://127.0.0.1:{port}", token))
        ledger = Ledger(repository, repository.bare_url("origin"), CommitIdentity("bot", "bot@example.com", AT))
        with pytest.raises(Failed) as failed:
            ledger.read()
        shown = failed.value.message + failed.value.hint
        assert token.reveal() not in shown
        assert "job-secret" not in shown
        assert seen[0][1] is not None
        assert seen[0][1].startswith("Basic ")
        assert all("job-secret" not in (header or "") for _, header in seen)
        seen.clear()
        other = Repository(one, [token], Login("http://gitlab.example.com", token))
        with pytest.raises(Failed):
            other.remote_tip(other.bare_url("origin"), "refs/heads/main")
        assert all(header is None for _, header in seen)
    finally:
        server.shutdown()
        server.server_close()
