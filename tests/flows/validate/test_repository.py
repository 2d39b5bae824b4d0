"""The check of a repository in its parts: each record, all of them together, what was deleted."""

from pathlib import Path

import pytest

from flows.files import land, put, put_handbook
from incidentops.core.errors import WrongUse
from incidentops.flows.read.handbook import handbook_of
from incidentops.flows.validate import repository as validate_repository
from incidentops.flows.validate.records import ValidationRun
from incidentops.flows.validate.selection import select
from incidentops.flows.validate.verdict import ValidateOptions, Verdict
from make import FILE, NOW, a_record, an_entry

LATE = a_record(an_entry("14:02", severity="S3"))
A, B = "incidents/2026/2026-11-21-a.yaml", "incidents/2026/2026-11-21-b.yaml"


def a_run(root: Path, *paths: str, base: str | None = None) -> ValidationRun:
    case = validate_repository.ValidationCase(root, NOW, select(root, paths), base=base)
    handbook = handbook_of(root).handbook
    assert handbook
    return validate_repository.open_run(case, handbook)


def test_progress_counts_every_record(repository):
    put(repository, A)
    put(repository, B, data=LATE)
    steps: list[tuple[int, int]] = []
    choice = select(repository, ())
    outcome = validate_repository.check_each(
        a_run(repository), choice, ValidateOptions(1, lambda done, total: steps.append((done, total)))
    )
    assert [(2, 2)] == steps
    assert (2, [B]) == (outcome.records, [finding.location.file for finding in outcome.findings])


def test_a_handbook_that_cannot_be_used_ends_the_check(repository):
    put(repository)
    put_handbook(repository, ownership=["boss"])
    verdict = validate_repository.check(
        validate_repository.ValidationCase(repository, NOW, select(repository, ())), None, ValidateOptions()
    )
    assert (["HBK002"], 0) == ([finding.code for finding in verdict.findings], verdict.records)


def test_deleted_records_are_found_when_all_records_are_checked(repository):
    put(repository, A)
    put(repository, B)
    land(repository)
    (repository / A).unlink()
    assert ["DIF001"] == [
        f.code for f in validate_repository.deleted(a_run(repository, base="HEAD"), select(repository, ()))
    ]
    put(repository)
    assert () == validate_repository.deleted(a_run(repository, FILE, base="HEAD"), select(repository, [FILE]))
    assert () == validate_repository.deleted(a_run(repository), select(repository, ()))


def test_a_base_that_is_none_is_wrong_use(repository):
    put(repository)
    land(repository)
    with pytest.raises(WrongUse, match="there is no commit 'no-such-commit'"):
        a_run(repository, base="no-such-commit")


def test_content_without_a_path_has_no_finding_about_its_path(repository):
    text = (repository / put(repository)).read_bytes()
    choice = validate_repository.Selection(("-",), (), ("-",))
    assert Verdict((), 1) == validate_repository.check(
        validate_repository.ValidationCase(repository, NOW, choice, {"-": text}), None, ValidateOptions()
    )
