"""`incident validate` as people and pipelines use it."""

import io
import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner

from flows.files import put
from gitplace import git
from incidentops.cli.commands.read import validate as module
from incidentops.cli.main import main
from incidentops.cli.support import report_formats
from incidentops.cli.support.exits import Exit, guarded
from incidentops.flows.validate.verdict import Verdict
from make import FILE, a_record, an_entry

LATE = a_record(an_entry("14:02", severity="S3"))
BAD = a_record(an_entry("15:50", severity="S3", by="anna"))


@pytest.fixture
def root(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(repository)
    return repository


def run(*arguments: str) -> int:
    return guarded(main, ["validate", *arguments])


def test_a_valid_record_has_no_findings(root: Path, capsys: pytest.CaptureFixture[str]):
    put(root)
    assert (Exit.DONE, ("", "1 record, 0 blocking, 0 advice\n")) == (run(), capsys.readouterr())


def test_advice_stops_nothing(root: Path, capsys: pytest.CaptureFixture[str]):
    put(root, data=LATE)
    assert Exit.DONE == run()
    out, err = capsys.readouterr()
    assert " OWN002 advise: nobody engaged within 15m of the declaration (14:02Z)\n  hint: " in out
    assert "1 record, 0 blocking, 1 advice\n" == err


def test_a_blocking_finding_ends_with_1(root: Path, capsys: pytest.CaptureFixture[str]):
    put(root, data=BAD)
    assert Exit.BLOCKED == run(FILE)
    assert (
        "REC003 block: 'anna' is not a person of the handbook\n  hint: did you mean 'ana'?" in capsys.readouterr().out
    )


def test_one_run_writes_all_reports(root: Path, capsys: pytest.CaptureFixture[str]):
    put(root, data=BAD)
    assert Exit.BLOCKED == run(
        "--report", "gitlab=out/quality.json", "--report", "junit=out/junit.xml", "--report", "text=out/findings.txt"
    )
    assert "REC003 unknown-person" == json.loads(Path("out/quality.json").read_bytes())[0]["check_name"]
    assert "1" == ET.parse("out/junit.xml").getroot().get("failures")
    assert Path("out/findings.txt").read_text() == capsys.readouterr().out


def test_json_for_programs_and_into_a_file(root: Path, capsys: pytest.CaptureFixture[str]):
    put(root, data=BAD)
    assert Exit.BLOCKED == run("--format", "json")
    printed = capsys.readouterr().out
    assert {"records": 1, "blocking": 1, "advice": 0, "waived": 0} == json.loads(printed)["summary"]
    assert Exit.BLOCKED == run("--format", "json", "--output", "findings.json")
    assert ("", printed) == (capsys.readouterr().out, Path("findings.json").read_text())


@pytest.mark.parametrize("report", ["gitlab", "gitlab=", "xml=x", "=x"])
def test_a_report_that_is_not_understood(root: Path, report: str, capsys: pytest.CaptureFixture[str]):
    assert Exit.WRONG_USE == run("--report", report)
    assert "write FORMAT=FILE with text, full, json, gitlab, junit or sarif" in capsys.readouterr().err


def test_a_report_that_cannot_be_written(root: Path, capsys: pytest.CaptureFixture[str]):
    Path("taken").write_text("x")
    assert Exit.INCOMPLETE == run("--output", "taken/findings.txt")
    assert "'taken/findings.txt' cannot be written: " in capsys.readouterr().err


@pytest.mark.parametrize("path", ["gone.yaml", "incidents/gone.yaml", "../x.yaml", "/etc/hostname", "incidents\x1b[2J"])
def test_a_path_that_is_no_record(root: Path, path: str, capsys: pytest.CaptureFixture[str]):
    assert Exit.WRONG_USE == run(path)
    err = capsys.readouterr().err
    assert err.startswith("error: ")
    assert "\x1b" not in err


def test_a_rule_that_fails_is_a_bug_of_ours(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "validate", lambda *_, **__: Verdict((), 1, ("OWN001",)))
    assert Exit.BUG == run()


def given(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content)))


