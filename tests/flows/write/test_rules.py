"""The rules, ready for the commands that write."""

from pathlib import Path

from incidentops.flows.read.archive import open_archive
from incidentops.flows.write.rules import draft_check
from make import NOW


def test_a_record_is_judged_with_the_text_of_its_file(repository: Path):
    archive = open_archive(repository)
    judge = draft_check(archive, NOW)
    text = (
        "\ufeff# glpat-0123456789abcdefghij\nkind: incident\ntitle: It fails\nservices: [nowhere]\n"
        "timeline:\n  - {at: 2026-11-21T15:59:00Z, by: ana, severity: S3}\n"
    )
    file = "incidents/2026/2026-11-21-it-fails.yaml"
    incident = archive.build(file, text.encode()).incident
    assert incident
    assert {"REC002", "REC006"} == {finding.code for finding in judge(incident, text.encode())}
