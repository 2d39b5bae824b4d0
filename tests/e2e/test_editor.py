"""What somebody who writes a record in an editor gets: yaml-language-server on a repository that `init` made."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from e2e.language_server import LanguageServer
from incidentops.flows.setup.init import InitTarget, start, starter
from paths import ROOT

SERVER = ROOT / ".tools" / "node_modules" / ".bin" / "yaml-language-server"
RECORD = """\
# yaml-language-server: $schema=../../schemas/incident.schema.json
kind: incident
title: Registry pushes fail
services: [registry]
timeline:
  - {at: 2026-11-21T15:50:00Z, by: ana, severity: S3, engage: eoc}
  - at: 2026-11-21T15:52:00Z
    by: bo
    state: investigating
"""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not SERVER.exists() or not shutil.which("node"), reason="no yaml-language-server: make tools"),
]


@pytest.fixture(scope="module")
def record(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("editor")
    start(folder, starter(InitTarget()))
    record = folder / "incidents" / "2026" / "2026-11-21-registry-503.yaml"
    record.parent.mkdir()
    record.write_text(RECORD)
    return record


@pytest.fixture(scope="module")
def server(record: Path) -> Iterator[LanguageServer]:
    with LanguageServer(SERVER, record.parents[2]) as server:
        yield server


def completed(server: LanguageServer, record: Path, text: str) -> dict[str, str]:
    """What may stand at the `|` of a text, and the documentation of each."""
    before = text.partition("|")[0]
    server.diagnose(record, text.replace("|", ""))
    found = server.at("completion", record, before.count("\n") + 1, len(before) - before.rfind("\n"))
    return {item["label"]: str(item.get("documentation", "")) for item in found["items"]}


def test_a_record_that_is_fine_is_fine_in_the_editor_too(server: LanguageServer, record: Path):
    assert [] == server.diagnose(record, RECORD)


@pytest.mark.parametrize(
    ("right", "wrong", "line", "message"),
    [
        ("title: Registry pushes fail", "title: [a]", 3, "Incorrect type"),
        ("severity: S3", "severity: S9", 6, '"S1", "S2", "S3", "S4"'),
        ("by: bo", "by: zoe", 8, '"ana", "bo", "cleo"'),
        ("[registry]", "[regisrty]", 4, '"web", "api", "registry"'),
        ("kind: incident\n", "", 2, 'Missing property "kind"'),
        ("timeline:\n", "titlle: x\ntimeline:\n", 5, "Property titlle is not allowed"),
    ],
)
def test_faults_are_marked_where_they_are(server, record, right, wrong, line, message):
    found = server.diagnose(record, RECORD.replace(right, wrong))
    assert [line] == [fault["range"]["start"]["line"] + 1 for fault in found]
    assert message in found[0]["message"]


def test_people_services_and_severities_are_completed(server: LanguageServer, record: Path):
    people = completed(server, record, RECORD.replace("by: bo", "by: |"))
    assert ["ana", "bo", "cleo"] == sorted(people)
    assert "Ana Alm, Europe/Stockholm" in people["ana"]
    services = completed(server, record, RECORD.replace("[registry]", "\n  - |"))
    assert {"api", "registry", "web"} <= set(services)
    severities = completed(server, record, RECORD + "    severity: |\n")
    assert ["S1", "S2", "S3", "S4"] == sorted(severities)


def test_keys_of_an_entry_are_completed_with_what_they_mean(server: LanguageServer, record: Path):
    keys = completed(server, record, RECORD + "    |\n")
    assert {"publish", "note", "engage", "status"} <= set(keys)
    assert "at" not in keys
    assert "the only text of the record that they ever see" in keys["publish"]


@pytest.mark.parametrize(
    ("line", "column", "documentation"),
    [(8, 6, "Who says or decided this"), (8, 10, "Bo Berg, Europe/Berlin"), (4, 14, "Registry"), (6, 51, "severity")],
)
def test_hovering_tells_what_it_means(server, record, line: int, column: int, documentation: str):
    server.diagnose(record, RECORD)
    shown = server.at("hover", record, line, column)["contents"]
    assert documentation.lower() in (shown if isinstance(shown, str) else shown["value"]).lower()
