"""What the writing commands share: their options, who writes, when, and which record."""

from pathlib import Path

import click
import pytest

from commandline import Shell
from incidentops.cli.support import prompts
from incidentops.cli.support.writing import (
    WriteOptions,
    ask_author,
    given_moment,
    open_session,
    open_target,
    writing,
)
from incidentops.core.errors import WrongUse
from incidentops.flows.write.session import UnreadableRecord, WriteMode, WriteSession
from make import a_time

PLAIN = WriteOptions(by=None, at=None, form="text", mode=WriteMode())


@pytest.fixture
def session(shell: Shell, live: Path, monkeypatch: pytest.MonkeyPatch) -> WriteSession:
    monkeypatch.chdir(shell.root)
    return open_session()


def test_the_common_options_arrive_as_one_value():
    seen: list[object] = []

    @click.command()
    @click.option("--own")
    @writing
    def command(*, options: WriteOptions, own: str) -> int:
        seen.append((options, options.mode, own))
        return 0

    command.main(
        ["--by", "ana", "--at", "14:02", "--push", "--dry-run", "--anyway", "--own", "x"], standalone_mode=False
    )
    options = WriteOptions("ana", "14:02", "text", WriteMode(push=True, anyway=True, dry_run=True))
    assert [(options, WriteMode(push=True, anyway=True, dry_run=True), "x")] == seen


def test_without_a_terminal_an_author_who_is_not_found_is_wrong_use(session: WriteSession):
    with pytest.raises(WrongUse, match="--by is missing"):
        ask_author(session, PLAIN)


def test_on_a_terminal_the_author_is_asked_for(session: WriteSession, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prompts, "interactive", lambda: True)
    monkeypatch.setattr(prompts, "ask_one", lambda question, people: people[1])
    assert "bo" == ask_author(session, PLAIN)


def test_a_moment_is_given_or_not(session: WriteSession):
    assert None is given_moment(session, PLAIN)
    assert a_time("14:02") == given_moment(session, WriteOptions(None, "14:02", "text", WriteMode()))


def test_a_record_that_cannot_be_read_is_shown_with_its_findings(
    session: WriteSession, live: Path, capsys: pytest.CaptureFixture[str]
):
    live.write_text("kind: [\n")
    with pytest.raises(UnreadableRecord, match="nothing is written to it"):
        open_target(session, "registry", PLAIN)
    assert "YML001 block" in capsys.readouterr().err
