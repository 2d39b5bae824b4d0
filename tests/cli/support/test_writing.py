"""What the writing commands share: who, when, which record, and the state to go on from."""

from pathlib import Path

import click
import pytest

from commandline import Shell
from incidentops.cli.support.writing import WriteOptions, WriteSession, open_session, open_target, writing
from incidentops.core import moment
from incidentops.core.errors import WrongUse

PLAIN = WriteOptions(by=None, at=None, form="text", push=False, anyway=False, dry_run=False)


@pytest.fixture
def session(shell: Shell, live: Path, monkeypatch: pytest.MonkeyPatch) -> WriteSession:
    monkeypatch.chdir(shell.root)
    return open_session(PLAIN)


def test_the_common_options_arrive_as_one_value():
    seen: list[object] = []

    @click.command()
    @click.option("--own")
    @writing
    def command(*, options: WriteOptions, own: str) -> int:
        seen.append((options, own))
        return 0

    command.main(
        ["--by", "ana", "--at", "14:02", "--push", "--dry-run", "--anyway", "--own", "x"], standalone_mode=False
    )
    assert [(WriteOptions("ana", "14:02", "text", push=True, anyway=True, dry_run=True), "x")] == seen


def test_nobody_who_can_be_found_must_be_told(session: WriteSession):
    with pytest.raises(WrongUse, match="--by is missing"):
        session.by()


def test_outside_of_git_nobody_is_found_by_address(session: WriteSession, monkeypatch: pytest.MonkeyPatch):
    (session.archive.root / ".git").rename(session.archive.root / "not-git")
    with pytest.raises(WrongUse, match="--by is missing"):
        session.by()


def test_the_moment_is_now_or_the_last_entry_whichever_is_later(session: WriteSession):
    incident = open_target(session, None).incident
    assert "2026-11-21T16:00:00Z" == moment.show(session.at(incident)) == moment.show(session.at())


def test_without_a_push_nobody_is_asked_where_the_record_stands(session: WriteSession):
    assert None is open_target(session, "registry").base
