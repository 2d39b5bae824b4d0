"""A scenario test of JSON: every command with `--format json` prints what its schema in schemas/output/ describes."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from commandline import Shell, command
from e2e.place import REGISTRY, Place
from e2e.stage import DECLARED, RESOLVED, a_file
from gitplace import git
from incidentops.cli.main import COMMANDS
from make import a_handbook_data, a_record, an_entry
from paths import ROOT
from sandboxes import Sandbox

FOLDER = ROOT / "schemas" / "output"
SUFFIX = ".schema.json"
SHARED = "parts"
"""What the schemas have in common; no command prints it."""

BY = ("--by", "ana")
DECLARE = ("It fails", "--service", "web", "--severity", "S2", *BY)
ON_A_REPOSITORY: tuple[tuple[str, ...], ...] = (
    ("declare", *DECLARE),
    ("declare", *DECLARE, "--push"),
    ("declare", *DECLARE, "--dry-run"),
    ("declare", "It fails", "--service", "wob", "--severity", "S2", *BY),
    ("near-miss", *DECLARE),
    ("update", "--note", "seen", *BY),
    ("engage", "imoc", "--by", "bo"),
    ("release", "eoc", "--why", "Off duty", *BY),
    ("page", "imoc", *BY),
    ("resolve", "--note", "Rolled back", *BY),
    ("init", "new", "--commit"),
    ("list", "--all"),
    ("show",),
    ("review", "registry"),
    ("validate",),
    ("validate", "--history"),
    ("validate", "--base-handbook", "other.yaml"),
    ("validate", "--history", "--base-handbook", "other.yaml"),
    ("fix", "--dry-run"),
    ("fix", "--yes"),
    ("explain",),
    ("explain", "OWN001"),
    ("doctor",),
)
ON_THE_SANDBOX: tuple[tuple[str, ...], ...] = (("plan",), ("reconcile",), ("show",), ("doctor",))


def read(path: Path) -> dict[str, Any]:
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def registry() -> Registry[Any]:
    """The schemas by the addresses that they call each other by."""
    paths = (*FOLDER.glob(f"*{SUFFIX}"), ROOT / "schemas" / f"incident{SUFFIX}")
    return Registry().with_resources((path.as_uri(), Resource.from_contents(read(path))) for path in paths)


def problems(name: str, value: object) -> list[str]:
    schema = {"$ref": (FOLDER / f"{name}{SUFFIX}").as_uri()}
    validator = Draft202012Validator(schema, registry=registry())
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def has_json(name: str) -> bool:
    return any(
        "--format" in option.opts and isinstance(option.type, click.Choice) and "json" in option.type.choices
        for option in command(name).params
    )


def objects(schema: object) -> Iterator[Mapping[str, Any]]:
    """Every object in a schema that names properties."""
    if isinstance(schema, Mapping):
        if isinstance(schema.get("properties"), Mapping) and schema.get("type") == "object":
            yield schema
        for inner in schema.values():
            yield from objects(inner)
    elif isinstance(schema, list):
        for inner in schema:
            yield from objects(inner)


def test_every_command_with_json_has_a_schema_and_no_other_has():
    described = {path.name.removesuffix(SUFFIX) for path in FOLDER.glob(f"*{SUFFIX}")} - {SHARED}
    assert {name for name in COMMANDS if has_json(name)} == described


def test_every_command_with_json_is_run_here():
    assert {name for name in COMMANDS if has_json(name)} == {case[0] for case in (*ON_A_REPOSITORY, *ON_THE_SANDBOX)}


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.json")), ids=lambda path: path.name)
def test_a_schema_is_closed_and_says_what_it_describes(path: Path):
    schema = read(path)
    Draft202012Validator.check_schema(schema)
    assert {"$schema", "title", "description"} <= set(schema)
    assert [] == [inner for inner in objects(schema) if inner.get("additionalProperties") is not False]


@pytest.fixture
def written(shell: Shell, live: Path, server: Path) -> Shell:
    """A repository with a live incident, findings, something to fix, and another handbook."""
    late = a_record(an_entry("15:50", severity="S3", by="anna"), services=["registri"])
    (live.parent / "2026-11-21-late.yaml").write_text(json.dumps(late), encoding="utf-8")
    other = a_handbook_data(people={"bo": {"name": "Bo"}}, rules={"OWN002": "off"})
    (shell.root / "other.yaml").write_text(json.dumps(other), encoding="utf-8")
    git(shell.root, "add", ".")
    git(shell.root, "commit", "-q", "-m", "Declare")
    (live.parent / "2026-11-21-late.yaml").rename(shell.root / "late.yaml")
    return shell


@pytest.mark.no_cover
@pytest.mark.parametrize("case", ON_A_REPOSITORY, ids=" ".join)
def test_the_output_is_as_described(written: Shell, case: tuple[str, ...]):
    if case[0] in ("validate", "fix", "list"):
        (written.root / "late.yaml").rename(written.root / "incidents" / "2026" / "2026-11-21-late.yaml")
    ran = written.run(*case, "--format", "json", at="14:20")
    value = json.loads(ran.out)
    assert [] == problems(case[0], value), ran.out
    assert "version" == next(iter(value))


@pytest.fixture
def place(tmp_path: Path, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name, value in sandbox.environment().items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("signal.signal", lambda *_: None)
    made = Place(tmp_path, sandbox).make()
    made.land({REGISTRY: a_file(*DECLARED)})
    return made


@pytest.mark.parametrize("case", ON_THE_SANDBOX, ids=" ".join)
def test_the_output_with_services_is_as_described(
    place: Place, case: tuple[str, ...], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    value = json.loads(Shell(place.root, capsys, monkeypatch).run(*case, "--format", "json").out)
    assert [] == problems(case[0], value)
    assert "version" in value


def test_a_resolved_incident_is_as_described(
    place: Place, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    actions = [{"key": "pin", "title": "Pin it", "owner": "ana", "severity": "S2", "due": "2026-12-05"}]
    impact = {"started": "2026-11-21T13:58:00Z", "summary": "Pushes failed"}
    place.write({REGISTRY: a_file(*RESOLVED, corrective_actions=actions, impact=impact)})
    value = json.loads(Shell(place.root, capsys, monkeypatch).run("show", "registry", "--format", "json").out)
    assert [] == problems("show", value)


def test_a_push_that_failed_is_as_described(written: Shell):
    git(written.root, "remote", "set-url", "origin", "http://127.0.0.1:1/p.git")
    ran = written.run("update", "--note", "seen", *BY, "--push", "--format", "json", at="14:20")
    assert [] == problems("update", json.loads(ran.out))


def test_a_surplus_key_is_a_problem():
    assert ["$: Additional properties are not allowed ('extra' was unexpected)"] == problems(
        "review", {"version": 1, "id": "x", "file": "x.yaml", "markdown": "", "extra": 1}
    )
