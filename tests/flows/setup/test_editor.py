"""The schemas of a repository: made of its handbook, looked at by doctor."""

from pathlib import Path

import pytest

from incidentops.core.errors import Failed, Refused
from incidentops.flows.setup import editor
from incidentops.providers.base import CheckStatus
from incidentops.store.schema.shape import Shape, schema_text
from make import a_handbook
from paths import ROOT

HANDBOOK = "schemas/handbook.schema.json"


def outcomes(root: Path) -> list[tuple[bool, str]]:
    return [(check.status is CheckStatus.OK, check.message) for check in editor.checks(root, a_handbook())]


def test_what_is_written_is_ok_until_the_handbook_changes(tmp_path: Path):
    assert (editor.RECORD, HANDBOOK) == editor.stale(tmp_path, a_handbook()) == editor.renew(tmp_path, a_handbook())
    assert () == editor.stale(tmp_path, a_handbook()) == editor.renew(tmp_path, a_handbook())
    assert [(True, "up to date with the handbook and this version")] * 2 == outcomes(tmp_path)
    changed = a_handbook(people={"zoe": {"name": "Zoe"}})
    check, _ = editor.checks(tmp_path, changed)
    assert (CheckStatus.FAILED, "not up to date with the handbook and this version") == (check.status, check.message)
    assert "incident schema --write" in check.hint
    assert (editor.RECORD,) == editor.renew(tmp_path, changed)


def test_a_schema_that_is_missing_or_invalid_fails(tmp_path: Path):
    editor.renew(tmp_path, a_handbook())
    (tmp_path / editor.RECORD).write_text('{"type": 3}')
    (tmp_path / HANDBOOK).unlink()
    wrong, gone = outcomes(tmp_path)
    assert (False, True) == (wrong[0], wrong[1].startswith("it is not a JSON Schema: 3 is not valid"))
    assert (False, "the file is missing, so editors cannot check records") == gone


def test_the_shipped_schema_without_words_is_not_up_to_date(tmp_path: Path):
    (tmp_path / "schemas").mkdir()
    (tmp_path / editor.RECORD).write_text(schema_text(Shape.INCIDENT), encoding="utf-8")
    assert not outcomes(tmp_path)[0][0]


def test_the_schema_that_the_program_is_made_with_is_left_alone():
    assert all(check.status is CheckStatus.OK for check in editor.checks(ROOT, a_handbook()))
    before = (ROOT / editor.RECORD).read_bytes()
    with pytest.raises(Refused, match="incidentops itself is built with"):
        editor.renew(ROOT, a_handbook())
    assert before == (ROOT / editor.RECORD).read_bytes()


def test_what_cannot_be_written_is_a_plain_failure(tmp_path: Path):
    (tmp_path / "schemas").write_text("in the way")
    with pytest.raises(Failed, match="cannot be written"):
        editor.renew(tmp_path, a_handbook())
