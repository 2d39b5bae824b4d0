"""Create an incident repository: its files, git, the merge driver. No file is ever overwritten."""

import json
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from msgspec import Struct

from incidentops.core.errors import WrongUse
from incidentops.core.secret import Secret
from incidentops.core.text import quoted, visible
from incidentops.flows.read.handbook import load_handbook
from incidentops.flows.setup.editor import schemas
from incidentops.store.atomic import naming_failures
from incidentops.store.git import merge
from incidentops.store.git.repository import Repository
from incidentops.store.git.run import begin, has_tracked_files, surrounding
from incidentops.store.records import HANDBOOK
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml.reader import read_bytes

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


class InitTarget(Struct, frozen=True):
    """What goes into the handbook of the new repository: the organisation, and the project of its issues."""

    organisation: str = "Example"
    url: str = "https://gitlab.com"
    project: str = "group/production"


class InitResult(Struct, frozen=True):
    """What came of creating a repository: the files that were created, and those that existed and stayed as they are.

    `git_created` tells whether the git repository is new; `outer` is the work tree of another repository that the
    folder is in. `commit` is the commit of the new files, when they were committed. `merge_driver` tells whether the
    clone has the merge driver configured.
    """

    created: tuple[str, ...]
    existing: tuple[str, ...]
    git_created: bool
    outer: Path | None
    commit: str | None
    merge_driver: bool


def initialise(
    folder: Path, target: InitTarget, *, commit: bool = False, secrets: tuple[Secret, ...] = ()
) -> InitResult:
    """Create an incident repository in a folder, or add what one lacks; with `commit` the new files are committed.

    Raises WrongUse for a folder that another repository tracks, Failed when a file cannot be written.
    """
    texts = starter(target)
    outer = _outer(folder)
    new_git = surrounding(folder) == outer
    created = start(folder, texts)
    if new_git:
        begin(folder)
    sha = None
    if commit and created:
        sha = Repository(folder, secrets).commit_files(created, "Start the incident repository\n")
    if new_git or sha:
        merge.install(folder)
    existing = tuple(sorted(texts.keys() - set(created)))
    return InitResult(created, existing, new_git, outer, sha, merge.installed(folder))


def _outer(folder: Path) -> Path | None:
    """Return the work tree that the folder is in without being its top. Raises WrongUse when the folder is tracked."""
    top = surrounding(folder)
    if top is None or top.resolve() == folder.resolve():
        return None
    if has_tracked_files(folder):
        raise WrongUse(
            f"{quoted(folder, 200)} belongs to the git repository {quoted(top, 200)}",
            "records need a repository of their own: name a folder outside of it, or one that it does not track",
        )
    return top


def starter(target: InitTarget) -> Mapping[str, str]:
    """Return path and text of every file of a new repository. Raises WrongUse for a value that is not one line."""
    shipped = files("incidentops") / "starter"
    texts = {path: (shipped / name).read_text(encoding="utf-8") for path, name in _STARTER.items()}
    handbook = texts[HANDBOOK]
    for mark, value in (("ORGANISATION", target.organisation), ("URL", target.url), ("PROJECT", target.project)):
        handbook = handbook.replace(f"@{mark}@", _scalar(value, f"--{mark.lower()}"))
    return {**texts, HANDBOOK: handbook, **_schemas(handbook)}


def _schemas(handbook: str) -> Mapping[str, str]:
    """The schemas for editors, with the people and services of the first handbook."""
    read = load_handbook(read_bytes(handbook.encode(), HANDBOOK, Shape.HANDBOOK))
    if read.handbook is None:
        raise WrongUse(f"the handbook would be wrong: {read.findings[0].message}", read.findings[0].hint)
    return schemas(read.handbook)


def _scalar(value: str, option: str) -> str:
    """Return a value as a double-quoted YAML scalar, so that nothing in it has a meaning in YAML."""
    if not value.strip() or visible(value) != value:
        raise WrongUse(f"{option} is {quoted(value)}", "use one line of text")
    return json.dumps(value, ensure_ascii=False)


def start(folder: Path, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Write the files that do not exist yet, and return them.

    Raises Failed when one cannot be written, WrongUse when it is a folder.
    """
    return tuple(path for path, text in sorted(texts.items()) if _write_new(folder / path, text))


def _write_new(path: Path, text: str) -> bool:
    with naming_failures(path):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except FileExistsError:
            if path.is_file() or path.is_symlink():
                return False
            raise WrongUse(f"{quoted(path, 200)} cannot be created", "something else has that name") from None
        except NotADirectoryError as error:
            raise WrongUse(f"{quoted(path, 200)} cannot be created", "a file is where a folder is needed") from error
    return True
