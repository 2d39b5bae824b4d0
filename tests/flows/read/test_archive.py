"""The repository as commands see it, and finding the record that somebody means."""

from datetime import datetime
from pathlib import Path

import pytest

from incidentops.core.errors import BadConfiguration, WrongUse
from incidentops.flows.read.archive import Archive, as_of, find, last_resolved, only_live, open_archive, record_check
from make import NOW, a_time, an_entry, an_incident

RECORD = (
    "kind: incident\ntitle: It fails\nservices: [web]\ntimeline:\n"
    "  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S3, state: investigating}\n"
)
OVER = "  - {at: 2026-11-21T15:00:00Z, by: ana, state: resolved, status: operational}\n"


@pytest.fixture
def archive(repository: Path) -> Archive:
    return open_archive(repository)


def put(archive: Archive, name: str, text: str = RECORD) -> str:
    file = f"incidents/2026/{name}.yaml"
    (archive.root / file).write_text(text)
    return file


def test_records_are_read_newest_first(archive: Archive):
    put(archive, "2026-11-20-a")
    put(archive, "2026-11-21-a")
    put(archive, "2026-11-19-a", "kind: [\n")
    assert ["2026-11-21-a", "2026-11-20-a", None] == [o.incident and o.incident.id for o in archive.all()]


def test_a_handbook_that_is_no_yaml_is_bad_configuration(repository: Path):
    (repository / "incidents" / "handbook.yaml").write_text("a: [\n")
    with pytest.raises(BadConfiguration, match=r"^the handbook cannot be used: incidents/handbook.yaml:\d+:\d+: "):
        open_archive(repository)


def test_a_handbook_that_contradicts_itself_is_bad_configuration(repository: Path):
    (repository / "incidents" / "handbook.yaml").write_text(
        "organisation: x\nservices: {web: {name: Web}}\npeople: {ana: {timezone: Mars/North}}\n"
    )
    with pytest.raises(BadConfiguration, match="Mars/North"):
        open_archive(repository)


@pytest.mark.parametrize("part", ["2026-11-21-web-down", "WEB", "down", "incidents/2026/2026-11-21-web-down.yaml"])
def test_any_part_of_an_id_names_a_record(archive: Archive, part: str):
    file = put(archive, "2026-11-21-web-down")
    put(archive, "2026-11-21-git-slow")
    assert file == find(archive, part)


def test_a_whole_id_wins_over_one_that_contains_it(archive: Archive):
    file = put(archive, "2026-11-21-web")
    put(archive, "2026-11-21-web-down")
    assert file == find(archive, "2026-11-21-web")


def test_several_candidates_are_listed_and_many_are_counted(archive: Archive):
    for number in range(12):
        put(archive, f"2026-11-21-web-{number:02}")
    with pytest.raises(WrongUse, match="'web' could mean 12 records") as caught:
        find(archive, "web")
    assert caught.value.hint.startswith("say which: 2026-11-21-web-11, 2026-11-21-web-10, ")
    assert caught.value.hint.endswith(", and 2 more")


def test_the_live_one_is_meant_where_that_is_asked_for(archive: Archive):
    put(archive, "2026-11-20-web", RECORD + OVER)
    live = put(archive, "2026-11-21-web")
    assert live == find(archive, "web", live_first=True)
    with pytest.raises(WrongUse, match="'web' could mean 2 records"):
        find(archive, "web")


@pytest.mark.parametrize("part", ["", "nowhere"])
def test_no_record_of_that_name_is_wrong_use(archive: Archive, part: str):
    put(archive, "2026-11-21-web")
    with pytest.raises(WrongUse, match="no record is called"):
        find(archive, part)


@pytest.mark.parametrize("part", ["regisrty-503", "2026-11-21-regisrty-503", "Registry-504"])
def test_a_name_that_is_nearly_one_is_suggested(archive: Archive, part: str):
    put(archive, "2026-11-21-registry-503")
    put(archive, "2026-11-21-web")
    with pytest.raises(WrongUse, match="no record is called") as error:
        find(archive, part)
    assert "did you mean 2026-11-21-registry-503?" == error.value.hint


def test_the_only_live_incident_needs_no_name(archive: Archive):
    put(archive, "2026-11-20-web", RECORD + OVER)
    put(archive, "2026-11-19-web", "kind: [\n")
    live = put(archive, "2026-11-21-web")
    assert live == only_live(archive)
    put(archive, "2026-11-21-git")
    with pytest.raises(WrongUse, match="2 incidents are live"):
        only_live(archive)


def test_without_a_live_incident_one_must_be_named(archive: Archive):
    with pytest.raises(WrongUse, match="no incident is live"):
        only_live(archive)


def test_the_incident_resolved_last_is_found(archive: Archive):
    with pytest.raises(WrongUse, match="no incident is resolved"):
        last_resolved(archive)
    put(archive, "2026-11-20-web", RECORD + OVER.replace("15:00", "15:30"))
    put(archive, "2026-11-21-web", RECORD + OVER)
    assert last_resolved(archive).endswith("2026-11-20-web.yaml")


@pytest.mark.parametrize(("at", "entries"), [("14:02", 1), ("14:05", 1), ("14:10", 3), ("23:00", 3)])
def test_a_record_is_shown_as_it_stood(at: str, entries: int):
    incident = an_incident(an_entry("14:02", severity="S3"), an_entry("14:10", engage="eoc"), an_entry("14:10"))
    moment: datetime = a_time(at)
    then = as_of(incident, moment)
    assert then
    assert entries == len(then.timeline) == len(then.snapshots)


def test_before_the_declaration_there_was_nothing():
    assert None is as_of(an_incident(an_entry("14:02", severity="S3")), a_time("14:01"))


def test_a_record_is_checked_with_the_text_of_its_file(archive: Archive):
    secret = "\ufeff# glpat-0123456789abcdefghij\n" + RECORD.replace("web", "nowhere")
    opened = archive.build("incidents/2026/2026-11-21-it-fails.yaml", secret.encode())
    check = record_check(archive.handbook, NOW)
    assert opened.incident
    assert {"REC002", "REC006"} <= {finding.code for finding in check(opened.incident, opened.text)}
