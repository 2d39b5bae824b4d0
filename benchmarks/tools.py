"""The measured programs, ours and others."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import ROOT
from benchmarks.measure import Program

SCHEMA = "schemas/incident.schema.json"
INCIDENT = str(Path(sys.executable).with_name("incident"))


@dataclass(frozen=True)
class MissingProgram:
    """A program that is not installed, and the reason."""

    name: str
    reason: str


def everything(folder: Path, files: list[str]) -> list[Program | MissingProgram]:
    """All records, cold: ours with all rules, the others with the schema alone."""
    return [
        Program("incident validate", [INCIDENT, "validate", "--no-cache"], folder),
        sourcemeta(folder),
        check_jsonschema(folder, files),
    ]


def sourcemeta(folder: Path) -> Program | MissingProgram:
    """C++, reads YAML itself; the command that npm installs. The handbook in the same folder has another schema."""
    name = "@sourcemeta/jsonschema --fast"
    program = ROOT / ".tools" / "node_modules" / ".bin" / "jsonschema"
    if not program.exists():
        return MissingProgram(name, "not installed: make tools (needs npm)")
    return Program(
        name,
        [str(program), "validate", "--fast", SCHEMA, "incidents", "--ignore", "incidents/handbook.yaml"],
        folder,
    )


def check_jsonschema(folder: Path, files: list[str]) -> Program | MissingProgram:
    """Python, with jsonschema and ruamel.yaml; one run only, because it is slow."""
    program = Path(sys.executable).with_name("check-jsonschema")
    if not program.exists():
        return MissingProgram("check-jsonschema", "not installed: make dev")
    return Program("check-jsonschema", [str(program), "--quiet", "--schemafile", SCHEMA, *files], folder, rounds=1)


def again(folder: Path) -> list[Program]:
    """All records again: with an empty cache, and with nothing changed."""

    def clear_cache() -> None:
        shutil.rmtree(folder / ".git" / "incidentops", ignore_errors=True)

    return [
        Program("cold, with cache", [INCIDENT, "validate"], folder, before=clear_cache),
        Program("nothing changed", [INCIDENT, "validate"], folder),
    ]


def changed(folder: Path, files: list[str]) -> Program:
    """All records, three of them changed. It runs apart: files changed just before are read again in any case."""

    def change() -> None:
        for file in _three(files):
            with (folder / file).open("a", encoding="utf-8") as record:
                record.write("# changed\n")

    return Program("3 changed", [INCIDENT, "validate"], folder, before=change)


def _three(files: list[str]) -> list[str]:
    third = len(files) // 3
    return [files[0], files[third], files[2 * third]]


def few(folder: Path, files: list[str]) -> list[Program]:
    """The cost of a merge request and of help; Python alone for comparison."""
    return [
        Program("incident validate, 3 files", [INCIDENT, "validate", "--no-cache", *_three(files)], folder),
        Program("incident --help", [INCIDENT, "--help"], folder),
        Program("python -c pass", [sys.executable, "-c", "pass"], folder),
    ]


def replays(folder: Path) -> list[Program]:
    """Every version that landed; git alone, which lists them, for comparison."""
    log = ["git", "log", "--first-parent", "--raw", "-z", "--no-renames", "--no-abbrev", "--", "incidents"]
    return [
        Program("incident validate --history", [INCIDENT, "validate", "--history"], folder, ends=(0, 1)),
        Program("git log --raw", log, folder),
    ]
