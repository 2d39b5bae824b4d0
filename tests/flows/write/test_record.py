"""Drafts: what a record would be, checked before it is written."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from incidentops.core.errors import WrongUse
from incidentops.core.finding import Finding, Level, Location
from incidentops.flows.read.archive import Archive
from incidentops.flows.write.record import (
    Declaration,
    EntryRequest,
    append,
    author,
    commit_message,
    default_moment,
    entry,
    new_draft,
    new_file,
    slug_of,
    wants_reason,
)
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Audience, Kind, Role, Severity, State
from make import NOW, a_handbook, a_time, an_entry, an_incident

FIRST = EntryRequest("ana", a_time("14:02"), services=("registry",), severity=Severity.S2)
DAY = "2026-11-21"
DECLARATION = Declaration("Image pushes fail", FIRST)


def fine(incident: Incident, text: str) -> Sequence[Finding]:
    return ()


@pytest.fixture
def archive(repository: Path) -> Archive:
    return Archive(repository, a_handbook())


def test_an_incident_starts_by_being_investigated_and_a_near_miss_has_no_state(archive: Archive):
    assert "state: investigating" in new_draft(archive, DECLARATION, fine).after
    near = replace(DECLARATION, kind=Kind.NEAR_MISS)
    assert "state" not in new_draft(archive, near, fine).after


def test_a_draft_is_checked_with_its_text(archive: Archive):
    def check(incident: Incident, text: str) -> Sequence[Finding]:
        assert text.count("- {at:") == len(incident.timeline)
        return (Finding("OWN001", Level.BLOCK, Location("x"), "no"),)

    draft = new_draft(archive, DECLARATION, check)
    assert draft.blocked
    assert "2026-11-21-image-pushes-fail" == draft.id
    assert draft.diff().startswith("--- /dev/null\n+++ incidents/2026/2026-11-21-image-pushes-fail.yaml\n")


def test_old_advice_is_not_given_again_but_what_blocks_is(archive: Archive):
    old = Finding("COM001", Level.ADVISE, Location("x", 1), "late")
    blocks = Finding("OWN001", Level.BLOCK, Location("x", 1), "no")

    def check(incident: Incident, text: str) -> Sequence[Finding]:
        new = Finding("COM002", Level.ADVISE, Location("x", 2), "later")
        return (old, blocks, new) if len(incident.timeline) > 1 else (old, blocks)

    before = new_draft(archive, DECLARATION, fine)
    draft = append(archive, before.file, before.after, entry(EntryRequest("bo", a_time("14:10"), note="seen")), check)
    assert ["OWN001", "COM002"] == [finding.code for finding in draft.findings]


def test_a_text_that_is_no_record_any_more_is_no_incident(archive: Archive):
    broken = (
        "kind: incident\ntitle: x\nservices: [web]\ntimeline:\n- {at: 2026-11-21T14:02:00Z, by: ana, severity: S2}\n"
    )
    with pytest.raises(WrongUse, match="the record would be wrong"):
        append(archive, DECLARATION.title, broken, entry(EntryRequest("bo", a_time("14:10"))), fine)


def test_an_entry_has_the_keys_that_were_given_and_no_others():
    assert {"at": "2026-11-21T14:02:00Z", "by": "ana", "state": "identified", "services": ["web", "git"]} == entry(
        EntryRequest("ana", a_time("14:02"), state=State.IDENTIFIED, services=("web", "git"), note="")
    )
    assert ["at", "by", "who", "why", "note", "publish"] == list(
        entry(EntryRequest("ana", a_time("14:02"), publish="p", note="n", why="w", who="bo"))
    )


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Image pushes fail", "image-pushes-fail"),
        ("Zürich: HTTP 503 -- again!", "zurich-http-503-again"),
        ("a" * 60, "a" * 40),
        ("The registry answers every third push with an error", "the-registry-answers-every-third-push"),
        ("日本", ""),
    ],
)
def test_a_title_becomes_a_slug(title: str, slug: str):
    assert slug == slug_of(title)


@given(st.text(max_size=80))
def test_a_slug_is_always_one(title: str):
    slug = slug_of(title)
    assert len(slug) <= 40
    assert slug == slug_of(slug)
    assert not slug.startswith("-")
    assert not slug.endswith("-")


def test_a_title_without_letters_takes_the_services():
    declaration = Declaration("日本", replace(FIRST, services=("registry", "web")))
    assert "incidents/2026/2026-11-21-registry-web.yaml" == new_file([], declaration, DAY)


def test_no_id_comes_twice_in_any_folder():
    taken = ["incidents/old/2026-11-21-image-pushes-fail.yml", "incidents/2026/2026-11-21-image-pushes-fail-2.yaml"]
    assert "incidents/2026/2026-11-21-image-pushes-fail-3.yaml" == new_file(taken, DECLARATION, DAY)


def test_a_slug_that_is_given_must_be_valid_and_free():
    declaration = replace(DECLARATION, slug="pushes")
    assert "incidents/2026/2026-11-21-pushes.yaml" == new_file([], declaration, DAY)
    with pytest.raises(WrongUse, match="there is a record '2026-11-21-pushes' already"):
        new_file(["incidents/2026/2026-11-21-pushes.yaml"], declaration, DAY)
    for slug in ("Pushes", "a--b", "-a", "a/b", "ä"):
        with pytest.raises(WrongUse, match="--slug is"):
            new_file([], replace(DECLARATION, slug=slug), DAY)


@pytest.mark.parametrize(
    ("login", "email", "person"),
    [
        ("ana", "", "ana"),
        ("b.lind", "", "bo"),
        ("B.LIND", "ana@example.com", "bo"),
        ("zoe", "BO@example.com", "bo"),
        ("zoe", "zoe@example.com", None),
        ("", "", None),
    ],
)
def test_the_author_is_found_by_login_then_by_address(login: str, email: str, person: str | None):
    people = {"ana": {"email": ["ana@example.com"]}, "bo": {"gitlab": "b.lind", "email": ["bo@example.com"]}}
    assert person == author(a_handbook(people=people), login, email)


def test_the_default_moment_is_never_before_the_last_entry():
    incident = an_incident(an_entry("14:02", severity="S3"))
    assert a_time("14:02") == default_moment(incident, a_time("14:01"))
    assert NOW == default_moment(incident, NOW)


def test_a_commit_message_says_what_and_who_and_never_what_somebody_wrote():
    data = entry(replace(FIRST, engage=Role.IMOC, publish="Fixes #12", note="Closes #13"))
    assert "x: declare, severity S2, engage imoc (by ana)\n" == commit_message("x", data, new=True)
    assert "x: severity S2, engage imoc, services, publish, note (by ana)\n" == commit_message("x", data, new=False)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"severity": Severity.S3}, "the severity goes down from S2 to S3"),
        ({"severity": Severity.S1}, ""),
        ({"severity": Severity.S2}, ""),
        ({"audience": Audience.PUBLIC}, "the audience was internal"),
        ({"audience": Audience.INTERNAL}, ""),
        ({"state": State.MONITORING}, ""),
    ],
)
def test_what_needs_a_reason_is_known(change: dict[str, Any], reason: str):
    incident = an_incident(an_entry("14:02", severity="S2"))
    assert reason == wants_reason(incident, EntryRequest(**change))


def test_opening_again_needs_a_reason():
    resolved = an_incident()
    assert "it is opened again" == wants_reason(resolved, EntryRequest(state=State.INVESTIGATING))
