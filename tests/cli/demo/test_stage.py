"""What the demo stands on."""

from pathlib import Path

import pytest

from incidentops.cli.demo.stage import Stage
from incidentops.core.errors import Failed
from incidentops.sandbox.server import Sandbox


@pytest.fixture
def stage(tmp_path: Path, sandbox: Sandbox) -> Stage:
    return Stage(tmp_path, sandbox.url, sandbox.environment(), 0)


def test_a_command_is_shown_as_typed_and_its_words_below(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    stage.incident("--version", by="ana")
    out = capsys.readouterr().out
    assert "$ incident --version\n          | incident, version" in out


def test_a_command_that_ends_otherwise_than_told_stops_the_demo(stage: Stage) -> None:
    with pytest.raises(Failed, match="the demo stopped: incident nothing ended with 2"):
        stage.incident("nothing")
    stage.incident("nothing", expect=(2,))


def test_requests_are_counted_from_when_they_were_forgotten(stage: Stage) -> None:
    stage.forget_requests()
    assert stage.requests_made() == (0, 0)
    assert stage.issues() == []
    assert stage.page_incidents() == []
    assert stage.requests_made() == (3, 0)


def test_waiting_ends_with_ctrl_c(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupted)
    stage.wait()
    assert "\n" == capsys.readouterr().out
