import os

import pytest

from incidentops.store.records import is_record, record_files


def put(root, *files):
    for file in files:
        path = root / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"")


def found(root) -> tuple[list[str], list[str]]:
    files, findings = record_files(root)
    assert all(finding.code == "YML006" for finding in findings)
    return list(files), [f"{finding.location.file}: {finding.message}" for finding in findings]


def test_records_are_found_sorted_and_the_handbook_is_none(tmp_path):
    put(
        tmp_path,
        "incidents/2026/b.yaml",
        "incidents/2025/a.yaml",
        "incidents/handbook.yaml",
        "incidents/z.yml",
        "incidents/2026/handbook.yaml",
        "schemas/x.yaml",
    )
    assert found(tmp_path) == (
        ["incidents/2025/a.yaml", "incidents/2026/b.yaml", "incidents/2026/handbook.yaml", "incidents/z.yml"],
        [],
    )


def test_other_files_are_left_alone(tmp_path):
    put(tmp_path, "incidents/README.md", "incidents/2026/a.yaml.bak", "incidents/2026/graph.png", "incidents/yaml")
    (tmp_path / "incidents" / "notes").symlink_to("README.md")
    assert found(tmp_path) == ([], [])


def test_without_the_directory_there_are_none(tmp_path):
    assert found(tmp_path) == ([], [])


def test_a_directory_named_like_a_record_is_a_finding_and_hides_nothing(tmp_path):
    put(tmp_path, "incidents/x.yaml/y.yaml")
    assert found(tmp_path) == (["incidents/x.yaml/y.yaml"], ["incidents/x.yaml: not a regular file but a directory"])


def test_links_are_findings_and_not_followed(tmp_path):
    put(tmp_path, "elsewhere/a.yaml", "incidents/b.yaml")
    for name, target in {"2026": "../elsewhere", "c.yaml": "b.yaml", "d.yaml": "nowhere", "e": "e"}.items():
        (tmp_path / "incidents" / name).symlink_to(target)
    link = "not a regular file but a symbolic link"
    assert found(tmp_path) == (
        ["incidents/b.yaml"],
        [f"incidents/{name}: {link}" for name in ("2026", "c.yaml", "d.yaml", "e")],
    )


def test_the_directory_itself_may_not_be_a_link(tmp_path):
    put(tmp_path, "elsewhere/a.yaml")
    (tmp_path / "incidents").symlink_to("elsewhere")
    assert found(tmp_path) == ([], ["incidents: not a regular file but a symbolic link"])


def test_a_file_in_the_place_of_the_directory_is_a_finding(tmp_path):
    put(tmp_path, "incidents")
    assert found(tmp_path)[1] == ["incidents: a directory on the way to it is a symbolic link or a file"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_directory_that_may_not_be_read_is_a_finding(tmp_path):
    put(tmp_path, "incidents/2026/a.yaml", "incidents/2025/b.yaml")
    (tmp_path / "incidents" / "2026").chmod(0)
    files, findings = found(tmp_path)
    (tmp_path / "incidents" / "2026").chmod(0o700)
    assert files == ["incidents/2025/b.yaml"]
    assert findings == ["incidents/2026: the file cannot be opened: permission denied"]


def test_a_fifo_is_a_candidate_for_the_reader_to_refuse(tmp_path):
    (tmp_path / "incidents").mkdir()
    os.mkfifo(tmp_path / "incidents" / "x.yaml")
    assert found(tmp_path) == (["incidents/x.yaml"], [])


def test_names_that_are_not_utf_8_are_found(tmp_path):
    name = os.fsdecode(b"\xff.yaml")
    put(tmp_path, f"incidents/{name}")
    assert found(tmp_path)[0] == [f"incidents/{name}"]


@pytest.mark.parametrize(
    ("path", "named"),
    [
        ("incidents/2026/2026-11-21-x.yaml", True),
        ("incidents/x.yml", True),
        ("incidents/handbook.yaml", False),
        ("incidents/x.md", False),
        ("schemas/x.yaml", False),
    ],
)
def test_a_path_may_be_named_like_a_record(path, named):
    assert is_record(path) is named
