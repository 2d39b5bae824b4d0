"""What is checked over all records, also when only some of them were chosen."""

from pathlib import Path

from flows.files import put
from incidentops.flows.validate.validate import validate
from make import FILE, NOW, a_record

A, B = "incidents/2026/2026-11-21-a.yaml", "incidents/2026/2026-11-21-b.yaml"


def related(to: str, how: str = "caused_by") -> dict[str, object]:
    return a_record(related=[{"to": to, "as": how}])


def found(root: Path, *paths: str) -> list[tuple[str, str]]:
    return [(f.location.file, f.message) for f in validate(root, NOW, paths).findings]


def test_an_id_that_exists_twice_is_found_in_both_files(repository: Path):
    put(repository)
    put(repository, "incidents/old/2026-11-21-registry-503.yaml", "kind: [")
    twice = [f for f in validate(repository, NOW).findings if f.code == "REC005"]
    assert [FILE, "incidents/old/2026-11-21-registry-503.yaml"] == [f.location.file for f in twice]
    assert "is that of incidents/old/2026-11-21-registry-503.yaml too" in twice[0].message


def test_a_relation_to_a_record_that_is_not_chosen_is_known(repository: Path):
    put(repository, A, data=related("2026-11-21-b", "follows"))
    put(repository, B, "kind: [")
    assert [] == found(repository, A)


def test_a_circle_is_found_through_records_that_are_not_chosen(repository: Path):
    put(repository, A, data=related("2026-11-21-b"))
    put(repository, B, data=related("2026-11-21-a"))
    message = "caused_by '2026-11-21-b' leads in a circle back to this record"
    assert [(A, message)] == found(repository, A)
    assert 2 == len(found(repository))


def test_a_record_that_cannot_be_read_leads_nowhere(repository: Path):
    put(repository, A, data=related("2026-11-21-b"))
    put(repository, B, "kind: [")
    assert [] == found(repository, A)


def test_a_relation_to_nothing_stands_at_its_place(repository: Path):
    put(repository, A, "{kind: incident, title: x, services: [web], timeline: [{at: 2026-11-21T15:50:00Z, by: ana,"
        " severity: S3}],\nrelated: [{to: gone, as: caused_by}]}")  # fmt: skip
    (finding,) = validate(repository, NOW).findings
    assert ("REC004", 2, 12) == (finding.code, finding.location.line, finding.location.column)
    assert "there is no record 'gone'" == finding.message


def test_a_record_without_relations_may_be_the_end_of_a_chain(repository: Path):
    put(repository, A, data=related("2026-11-21-b"))
    put(repository, B, data=a_record())
    assert [] == found(repository, A)
    assert [] == found(repository)
