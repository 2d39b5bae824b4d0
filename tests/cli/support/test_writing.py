"""What the writing commands share: their options, who writes, when, and which record."""

from pathlib import Path

import click
import pytest

from commandline import Shell, Terminal
from incidentops.cli.support import prompts, writing
from incidentops.cli.support.writing import WriteOptions, ask_author, open_entry, open_session
from incidentops.core.errors import WrongUse
from incidentops.flows.write.record import EntryRequest
from incidentops.flows.write.session import UnreadableRecord, WriteSession
from make import a_time

PLAIN = WriteOptions()


@pytest.fixture
def session(shell: Shell, live: Path, monkeypatch: pytest.MonkeyPatch) -> WriteSession:
    monkeypatch.chdir(shell.root)
    return open_session()


def test_the_common_options_arrive_as_one_value():
    seen: list[object] = []

    @click.command()
    @click.option("--own")
    @writing.entry_options(writing.NOTE)
    @writing.options
    def command(*, options: WriteOptions, request: EntryRequest, own: str) -> int:
        seen.append((options, request, own))
        return 0

    given = ["--by", "ana", "--at", "2026-11-21T14:02:00Z", "--push", "--dry-run", "--anyway", "--own", "x"]
    command.main(given, standalone_mode=False)
    assert [(WriteOptions(push=True, anyway=True, dry_run=True), EntryRequest("ana", a_time("14:02")), "x")] == seen


def test_without_a_terminal_an_author_who_is_not_found_is_wrong_use(session: WriteSession):
    with pytest.raises(WrongUse, match="--by is missing"):
        ask_author(session, "")


def test_on_a_terminal_the_author_is_asked_for(session: WriteSession, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(prompts, "interactive", lambda: True)
    monkeypatch.setattr(prompts, "ask_one", lambda question, people: people[1])
    assert "bo" == ask_author(session, "")


def test_a_record_that_cannot_be_read_is_shown_with_its_findings(
    session: WriteSession, live: Path, capsys: pytest.CaptureFixture[str]
):
    live.write_text("kind: [\n")
    with pytest.raises(UnreadableRecord, match="nothing is written to it"):
        open_entry("registry", EntryRequest("ana"), PLAIN)
    assert "YML001 block" in capsys.readouterr().err


def test_without_a_terminal_a_missing_option_is_named(shell: Shell):
    everything = {"--by": "ana", "title": "", "--service": "registry", "--severity": "S2"}
    for missing in everything:
        arguments = [
            word for option, value in everything.items() if option not in (missing, "title") for word in (option, value)
        ]
        ran = shell.run("declare", *(["It fails"] if missing != "title" else []), *arguments)
        assert (2, f"error: {missing if missing != 'title' else 'the title'} is missing") == (
            ran.code,
            ran.err.split("\n")[0],
        )


def test_a_title_that_is_no_text_is_wrong_use(shell: Shell):
    for title in ("", "  ", "\udcff"):
        assert 2 == shell.run("declare", title, "--service", "registry", "--severity", "S2", "--by", "ana").code


def test_who_breaks_off_a_question_writes_nothing(shell: Shell):
    terminal = Terminal(shell.root, "declare", "--by", "ana")
    terminal.answer("What is wrong", "\x04")
    code, shown = terminal.end()
    assert 130 == code
    assert "interrupted" in shown
    assert [] == list((shell.root / "incidents" / "2026").iterdir())
