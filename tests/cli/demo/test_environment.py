"""The environment of the demo."""

from pathlib import Path

import pytest

from incidentops.cli.demo.environment import DemoEnvironment
from incidentops.core.errors import Failed
from sandboxes import Sandbox


@pytest.fixture
def demo(tmp_path: Path, sandbox: Sandbox) -> DemoEnvironment:
    return DemoEnvironment(tmp_path, sandbox.url, sandbox.environment(), 0)


def test_a_command_is_shown_as_typed_and_its_words_below(
    demo: DemoEnvironment, capsys: pytest.CaptureFixture[str]
) -> None:
    demo.incident("--version", by="ana")
    out = capsys.readouterr().out
    assert "$ incident --version\n          | incident, version" in out


def test_a_command_with_another_exit_code_stops_the_demo(demo: DemoEnvironment) -> None:
    with pytest.raises(Failed, match="the demo stopped: incident nothing ended with 2"):
        demo.incident("nothing")
    demo.incident("nothing", expect=(2,))


def test_requests_are_counted(demo: DemoEnvironment) -> None:
    made, written = demo.requests_made()
    assert demo.issues() == []
    assert demo.page_incidents() == []
    assert demo.requests_made() == (made + 3, written)


def test_waiting_ends_with_ctrl_c(
    demo: DemoEnvironment, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("time.sleep", interrupted)
    demo.wait()
    assert "\n" == capsys.readouterr().out
