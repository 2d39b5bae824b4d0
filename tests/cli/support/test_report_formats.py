"""The formats of a verdict, on the terminal and in files."""

import json
from pathlib import Path

import pytest

from incidentops.cli.support import report_formats
from incidentops.core.errors import Failed, WrongUse
from incidentops.core.finding import Finding, Level, Location
from incidentops.flows.validate.verdict import Verdict

BLOCK = Finding("OWN001", Level.BLOCK, Location("a.yaml", 1, 1), "resolved by 'ana'", "bo resolves it")
ADVICE = Finding("OWN002", Level.ADVISE, Location("a.yaml", 1, 1), "nobody engaged")
VERDICT = Verdict((BLOCK, ADVICE), 1)


def source(_: str) -> tuple[str, ...]:
    return ("kind: incident",)


@pytest.mark.parametrize("form", report_formats.FORMATS)
def test_every_format_tells_what_was_found(form: str):
    assert "OWN001" in report_formats.rendered(form, VERDICT, source)


def test_json_formats_are_json():
    assert all(json.loads(report_formats.rendered(form, VERDICT, source)) for form in ("json", "gitlab", "sarif"))


def test_full_shows_the_source():
    assert "  1 | kind: incident\n    | ^\n" in report_formats.rendered("full", VERDICT, source)


def test_a_report_has_a_format_and_a_file():
    assert ("sarif", "out/a=b.sarif") == report_formats.report_of("sarif=out/a=b.sarif")
    with pytest.raises(WrongUse, match="--report 'xml=x' is not a valid report"):
        report_formats.report_of("xml=x")


def test_on_a_terminal_people_see_colours_and_programs_do_not(monkeypatch, capsys):
    monkeypatch.setattr(report_formats, "on_terminal", lambda _: True)
    report_formats.show("json", VERDICT, source)
    assert capsys.readouterr().out == report_formats.rendered("json", VERDICT, source)
    for form in ("text", "full"):
        report_formats.show(form, VERDICT, source)
        assert capsys.readouterr().out == report_formats.rendered(form, VERDICT, source)


def test_a_report_that_cannot_be_written_says_why(tmp_path: Path):
    (tmp_path / "taken").write_text("x")
    with pytest.raises(Failed, match="cannot be written: "):
        report_formats.write(tmp_path / "taken" / "x", "")


def test_lines_have_no_ends_and_no_byte_order_mark(tmp_path: Path):
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfkind: x\r\ntitle: \xff\n")
    assert ("kind: x", "title: \ufffd", "") == report_formats.lines_of(tmp_path, {})("a.yaml")


def test_what_was_given_comes_before_what_lies_there(tmp_path: Path):
    (tmp_path / "a.yaml").write_text("old")
    assert ("new",) == report_formats.lines_of(tmp_path, {"a.yaml": b"new"})("a.yaml")


def test_what_may_not_be_opened_has_no_lines(tmp_path: Path):
    (tmp_path / "link.yaml").symlink_to("/etc/hostname")
    lines = report_formats.lines_of(tmp_path, {})
    assert () == lines("link.yaml") == lines("gone.yaml") == lines("../x") == lines("-")
