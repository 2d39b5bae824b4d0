"""Start an incident repository: the files it begins with, none of them ever put over one that is there."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

from incidentops.core.errors import Failed, WrongUse
from incidentops.core.text import quoted, visible
from incidentops.flows.read.handbook import load_handbook
from incidentops.flows.setup.editor import schemas
from incidentops.store.records import HANDBOOK
from incidentops.store.yaml.reader import read_bytes
from incidentops.store.yaml.schema import Shape

EXAMPLE = "docs/example.yaml"
_STARTER = {
    ".editorconfig": "editorconfig",
    ".gitattributes": "gitattributes",
    ".gitignore": "gitignore",
    ".gitlab-ci.yml": "gitlab-ci.yml",
    ".pre-commit-config.yaml": "pre-commit-config.yaml",
    "README.md": "readme.md",
    EXAMPLE: "example.yaml",
    HANDBOOK: "handbook.yaml",
}


@dataclass(frozen=True, slots=True)
class InitTarget:
    """What the handbook of the new repository says about its place: the organisation, and where its issues live."""

    organisation: str = "Example"
    url: str = "https://gitlab.com"
    project: str = "group/production"


@dataclass(frozen=True, slots=True)
class InitResult:
    """Which files were made, and which were there and were left as they are."""

    made: tuple[str, ...]
    kept: tuple[str, ...]


def starter(place: InitTarget) -> Mapping[str, str]:
    """Return path and text of every file that a repository begins with. Raises WrongUse for a value of no use."""
    texts = {path: _shipped(name) for path, name in _STARTER.items()}
    handbook = texts[HANDBOOK]
    for mark, value in (("ORGANISATION", place.organisation), ("URL", place.url), ("PROJECT", place.project)):
        handbook = handbook.replace(f"@{mark}@", _scalar(value, f"--{mark.lower()}"))
    return {**texts, HANDBOOK: handbook, **_schemas(handbook)}


def _schemas(handbook: str) -> Mapping[str, str]:
    """What editors go by, with the people and services of the handbook that the repository begins with."""
    read = load_handbook(read_bytes(handbook.encode(), HANDBOOK, Shape.HANDBOOK))
    if read.handbook is None:
        raise WrongUse(f"the handbook would be wrong: {read.findings[0].message}", read.findings[0].hint)
    return schemas(read.handbook)


def _shipped(name: str) -> str:
    return (files("incidentops") / "starter" / name).read_text(encoding="utf-8")


def _scalar(value: str, option: str) -> str:
    """Return a value as YAML writes it when nothing in it may be mistaken: in double quotes."""
    if not value.strip() or visible(value) != value:
        raise WrongUse(f"{option} is {quoted(value)}", "it takes a text on one line")
    return json.dumps(value, ensure_ascii=False)


def start(folder: Path, texts: Mapping[str, str]) -> InitResult:
    """Write the files that are not there yet. Raises Failed when one cannot be written, WrongUse for no folder."""
    made: list[str] = []
    kept: list[str] = []
    for path, text in sorted(texts.items()):
        (made if _write_new(folder / path, text) else kept).append(path)
    return InitResult(tuple(made), tuple(kept))


def _write_new(path: Path, text: str) -> bool:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        if path.is_file() or path.is_symlink():
            return False
        raise WrongUse(f"{quoted(path, 200)} cannot be made", "a file or a folder is in the way") from None
    except NotADirectoryError as error:
        raise WrongUse(f"{quoted(path, 200)} cannot be made", "a file stands where a folder is needed") from error
    except OSError as error:
        raise Failed(f"{quoted(path, 200)} cannot be written: {error.strerror}") from error
    return True
