"""Entries on a timeline: updates, roles, pages, the resolve."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from incidentops.core.errors import WrongUse
from incidentops.flows.write.record import EntryRequest
from incidentops.flows.write.session import RecordTarget, WriteMode, WriteSession, open_target
from incidentops.flows.write.update import resolve, update
from incidentops.model.vocabulary import Role, State
from make import NOW, a_time

MODE = WriteMode()


@pytest.fixture
def target(session: WriteSession) -> RecordTarget:
    return open_target(session, None, MODE)


def test_an_update_is_by_the_author_who_is_found_and_now(session: WriteSession, target: RecordTarget, live: Path):
    result = update(session, target, EntryRequest(state=State.IDENTIFIED, note="The chart"), MODE)
    assert {"at": "2026-11-21T16:00:00Z", "by": "ana", "state": "identified", "note": "The chart"} == result.entry
    assert result.written
    assert live.read_text().endswith("{at: 2026-11-21T16:00:00Z, by: ana, state: identified, note: The chart}\n")


def test_an_update_never_comes_before_the_last_entry(session: WriteSession, target: RecordTarget):
    early = replace(session, now=a_time("14:01"))
    assert "2026-11-21T14:02:00Z" == update(early, target, EntryRequest(note="x"), MODE).entry["at"]


def test_an_update_without_anything_is_wrong_use(session: WriteSession, target: RecordTarget):
    with pytest.raises(WrongUse, match="there is nothing to add"):
        update(session, target, EntryRequest(by="ana", at=NOW, why="because"), MODE)


def test_what_the_rules_block_is_a_value_and_not_written(session: WriteSession, target: RecordTarget, live: Path):
    before = live.read_text()
    result = update(session, target, EntryRequest(by="zoe", note="x"), MODE)
    assert (True, False) == (result.refused, result.written)
    assert ["REC003"] == [finding.code for finding in result.draft.findings if finding.blocks]
    assert before == live.read_text()


def test_a_role_is_taken_over(session: WriteSession, target: RecordTarget):
    result = update(session, target, EntryRequest(engage=Role.IMOC, by="bo", at=NOW, who="bo"), MODE)
    assert {"at": "2026-11-21T16:00:00Z", "by": "bo", "engage": "imoc"} == result.entry
    assert "bo" == result.draft.incident.now.owner


def test_a_role_is_handed_over(session: WriteSession, target: RecordTarget):
    result = update(session, target, EntryRequest(engage=Role.IMOC, by="ana", at=NOW, who="bo"), MODE)
    assert "bo" == result.entry["who"]


def test_a_role_is_given_back_for_a_reason(session: WriteSession, target: RecordTarget):
    with pytest.raises(WrongUse, match="--why is missing"):
        update(session, target, EntryRequest(release=Role.EOC), MODE)
    result = update(session, target, EntryRequest(release=Role.EOC, why="Off duty"), MODE)
    assert ("eoc", "Off duty") == (result.entry["release"], result.entry["why"])


def test_a_page_is_recorded(session: WriteSession, target: RecordTarget):
    assert "imoc" == update(session, target, EntryRequest(page=Role.IMOC), MODE).entry["page"]


def test_a_resolve_is_resolved_and_operational(session: WriteSession, target: RecordTarget):
    result = resolve(session, target, EntryRequest(note="Rolled back"), MODE)
    assert result.written, result.draft.findings
    assert ("resolved", "operational") == (result.entry["state"], result.entry["status"])


def test_customers_who_have_read_about_it_get_a_final_message(session: WriteSession, target: RecordTarget):
    update(session, target, EntryRequest(publish="Some pushes fail."), MODE)
    again = open_target(session, None, MODE)
    with pytest.raises(WrongUse, match="--publish is missing"):
        resolve(session, again, EntryRequest(), MODE)
    assert resolve(session, again, EntryRequest(publish="It works again."), MODE).written
