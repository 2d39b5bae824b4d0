"""`incident validate --history`, `--handbook` and `--base-handbook`, as a person types them."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from commandline import Shell
from flows.files import put
from gitplace import git
from landing import Landing, landed
from make import FILE, HANDBOOK_FILE, NOW, a_handbook_data, a_record, an_entry

LIVE = json.dumps(a_record(an_entry("14:02", severity="S3")))
FINE = json.dumps(
    a_record(
        an_entry("14:02", severity="S3"),
        an_entry("14:10", engage="eoc", state="investigating"),
        an_entry("14:30", state="monitoring"),
        an_entry("15:10", state="resolved", status="operational"),
    )
)
HANDBOOK = json.dumps(a_handbook_data())
STRICT = json.dumps(a_handbook_data(rules={"OWN002": "block"}))
SLOW = json.dumps(a_handbook_data(timers={"acknowledge": "9h"}))


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Shell:
    """A history of three landings: a live record, the same resolved, and a stricter handbook."""
    root = tmp_path / "repository"
    landed(
        root,
        [
            Landing({HANDBOOK_FILE: HANDBOOK, FILE: LIVE}, NOW - timedelta(hours=1), "Ana\x1b[31m Silva"),
            Landing({FILE: FINE}),
            Landing({HANDBOOK_FILE: STRICT}),
        ],
    )
    put(root, "slow.yaml", text=SLOW)
    return Shell(root, capsys, monkeypatch)


NO_REPORTS = "--history and --base-handbook print text or json: reports are about the files as they are"


class TestHistory:
    def test_findings_are_printed_commit_by_commit(self, shell):
        first = git(shell.root, "rev-parse", "HEAD~2")
        ran = shell.run("validate", "--history")
        assert ran.out.startswith(f"commit {first[:12]}, 2026-11-21T15:00:00Z, by 'Ana\\x1b[31m Silva'\n{FILE}:")
        assert "OWN002 advise: nobody engaged" in ran.out
        assert (0, "2 versions of 1 record in 3 commits, 0 blocking, 1 advice\n") == (ran.code, ran.err)

    def test_a_version_that_blocks_ends_with_1(self, shell):
        ran = shell.run("validate", "--history", "--handbook", "HEAD")
        assert (1, "2 versions of 1 record in 2 commits, 1 blocking, 0 advice\n") == (ran.code, ran.err)

    def test_only_what_came_after_a_revision(self, shell):
        ran = shell.run("validate", "--history", "--since", "HEAD~2")
        assert (0, "", "1 version of 1 record in 2 commits, 0 blocking, 0 advice\n") == (ran.code, ran.out, ran.err)

    def test_what_was_deleted_is_counted(self, shell):
        git(shell.root, "rm", "-q", FILE)
        git(shell.root, "commit", "-q", "-m", "Gone")
        assert "in 2 commits, 1 record deleted, 1 blocking" in shell.run("validate", "--history", "incidents/2026").err

    def test_programs_get_json_in_a_file_too(self, shell):
        ran = shell.run("validate", "--history", "--format", "json", "--output", "out/history.json")
        report = json.loads((shell.root / "out/history.json").read_text())
        assert (0, "") == (ran.code, ran.out)
        assert {
            "versions": 2, "records": 1, "commits": 3, "gone": 0, "blocked_versions": 0, "blocking": 0, "advice": 1,
            "waived": 0,
        } == report["summary"]  # fmt: skip
        assert "Ana\x1b[31m Silva" == report["findings"][0]["commit"]["author"]

    def test_a_rule_that_fails_is_a_bug_of_ours(self, shell, monkeypatch):
        from incidentops.flows.history import replay
        from incidentops.flows.history.replay import Replay

        monkeypatch.setattr(replay, "replay", lambda *_, **__: Replay((), 1, 1, 1, 0, ("OWN001",)))
        assert 10 == shell.run("validate", "--history").code

    @pytest.mark.parametrize(
        ("options", "message"),
        [
            (("--since", "HEAD"), "--since goes with --history"),
            (("--history", "--format", "gitlab"), NO_REPORTS),
            (("--history", "--report", "junit=x.xml"), NO_REPORTS),
            (("--base-handbook", "HEAD", "--format", "junit"), NO_REPORTS),
            (("--history", "--since", "nowhere"), "there is no commit 'nowhere'"),
            (("--history", "incidents/2030"), "nothing ever landed at 'incidents/2030'"),
            (("--handbook", "nowhere"), "there is no handbook 'nowhere'"),
            (("--base-handbook", "nowhere:x"), "there is no handbook 'nowhere:x'"),
        ],
    )
    def test_wrong_use_prints_a_hint(self, shell, options, message):
        ran = shell.run("validate", *options)
        assert (2, "") == (ran.code, ran.out)
        assert ran.err.startswith(f"error: {message}\n  hint: ")


class TestHandbooks:
    def test_another_handbook_checks_the_records_of_today(self, shell):
        put(shell.root, FILE, text=LIVE)
        assert 1 == shell.run("validate").code
        ran = shell.run("validate", "--handbook", "slow.yaml")
        assert (0, "", "1 record, 0 blocking, 0 advice\n") == (ran.code, ran.out, ran.err)

    def test_what_differs_is_a_table_and_stops_nothing(self, shell):
        put(shell.root, FILE, text=LIVE)
        ran = shell.run("validate", "--base-handbook", "HEAD~1")
        assert 0 == ran.code
        assert ran.out.startswith(f"rule    before  after  finding\nOWN002  advise  block  {FILE}:")
        assert "1 record, 1 difference: 1 blocking now, 0 no longer blocking\n" == ran.err

    def test_two_handbooks_that_are_named(self, shell):
        put(shell.root, FILE, text=LIVE)
        ran = shell.run("validate", "--base-handbook", f"HEAD:{HANDBOOK_FILE}", "--handbook", "slow.yaml")
        assert "OWN002  block   -  " in ran.out
        assert ran.err.endswith("1 difference: 0 blocking now, 1 no longer blocking\n")

    def test_over_the_history_each_version_that_landed_is_compared(self, shell):
        ran = shell.run("validate", "--history", "--base-handbook", "HEAD~1", "--format", "json")
        report = json.loads(ran.out)
        assert {
            "versions": 2, "records": 1, "commits": 2, "differences": 1, "blocking_now": 1, "blocking_no_longer": 0,
        } == report["summary"]  # fmt: skip
        assert git(shell.root, "rev-parse", "HEAD~2") == report["differences"][0]["commit"]["sha"]
        assert ran.err.startswith("2 versions of 1 record in 2 commits, 1 difference: ")

    def test_handbooks_that_give_the_same_findings_print_so(self, shell):
        ran = shell.run("validate", "--base-handbook", HANDBOOK_FILE)
        assert (0, "no finding would change\n") == (ran.code, ran.out)
        assert {"records": 1, "differences": 0, "blocking_now": 0, "blocking_no_longer": 0} == json.loads(
            shell.run("validate", "--base-handbook", HANDBOOK_FILE, "--format", "json").out
        )["summary"]

    @pytest.mark.parametrize("options", [("--handbook", "bad.yaml"), ("--base-handbook", "bad.yaml")])
    @pytest.mark.parametrize("more", [(), ("--history",), ("--format", "json")])
    def test_a_handbook_that_cannot_be_used_checks_nothing(self, shell, options, more):
        put(shell.root, "bad.yaml", text="a: [\n")
        ran = shell.run("validate", *options, *more)
        assert (1, "0 records, 2 blocking, 0 advice\n") == (ran.code, ran.err)
        assert "bad.yaml" in ran.out
        assert "HBK001" in ran.out
