"""A repository open for writing: who writes, and the record to write to."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from gitplace import git
from incidentops.core.errors import WrongUse
from incidentops.flows.write.push import PushFailure
from incidentops.flows.write.session import (
    UnreadableRecord,
    WriteMode,
    WriteSession,
    known_author,
    open_target,
    push_base,
)
from make import FILE

PUSH = WriteMode(push=True)


def test_who_is_given_writes(session: WriteSession):
    assert "zoe" == known_author(session, "zoe")


def test_the_author_is_found_by_username_then_by_gits_address(session: WriteSession):
    assert "ana" == known_author(session, "")
    git(session.archive.root, "config", "user.email", "bo@example.com")
    assert "bo" == replace(session, user="nobody").author()


def test_an_author_who_is_not_in_the_handbook_is_named_with_what_to_do(session: WriteSession):
    git(session.archive.root, "config", "user.email", "zoe@example.com")
    with pytest.raises(WrongUse) as wrong:
        known_author(replace(session, user="zoe"), "")
    assert "nobody in the handbook has the username 'zoe' or the git address 'zoe@example.com'" == str(wrong.value)
    assert "give --by PERSON, or add it to your entry under people in incidents/handbook.yaml" == wrong.value.hint


def test_without_username_and_address_the_option_is_missing(session: WriteSession):
    (session.archive.root / ".git").rename(session.archive.root / "not-git")
    with pytest.raises(WrongUse, match="--by is missing"):
        known_author(replace(session, user=""), "")


def test_the_one_live_incident_is_the_target(session: WriteSession, live: Path):
    target = open_target(session, None, WriteMode())
    assert (FILE, live.read_text(), live.read_text()) == (target.file, target.disk, target.text)
    assert (None, "") == (target.base, target.ahead)


def test_a_record_that_cannot_be_read_says_why(session: WriteSession, live: Path):
    live.write_text("kind: [\n")
    with pytest.raises(UnreadableRecord) as unreadable:
        open_target(session, "registry", WriteMode())
    assert ["YML001"] == [finding.code for finding in unreadable.value.findings]
    assert 1 == unreadable.value.exit_code


def test_without_a_server_the_record_can_still_be_written(session: WriteSession):
    git(session.archive.root, "remote", "add", "origin", "http://127.0.0.1:1/p.git")
    assert isinstance(push_base(session, FILE, PUSH), PushFailure)


def test_nothing_is_asked_of_the_server_unless_it_is_pushed(session: WriteSession):
    git(session.archive.root, "remote", "add", "origin", "http://127.0.0.1:1/p.git")
    assert None is push_base(session, FILE, WriteMode())
    assert None is push_base(session, FILE, WriteMode(push=True, dry_run=True))
