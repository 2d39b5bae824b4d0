"""Paths as they are typed, and a record from standard input."""

import io
from pathlib import Path

import pytest

from incidentops.cli.support import path_options
from incidentops.core.errors import WrongUse
from make import FILE


@pytest.fixture
def root(repository: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = repository / "incidents" / "2026"
    folder.mkdir(exist_ok=True)
    monkeypatch.chdir(folder)
    return repository


def test_paths_are_meant_from_where_one_stands(root: Path):
    typed = (Path(FILE).name, "..", str(root / FILE), "../..", "../../../x.yaml", "/etc/hostname")
    assert (FILE, "incidents", FILE, ".", "../../../x.yaml", "/etc/hostname") == path_options.files(root, typed)


def test_a_record_from_standard_input_stands_for_a_file_or_for_none(root: Path, monkeypatch: pytest.MonkeyPatch):
    for name, file in ((None, "-"), (Path(FILE).name, FILE)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"kind: [")))
        assert {file: b"kind: ["} == path_options.from_stdin(root, ("-",), name)
    assert {} == path_options.from_stdin(root, (FILE,), None)


@pytest.mark.parametrize(("paths", "name"), [(("-", FILE), None), ((), FILE), ((FILE,), FILE)])
def test_standard_input_is_one_record(root: Path, paths: tuple[str, ...], name: str | None):
    with pytest.raises(WrongUse) as wrong:
        path_options.from_stdin(root, paths, name)
    assert "give - as the only path" == wrong.value.hint