def test_a_record_from_standard_input_has_no_path_that_could_be_wrong(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    put(root, data=LATE)
    given(monkeypatch, json.dumps(BAD).encode())
    assert Exit.BLOCKED == run("-", "--format", "full")
    out, err = capsys.readouterr()
    assert out.startswith("-:1:")
    assert ["REC003"] == [line.split(" ")[1] for line in out.splitlines() if line.startswith("-:")]
    assert '"timeline": [{' in out
    assert "1 record, 1 blocking, 0 advice\n" == err


def test_a_record_from_standard_input_is_checked_where_it_is_to_lie(
    root: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    put(root, data=BAD)
    put(root, "incidents/2026/2026-11-20-other.yaml")
    fine = a_record(related=[{"to": "2026-11-20-other", "as": "follows"}])
    given(monkeypatch, json.dumps(fine).encode())
    assert (Exit.DONE, "") == (run("-", "--stdin-name", FILE), capsys.readouterr().out)
    given(monkeypatch, json.dumps(fine).encode())
    assert Exit.BLOCKED == run("-", "--stdin-name", "incidents/2025/2025-01-01-x.yaml")
    assert "incidents/2025/2025-01-01-x.yaml:1:" in capsys.readouterr().out


def test_outside_of_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.chdir(tmp_path)
    assert Exit.WRONG_USE == run()
    assert "incident init" in capsys.readouterr().err


def test_on_a_terminal_findings_have_colours(root: Path, monkeypatch: pytest.MonkeyPatch):
    waiver = {"rule": "OWN002", "reason": "r", "until": "2026-12-31", "by": "bo"}
    put(root, data=LATE)
    put(root, "incidents/2026/2026-11-21-bad.yaml", data=BAD)
    put(root, "incidents/2026/2026-11-21-waived.yaml", data={**LATE, "waivers": [waiver]})
    monkeypatch.setattr(report_formats, "on_terminal", lambda stream: True)
    result = CliRunner().invoke(main, ["validate"], color=True, standalone_mode=False)
    assert {"\x1b[31m", "\x1b[33m", "\x1b[36m"} == {
        line[:5] for line in result.output.splitlines() if line.startswith("\x1b[3")
    }


def test_verdicts_are_remembered_unless_one_says_not_to(root: Path, capsys: pytest.CaptureFixture[str]):
    put(root, data=LATE)
    assert Exit.DONE == run("--no-cache")
    first = capsys.readouterr()
    assert not (root / ".git" / "incidentops").exists()
    for _ in range(2):
        assert Exit.DONE == run()
        assert first == capsys.readouterr()
    assert 1 == len(list((root / ".git" / "incidentops").iterdir()))


class TestBase:
    """`--base`, and what a pipeline compares with by itself."""

    def test_what_became_of_a_record_is_checked(self, root: Path, capsys: pytest.CaptureFixture[str]):
        put(root, data=a_record(an_entry("15:50", severity="S3")))
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", "Declared")
        put(root, data=a_record(an_entry("15:50", severity="S4")))
        assert Exit.DONE == run()
        assert Exit.BLOCKED == run("--base", "HEAD")
        assert (
            "TIM005 block: entry 1 is not as it landed (15:50Z by 'ana'): severity differs" in capsys.readouterr().out
        )

    @pytest.mark.parametrize("options", [("--history",), ("--base-handbook", "HEAD"), ("-",)])
    def test_only_records_as_they_lie_there_are_compared(
        self, root: Path, options: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ):
        given(monkeypatch, b"kind: [")
        assert Exit.WRONG_USE == run("--base", "HEAD", *options)
        assert "--base compares the files of the repository" in capsys.readouterr().err

    def test_a_base_that_is_not_here_is_an_error(self, root: Path, capsys: pytest.CaptureFixture[str]):
        put(root)
        git(root, "add", ".")
        git(root, "commit", "-q", "-m", "Declared")
        assert Exit.WRONG_USE == run("--base", "nowhere")
        assert "there is no commit 'nowhere' to compare with" in capsys.readouterr().err
