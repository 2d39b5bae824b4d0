"""The story stops when the world is not as the README promises."""

from pathlib import Path

import pytest

from incidentops.cli.demo import story
from incidentops.cli.demo.stage import Stage
from incidentops.core.errors import Failed
from incidentops.sandbox.server import Sandbox


@pytest.fixture
def stage(tmp_path: Path, sandbox: Sandbox) -> Stage:
    return Stage(tmp_path, sandbox.url, sandbox.environment(), 0)


def test_a_second_run_that_writes_is_a_failure(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Stage, "incident", lambda *_, **__: None)
    monkeypatch.setattr(Stage, "requests_made", lambda _: (1, 1))
    with pytest.raises(Failed, match="the second reconcile wrote something"):
        story._nothing_more(stage)


def test_a_review_that_is_not_there_is_a_failure(stage: Stage) -> None:
    with pytest.raises(Failed, match="there is no review of 'Registry'"):
        story._show_review(stage, "Registry")
