"""The environment is read in one place, and tokens do not print themselves."""

from pathlib import Path

import pytest

from incidentops.cli.composition.environment import (
    child_environment,
    declared,
    repository_root,
    settings,
    settings_from,
    variables_set,
)
from incidentops.core.errors import WrongUse

FULL = {
    "INCIDENT_GITLAB_URL": "https://gitlab.example.com/",
    "INCIDENT_GITLAB_TOKEN": "glpat-secret",
    "INCIDENT_GITLAB_PROJECT": "acme/x",
    "STATUSIO_API_URL": "https://status.example.com/v2/",
    "STATUSIO_API_ID": "id-secret",
    "STATUSIO_API_KEY": "key-secret",
    "GITLAB_USER_LOGIN": "ana",
    "CI_SERVER_URL": "https://ci.example.com",
    "CI_PROJECT_ID": "7",
    "PATH": "/bin",
}


def test_settings_are_what_the_variables_hold() -> None:
    found = settings_from(FULL)
    assert (found.host.url, found.host.user, found.ci["CI_PROJECT_ID"]) == ("https://gitlab.example.com", "ana", "7")
    assert sorted(secret.reveal() for secret in found.secrets) == ["glpat-secret", "id-secret", "key-secret"]
    assert found.values.texts["STATUSIO_API_URL"] == "https://status.example.com/v2/"
    assert "PATH" not in found.values.texts


def test_every_variable_is_declared_once() -> None:
    names = [variable.name for variable in declared()]
    assert len(names) == len(set(names))
    assert {"INCIDENT_NOW", "CI_*"} < set(names)


def test_no_token_is_in_the_way_it_shows_itself() -> None:
    for word in ("glpat-secret", "id-secret", "key-secret"):
        assert word not in repr(settings_from(FULL))


def test_tokens_are_taken_out_of_whatever_is_printed() -> None:
    assert settings_from(FULL).redacted("a glpat-secret b key-secret") == "a [redacted] b [redacted]"


def test_empty_is_the_same_as_not_set() -> None:
    found = settings_from(dict.fromkeys(FULL, ""))
    assert (found.host.url, found.secrets, found.base) == ("", (), None)


def test_the_pipelines_server_stands_in_for_the_address() -> None:
    assert settings_from({"CI_SERVER_URL": "https://ci.example.com"}).host.url == "https://ci.example.com"


def test_variables_are_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INCIDENT_GITLAB_TOKEN", "hush")
    monkeypatch.setenv("STATUSIO_API_ID", "")
    assert ("INCIDENT_GITLAB_TOKEN" in variables_set(), "STATUSIO_API_ID" in variables_set()) == (True, False)


def test_only_the_named_variables_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI_PIPELINE_ID", "8")
    monkeypatch.setenv("SOMETHING_ELSE", "9")
    assert dict(settings().ci) == {"CI_PIPELINE_ID": "8"}


def test_a_child_gets_none_of_our_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("INCIDENT_GITLAB_TOKEN", "CI_JOB_ID", "GIT_DIR"):
        monkeypatch.setenv(name, "ours")
    environment = child_environment({"INCIDENT_GITLAB_TOKEN": "theirs"})
    assert environment["INCIDENT_GITLAB_TOKEN"] == "theirs"
    assert "CI_JOB_ID" not in environment
    assert "GIT_DIR" not in environment
    assert "PATH" in environment


def test_the_repository_is_the_nearest_folder_upwards(tmp_path: Path) -> None:
    deep = tmp_path / "incidents" / "2026"
    deep.mkdir(parents=True)
    assert repository_root(deep) == tmp_path
    assert repository_root(tmp_path) == tmp_path


def test_outside_of_a_repository_is_wrong_use_with_a_hint(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(WrongUse) as wrong:
        repository_root()
    assert "incident init" in wrong.value.hint


@pytest.mark.parametrize(
    ("ci", "base"),
    [
        ({}, None),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "d", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": ""}, "d"),
        ({"CI_MERGE_REQUEST_DIFF_BASE_SHA": "d", "CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "t"}, "t"),
    ],
)
def test_what_a_merge_request_is_compared_with(ci: dict[str, str], base: str | None) -> None:
    assert base == settings_from(ci).base
