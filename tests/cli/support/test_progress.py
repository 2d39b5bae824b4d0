"""The line that counts."""

import pytest

from incidentops.cli.support import progress as module


def test_a_long_run_counts_on_a_terminal(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]):
    monkeypatch.setattr(module, "on_terminal", lambda stream: True)
    show = module.progress("records")
    show(1, 10)
    assert "" == capsys.readouterr().err
    show(1000, 2000)
    show(2000, 2000)
    assert "\r1,000 of 2,000 records\r" + " " * 23 + "\r" == capsys.readouterr().err


def test_where_nobody_looks_nothing_is_counted():
    assert module.progress("records") is None
