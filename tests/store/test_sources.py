"""Records of a commit and of the folder."""

import subprocess
from pathlib import Path

from incidentops.core.source import blob
from incidentops.store.git.repository import Repository
from incidentops.store.sources import CommitRecords, WorkTreeRecords

FILE = "incidents/2026/2026-11-21-a.yaml"


def commit(root: Path) -> str:
    for arguments in (["add", "-A"], ["commit", "-q", "-m", "records"]):
        subprocess.run(["git", "-C", str(root), *arguments], check=True)
    head = subprocess.run(["git", "-C", str(root), "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return head.stdout.strip()


def test_a_commit_holds_what_landed_whatever_lies_in_the_folder(repository: Path) -> None:
    (repository / FILE).write_bytes(b"landed\n")
    (repository / "incidents" / "notes.txt").write_bytes(b"no record\n")
    landed = CommitRecords(Repository(repository), commit(repository))
    (repository / FILE).write_bytes(b"changed\n")
    assert landed.blobs() == {FILE: blob(b"landed\n")}
    assert list(landed.contents([FILE])) == [(FILE, b"landed\n")]
    assert landed.handbook() == (repository / "incidents" / "handbook.yaml").read_bytes()


def test_two_records_with_the_same_bytes_are_both_read(repository: Path) -> None:
    other = FILE.replace("-a", "-b")
    for file in (FILE, other):
        (repository / file).write_bytes(b"same\n")
    landed = CommitRecords(Repository(repository), commit(repository))
    assert list(landed.contents([other, FILE])) == [(other, b"same\n"), (FILE, b"same\n")]


def test_a_commit_without_a_handbook_says_so(repository: Path) -> None:
    (repository / "incidents" / "handbook.yaml").unlink()
    (repository / FILE).write_bytes(b"landed\n")
    assert CommitRecords(Repository(repository), commit(repository)).handbook() is None


def test_the_folder_holds_what_lies_there(repository: Path) -> None:
    (repository / FILE).write_bytes(b"here\n")
    (repository / "incidents" / "2026" / "2026-11-21-link.yaml").symlink_to(repository / FILE)
    tree = WorkTreeRecords(repository)
    assert tree.blobs() == {FILE: blob(b"here\n")}
    assert list(tree.contents([FILE])) == [(FILE, b"here\n")]
    assert tree.handbook() is not None


def test_a_file_that_vanishes_or_may_not_be_opened_is_left_to_validate(repository: Path) -> None:
    (repository / FILE).write_bytes(b"x" * (1 << 21))
    tree = WorkTreeRecords(repository)
    assert tree.blobs() == {}
    (repository / FILE).unlink()
    assert list(tree.contents([FILE])) == []
