"""The scenario stops when something does not happen as the README says."""

from pathlib import Path

import pytest

from incidentops.cli.demo import scenario
from incidentops.cli.demo.environment import DemoEnvironment
from incidentops.core.errors import Failed
from sandboxes import Sandbox


@pytest.fixture
def demo(tmp_path: Path, sandbox: Sandbox) -> DemoEnvironment:
    return DemoEnvironment(tmp_path, sandbox.url, sandbox.environment(), 0)


def test_a_second_run_that_writes_is_a_failure(demo: DemoEnvironment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DemoEnvironment, "incident", lambda *_, **__: None)
    counts = iter([(0, 0), (1, 1)])
    monkeypatch.setattr(DemoEnvironment, "requests_made", lambda _: next(counts))
    with pytest.raises(Failed, match="the second reconcile wrote something"):
        scenario._nothing_more(demo)


def test_a_review_that_is_not_there_is_a_failure(demo: DemoEnvironment) -> None:
    with pytest.raises(Failed, match="there is no review of 'Registry'"):
        scenario._show_review(demo, "Registry")
