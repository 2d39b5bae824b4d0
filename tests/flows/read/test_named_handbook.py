"""A handbook that somebody names: a file, or one that landed."""

import json
from pathlib import Path

import pytest

from flows.files import put
from gitplace import git
from incidentops.core.errors import Failed, WrongUse
from incidentops.flows.read.named_handbook import handbook_named
from make import HANDBOOK_FILE, a_handbook_data


def organisation(name: str) -> str:
    return json.dumps(a_handbook_data(organisation=name))


@pytest.fixture
def root(repository: Path) -> Path:
    put(repository, HANDBOOK_FILE, text=organisation("First"))
    put(repository, "other/book.yaml", text=organisation("Second"))
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "Handbooks")
    git(repository, "tag", "v1")
    put(repository, HANDBOOK_FILE, text=organisation("Third"))
    return repository


@pytest.mark.parametrize(
    ("name", "organisation"),
    [
        (HANDBOOK_FILE, "Third"),
        ("other/book.yaml", "Second"),
        ("HEAD", "First"),
        ("v1:", "First"),
        ("v1:incidents/handbook.yaml", "First"),
        ("v1:other/book.yaml", "Second"),
    ],
)
def test_a_handbook_is_a_file_or_one_that_landed(root, name, organisation):
    assert organisation == handbook_named(root, root, name).handbook.organisation


def test_a_file_is_seen_from_where_the_person_is(root):
    assert "Second" == handbook_named(root, root / "other", "book.yaml").handbook.organisation
    assert "Second" == handbook_named(root, root / "incidents", str(root / "other/book.yaml")).handbook.organisation


@pytest.mark.parametrize("name", ["nowhere", "", ":x", "nowhere:x", "--all"])
def test_what_is_none_is_named(root, name):
    folder = root / "empty" / "er"
    with pytest.raises(WrongUse, match="there is no handbook"):
        handbook_named(root, folder, name)


def test_a_path_that_the_commit_does_not_have_is_named(root):
    with pytest.raises(WrongUse, match=r"there is no file 'x\.yaml' in 'v1'"):
        handbook_named(root, root, "v1:x.yaml")


def test_a_folder_cannot_be_read(root):
    with pytest.raises(Failed, match="cannot be read: is a directory"):
        handbook_named(root, root, "other")


def test_findings_stand_in_the_file_that_was_named(root):
    put(root, "bad.yaml", text=json.dumps(a_handbook_data(rules={"YML001": "off"})))
    found = handbook_named(root, root, "bad.yaml")
    assert found.handbook is None
    assert ["HBK002"] == [f.code for f in found.findings]
    assert {"bad.yaml"} == {f.location.file for f in found.findings}


def test_a_handbook_that_is_no_yaml_checks_nothing(root):
    put(root, "bad.yaml", text="a: [\n")
    assert ["HBK001", "YML001"] == [f.code for f in handbook_named(root, root, "bad.yaml").findings]


def test_a_handbook_that_is_too_large_is_not_read_whole(root):
    put(root, "large.yaml", text="#" * 3_000_000)
    assert "YML004" in [f.code for f in handbook_named(root, root, "large.yaml").findings]
