"""The work of the merge driver: files in, the merge in the file of our version. (With git itself: tests/cli.)"""

from pathlib import Path

import pytest

from incidentops.core.errors import WrongUse
from incidentops.flows.write.merge import MergeConflict, MergedRecord
from incidentops.flows.write.merge_driver import MergeDriverFiles, MergeDriverResult, run_merge_driver
from make import FILE, NOW

TEXT = """\
kind: incident
title: It fails
services: [registry]
timeline:
  - {at: 2026-11-21T14:02:00Z, by: ana, severity: S2, state: investigating}
"""
OURS = "  - {at: 2026-11-21T14:20:00Z, by: ana, note: Ours}\n"
THEIRS = "  - {at: 2026-11-21T14:10:00Z, by: bo, note: Theirs}\n"


def run(root: Path, base: str, ours: str, theirs: str, path: str = FILE) -> tuple[MergeDriverResult, str]:
    for name, text in (("base", base), ("ours", ours), ("theirs", theirs)):
        (root / name).write_text(text, encoding="utf-8")
    files = MergeDriverFiles(root / "base", root / "ours", root / "theirs", path)
    return run_merge_driver(root, files, lambda _: root, NOW), (root / "ours").read_text(encoding="utf-8")


def test_two_versions_become_one(repository: Path):
    result, text = run(repository, TEXT, TEXT + OURS, TEXT + THEIRS)
    assert (MergeDriverResult(True, MergedRecord(text)), TEXT + THEIRS + OURS) == (result, text)


def test_a_conflict_leaves_gits_own_merge_in_the_file(repository: Path):
    one, two = (
        f"  - {{at: 2026-11-21T14:20:00Z, by: ana, state: {state}}}\n" for state in ("identified", "monitoring")
    )
    result, text = run(repository, TEXT, TEXT + one, TEXT + two)
    assert (False, True) == (result.clean, isinstance(result.record, MergeConflict))
    assert f"<<<<<<< ours\n{one}=======\n{two}>>>>>>> theirs\n" in text


def test_another_file_gets_gits_own_merge(repository: Path):
    merged = run(repository, "b\nc\nd\n", "a\nb\nc\nd\n", "b\nc\nd\ne\n", "x.txt")
    assert (MergeDriverResult(True), "a\nb\nc\nd\ne\n") == merged


def test_a_version_that_cannot_be_read_is_wrong_use(repository: Path):
    missing = repository / "missing"
    with pytest.raises(WrongUse, match="missing' cannot be read"):
        run_merge_driver(repository, MergeDriverFiles(missing, missing, missing, FILE), lambda _: repository, NOW)
