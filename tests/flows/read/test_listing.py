"""Listing: newest first, only as many files read as needed. (The filters are tested with the command.)"""

from pathlib import Path

from incidentops.flows.read.archive import open_archive
from incidentops.flows.read.listing import ListFilter, listing

RECORD = (
    "kind: incident\ntitle: It fails\nservices: [web]\ntimeline:\n"
    "  - {{at: 2026-11-{day:02}T{hour:02}:00:00Z, by: ana, severity: S3}}\n"
)


def put(root: Path, day: int, hour: int) -> None:
    path = root / "incidents" / "2026" / f"2026-11-{day:02}-h{23 - hour:02}.yaml"
    path.write_text(RECORD.format(day=day, hour=hour))


def test_within_a_day_the_later_declaration_comes_first(repository: Path):
    for day, hour in ((20, 5), (21, 3), (21, 9), (20, 23)):
        put(repository, day, hour)
    found = listing(open_archive(repository), ListFilter())
    assert ["21T09", "21T03", "20T23", "20T05"] == [i.declared.strftime("%dT%H") for i in found.incidents]
    assert not found.more


def test_a_limit_reads_no_further_than_it_must(repository: Path):
    for day in range(1, 20):
        put(repository, day, 3)
    (repository / "incidents" / "2026" / "2026-11-01-broken.yaml").write_text("kind: [\n")
    found = listing(open_archive(repository), ListFilter(limit=2))
    assert ["19", "18"] == [i.declared.strftime("%d") for i in found.incidents]
    assert found.more
    assert () == found.unreadable


def test_all_of_them_name_what_cannot_be_read(repository: Path):
    (repository / "incidents" / "2026" / "2026-11-01-broken.yaml").write_text("kind: [\n")
    found = listing(open_archive(repository), ListFilter())
    assert ["incidents/2026/2026-11-01-broken.yaml"] == [opened.file for opened in found.unreadable]
