"""Printing: nothing that a file or a person wrote reaches the terminal raw."""

import pytest

from incidentops.cli.support import output
from incidentops.cli.support.output import print_findings, print_json
from incidentops.core.finding import Finding, Level, Location


def test_json_is_plain_ascii(capsys: pytest.CaptureFixture[str]):
    print_json({"title": "\x1b[31mZürich\u202e"})
    assert '{\n  "version": 1,\n  "title": "\\u001b[31mZ\\u00fcrich\\u202e"\n}\n' == capsys.readouterr().out


def test_findings_go_to_standard_error(capsys: pytest.CaptureFixture[str]):
    print_findings([Finding("OWN001", Level.BLOCK, Location("a.yaml", 3, 5), "not the owner", "hand over")])
    shown = capsys.readouterr()
    assert ("", "a.yaml:3:5: OWN001 block: not the owner\n  hint: hand over\n") == (shown.out, shown.err)


def test_a_long_run_counts_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(output, "on_terminal", lambda stream: True)
    show = output.progress("records")
    show(1, 10)
    assert "" == capsys.readouterr().err
    show(1000, 2000)
    show(2000, 2000)
    assert "\r1,000 of 2,000 records\r" + " " * 23 + "\r" == capsys.readouterr().err


def test_where_nobody_looks_nothing_is_counted():
    assert output.progress("records") is None
