"""The one text changes with everything that a verdict depends on, and with nothing else."""

import shutil
import sys
from pathlib import Path

import pytest

import incidentops
from incidentops.store.cache.fingerprint import fingerprint

PACKAGE = Path(incidentops.__file__).parent
PARTS = ("core", "model", "rules", "store", "flows", "schemas")


@pytest.fixture
def copy(tmp_path) -> Path:
    for part in PARTS:
        shutil.copytree(PACKAGE / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_it_is_the_same_for_the_same(copy):
    assert fingerprint() == fingerprint() == fingerprint(copy)


@pytest.mark.parametrize("part", PARTS)
def test_a_change_of_one_character_changes_it(copy, part):
    path = next(path for path in sorted((copy / part).iterdir()) if path.suffix in (".py", ".json"))
    path.write_bytes(path.read_bytes() + b" ")
    assert fingerprint() != fingerprint(copy)


def test_a_file_more_or_another_name_changes_it(copy):
    (copy / "rules" / "zzz.py").write_text("")
    more = fingerprint(copy)
    (copy / "rules" / "zzz.py").rename(copy / "rules" / "zzy.py")
    assert 3 == len({fingerprint(), more, fingerprint(copy)})


def test_another_library_changes_it(tmp_path, monkeypatch):
    before = fingerprint()
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "yaml_rs-9.9.dist-info").mkdir()
    assert before != fingerprint()


def test_another_python_changes_it(monkeypatch):
    before = fingerprint()
    monkeypatch.setattr(sys, "version", "3.99")
    assert before != fingerprint()


def test_other_time_zones_change_it(tmp_path, monkeypatch):
    before = fingerprint()
    monkeypatch.setattr("zoneinfo.TZPATH", (str(tmp_path),))
    assert before != fingerprint()


def test_code_that_cannot_be_looked_at_has_none(tmp_path):
    assert fingerprint(tmp_path) is None
