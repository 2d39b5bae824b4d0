"""A new repository: its files are valid and complete, git is ready, and nothing is overwritten."""

import json
from pathlib import Path

import pytest

from gitplace import git
from incidentops.core.errors import Failed, WrongUse
from incidentops.flows.setup.init import EXAMPLE, InitTarget, initialise, start, starter
from incidentops.flows.validate.validate import validate
from make import NOW


def test_the_example_and_the_handbook_are_valid(tmp_path: Path):
    texts = starter(InitTarget("Zürich: #1", "https://gitlab.example.com", "zo/ops"))
    start(tmp_path, texts)
    record = tmp_path / "incidents" / "2026" / "2026-01-14-registry-503.yaml"
    record.parent.mkdir()
    record.write_text(texts[EXAMPLE], encoding="utf-8")
    verdict = validate(tmp_path, NOW)
    assert (1, ()) == (verdict.records, verdict.findings)


def test_the_example_is_not_among_the_records(tmp_path: Path):
    """It is made up: nobody wants an issue about it."""
    start(tmp_path, starter(InitTarget()))
    assert 0 == validate(tmp_path, NOW).records


def test_the_pipeline_and_the_schemas_are_those_that_are_shipped():
    texts = starter(InitTarget())
    assert "incident reconcile" in texts[".gitlab-ci.yml"]
    for shape in ("incident", "handbook"):
        assert "$schema" in json.loads(texts[f"schemas/{shape}.schema.json"])


def test_editors_know_the_people_that_a_repository_begins_with():
    people = json.loads(starter(InitTarget())["schemas/incident.schema.json"])["$defs"]["person"]["enum"]
    assert ["ana", "bo", "cleo"] == people


def test_a_handbook_that_would_be_wrong_is_wrong_use():
    with pytest.raises(WrongUse, match="the handbook would be wrong: "):
        starter(InitTarget(url="nowhere"))


def test_every_modeline_leads_to_a_schema(tmp_path: Path):
    texts = starter(InitTarget())
    start(tmp_path, texts)
    for path, text in texts.items():
        if text.startswith("# yaml-language-server: $schema="):
            schema = text.split("\n")[0].partition("=")[2]
            assert ((tmp_path / path).parent / schema).resolve().is_file()


@pytest.mark.parametrize("value", ["", " ", "a\nb", "a\x00", "\u202e"])
def test_a_value_that_is_no_line_is_wrong_use(value: str):
    with pytest.raises(WrongUse, match="--project is"):
        starter(InitTarget(project=value))


def test_what_is_there_stays(tmp_path: Path):
    (tmp_path / "a").write_text("mine")
    (tmp_path / "link").symlink_to("gone")
    assert ("b/c",) == start(tmp_path, {"a": "ours", "link": "ours", "b/c": "ours"})
    assert "mine" == (tmp_path / "a").read_text()
    assert not (tmp_path / "gone").exists()


def test_what_stands_in_the_way_is_named(tmp_path: Path):
    (tmp_path / "file").write_text("")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WrongUse, match="cannot be created"):
        start(tmp_path, {"file/below": ""})
    with pytest.raises(WrongUse, match="cannot be created"):
        start(tmp_path, {"folder": ""})


def test_what_cannot_be_written_is_a_plain_failure(tmp_path: Path):
    with pytest.raises(Failed, match="cannot be written: file name too long"):
        start(tmp_path, {"x" * 300: ""})


def test_a_folder_becomes_a_repository_with_one_commit(tmp_path: Path):
    folder = tmp_path / "new"
    result = initialise(folder, InitTarget(), commit=True)
    assert (True, None, True) == (result.git_created, result.outer, result.merge_driver)
    assert result.commit == git(folder, "rev-parse", "HEAD")
    assert sorted(result.created) == sorted(git(folder, "ls-files").splitlines())
    again = initialise(folder, InitTarget(), commit=True)
    assert ((), result.created, False, None) == (again.created, again.existing, again.git_created, again.commit)


def test_a_folder_that_another_repository_tracks_is_wrong_use(repository: Path):
    git(repository, "add", ".")
    with pytest.raises(WrongUse, match="belongs to the git repository"):
        initialise(repository / "incidents", InitTarget())


def test_a_folder_inside_another_work_tree_gets_a_repository_of_its_own(repository: Path):
    result = initialise(repository / "deep", InitTarget())
    assert (True, repository, None) == (result.git_created, result.outer, result.commit)
