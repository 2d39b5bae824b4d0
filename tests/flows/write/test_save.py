"""Saving a draft: as far as the mode goes and the rules allow."""

from pathlib import Path

import pytest

from gitplace import git
from incidentops.core.errors import Failed, Refused
from incidentops.core.finding import Finding, Level, Location
from incidentops.flows.write.push import PushBase, PushFailure, PushResult
from incidentops.flows.write.record import Declaration, Draft, EntryRequest, append, entry
from incidentops.flows.write.save import NextStep, WriteResult, declare, save
from incidentops.flows.write.session import WriteMode, WriteSession
from incidentops.model.vocabulary import Severity
from make import FILE, a_time

ADDED = entry(EntryRequest("ana", a_time("14:10"), note="seen"))
NEW = "incidents/2026/2026-11-21-it-fails.yaml"
BLOCKS = Finding("OWN001", Level.BLOCK, Location(FILE), "no")


@pytest.fixture
def draft(session: WriteSession, live: Path) -> Draft:
    return append(session.archive, FILE, live.read_text(), ADDED, session.check)


def blocked(draft: Draft) -> Draft:
    return Draft(draft.file, draft.before, draft.after, draft.incident, (BLOCKS,))


def test_a_draft_is_written(session: WriteSession, live: Path, draft: Draft):
    result = save(session, draft, ADDED, WriteMode(), None, draft.before)
    assert (True, False, None, NextStep.PUSH) == (result.written, result.refused, result.pushed, result.next_step)
    assert draft.after == live.read_text()


def test_what_the_rules_block_is_not_written(session: WriteSession, live: Path, draft: Draft):
    result = save(session, blocked(draft), ADDED, WriteMode(), None, draft.before)
    assert (False, True, NextStep.FIX) == (result.written, result.refused, result.next_step)
    assert draft.before == live.read_text()


def test_what_the_rules_block_is_written_when_that_is_asked_for(session: WriteSession, live: Path, draft: Draft):
    result = save(session, blocked(draft), ADDED, WriteMode(anyway=True), None, draft.before)
    assert (True, False) == (result.written, result.refused)
    assert draft.after == live.read_text()


def test_a_dry_run_writes_nothing(session: WriteSession, live: Path, draft: Draft):
    result = save(session, draft, ADDED, WriteMode(dry_run=True), None, draft.before)
    assert (False, False, NextStep.WRITE) == (result.written, result.refused, result.next_step)
    assert draft.before == live.read_text()


def test_a_file_that_cannot_be_written_is_a_failure(session: WriteSession, draft: Draft, monkeypatch):
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("incidentops.flows.write.save.write_atomically", full)
    with pytest.raises(Failed, match="cannot be written: no space left on device"):
        save(session, draft, ADDED, WriteMode(), None, draft.before)


def test_a_record_that_cannot_be_pushed_is_written(session: WriteSession, live: Path, draft: Draft):
    failure = PushFailure("the server did not answer", "push it later")
    result = save(session, draft, ADDED, WriteMode(push=True), failure, draft.before)
    assert (failure, NextStep.PUSH_AGAIN) == (result.pushed, result.next_step)
    assert draft.after == live.read_text()


@pytest.mark.parametrize(
    ("address", "options_taken", "step"),
    [
        ("https://x/-/merge_requests/7", False, NextStep.WAIT),
        ("", True, NextStep.WAIT),
        ("", False, NextStep.OPEN_MERGE_REQUEST),
    ],
)
def test_after_a_push_the_next_step_is_the_merge_request(draft: Draft, address, options_taken, step):
    pushed = PushResult("origin", "incident/x", "main", "c" * 40, address, options_taken, ())
    assert step == WriteResult(draft, ADDED, WriteMode(push=True), written=True, pushed=pushed).next_step


def test_a_push_that_fails_on_the_way_leaves_the_record_written(
    session: WriteSession, live: Path, draft: Draft, monkeypatch
):
    def broken(*_: object) -> None:
        raise Failed("the connection was lost")

    monkeypatch.setattr("incidentops.flows.write.save.push_record", broken)
    base = PushBase("origin", "main", "incident/x", "b" * 40, None, "0" * 40, None)
    result = save(session, draft, ADDED, WriteMode(push=True), base, draft.before)
    assert PushFailure("the connection was lost", "commit and push the file by hand") == result.pushed
    assert draft.after == live.read_text()


def a_declaration(*services: str) -> Declaration:
    first = EntryRequest("ana", a_time("14:02"), services=services or ("web",), severity=Severity.S2)
    return Declaration("It fails", first)


@pytest.fixture
def server(session: WriteSession, tmp_path: Path) -> Path:
    server = tmp_path / "server.git"
    git(tmp_path, "init", "-q", "--bare", "-b", "main", str(server))
    root = session.archive.root
    git(root, "remote", "add", "origin", str(server))
    git(root, "add", ".")
    git(root, "commit", "-q", "-m", "Start")
    git(root, "push", "-q", "-u", "origin", "main")
    return server


def test_a_declaration_is_a_new_file_with_one_entry(session: WriteSession):
    result = declare(session, a_declaration(), WriteMode())
    assert (True, NEW, NextStep.PUSH) == (result.written, result.draft.file, result.next_step)
    assert {"at": "2026-11-21T14:02:00Z", "by": "ana", "severity": "S2", "state": "investigating"} == result.entry
    assert result.draft.after == (session.archive.root / NEW).read_text()


def test_a_declaration_that_the_rules_block_is_refused(session: WriteSession):
    result = declare(session, a_declaration("registri"), WriteMode())
    assert (True, False) == (result.refused, result.written)
    assert ["REC002"] == [finding.code for finding in result.draft.findings if finding.blocks]


def test_a_declaration_is_pushed_on_its_branch(session: WriteSession, server: Path):
    pushed = declare(session, a_declaration(), WriteMode(push=True)).pushed
    assert isinstance(pushed, PushResult)
    assert ("incident/2026-11-21-it-fails", pushed.sha) == (pushed.branch, git(server, "rev-parse", pushed.branch))


def test_a_record_that_the_server_has_is_not_declared_again(session: WriteSession, server: Path):
    declare(session, a_declaration(), WriteMode(push=True))
    (session.archive.root / NEW).unlink()
    with pytest.raises(Refused, match="origin has a record '2026-11-21-it-fails' already"):
        declare(session, a_declaration(), WriteMode(push=True))
