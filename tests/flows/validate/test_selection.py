"""Which records a person means."""

from pathlib import Path

import pytest

from flows.files import put
from incidentops.core.errors import WrongUse
from incidentops.flows.validate.selection import select
from make import FILE, HANDBOOK_FILE

OLD = "incidents/2025/2025-01-01-old.yaml"


@pytest.fixture
def root(repository: Path) -> Path:
    put(repository)
    put(repository, OLD)
    put(repository, "incidents/2026/notes.txt", "x")
    (repository / "incidents/2026/2026-11-21-link.yaml").symlink_to("/etc/hostname")
    (repository / "elsewhere").mkdir()
    (repository / "incidents/linked").symlink_to(repository / "elsewhere")
    return repository


@pytest.mark.parametrize(
    "paths", [[], [""], ["."], ["incidents"], ["incidents/"], ["incidents/2026", "incidents/2025/"]]
)
def test_without_paths_every_record_is_selected(root: Path, paths: list[str]):
    choice = select(root, paths)
    assert ((OLD, FILE), (OLD, FILE)) == (choice.files, choice.every)
    assert "incidents/2026/2026-11-21-link.yaml" in {o.location.file for o in choice.obstacles}


def test_a_file_or_a_folder_selects_its_records(root: Path):
    assert ((FILE,), ()) == (select(root, [FILE, FILE]).files, select(root, [FILE]).obstacles)
    assert (OLD,) == select(root, ["incidents/2025"]).files
    assert (OLD, FILE) == select(root, ["incidents/2025"]).every


def test_a_link_in_place_of_a_record_is_an_obstacle(root: Path):
    choice = select(root, ["incidents/2026/2026-11-21-link.yaml"])
    assert ((), ["YML006"]) == (choice.files, [o.code for o in choice.obstacles])


def test_the_handbook_is_checked_in_every_run(root: Path):
    assert () == select(root, [HANDBOOK_FILE]).files


@pytest.mark.parametrize(
    ("path", "message"),
    [
        ("README.md", "'README.md' is not inside incidents/"),
        ("../other/incidents/x.yaml", "is not inside incidents/"),
        ("incidents/2026/notes.txt", "'incidents/2026/notes.txt' is no record"),
        ("incidents/2026/gone.yaml", "there is no 'incidents/2026/gone.yaml'"),
        ("incidents/x\ny.yaml", r"there is no 'incidents/x\\ny.yaml'"),
    ],
)
def test_a_path_that_is_no_record_is_wrong_use(root: Path, path: str, message: str):
    with pytest.raises(WrongUse, match=message):
        select(root, [path])
