"""Declaring: a new record, pushed only when the server has none of its name."""

from pathlib import Path

import pytest

from gitplace import git
from incidentops.core.errors import Refused
from incidentops.flows.write.declare import declare
from incidentops.flows.write.push import PushResult
from incidentops.flows.write.record import Declaration
from incidentops.flows.write.save import NextStep
from incidentops.flows.write.session import WriteMode, WriteSession
from incidentops.model.vocabulary import Severity
from make import a_time

FILE = "incidents/2026/2026-11-21-it-fails.yaml"


def a_declaration(*services: str) -> Declaration:
    return Declaration("It fails", services or ("web",), Severity.S2, a_time("14:02"), "ana")


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
    assert (True, FILE, NextStep.PUSH) == (result.written, result.draft.file, result.next_step)
    assert {"at": "2026-11-21T14:02:00Z", "by": "ana", "severity": "S2", "state": "investigating"} == result.entry
    assert result.draft.after == (session.archive.root / FILE).read_text()


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
    (session.archive.root / FILE).unlink()
    with pytest.raises(Refused, match="origin has a record '2026-11-21-it-fails' already"):
        declare(session, a_declaration(), WriteMode(push=True))
