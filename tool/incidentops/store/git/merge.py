"""What git has to do with merging: its merge of texts, and the merge driver for records, which each clone sets up."""

from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType

from incidentops.core.errors import Failed
from incidentops.store.git.run import Git

NAME = "incidentops"
ATTRIBUTES = f"incidents/**/*.yaml merge={NAME}"
"""The line of `.gitattributes` that says which files the driver is for."""

# The second half is for a machine that has no `incident` (127): it would end up with our side alone.
SETTINGS = MappingProxyType(
    {
        f"merge.{NAME}.name": "records of incidents, merged by time",
        f"merge.{NAME}.driver": ("incident merge-driver %O %A %B %P || { test $? = 127 && git merge-file %A %O %B; }"),
    }
)
"""The settings of git that name the driver; they are in no repository, each clone has its own."""

_ANY_RECORD = "incidents/2026/2026-11-21-any.yaml"
_NOT_MERGED = 128
"""git merge-file ends with the number of conflicts, and from here on with an error."""


class MergeFavour(StrEnum):
    """What to do where both sides changed the same lines, instead of a conflict."""

    OURS = "ours"
    THEIRS = "theirs"


def merge_texts(
    root: Path, base: bytes, ours: bytes, theirs: bytes, favour: MergeFavour | None = None
) -> tuple[bytes, bool]:
    """Merge as git does without a driver; return the text, and whether it is without conflict. Raises Failed."""
    with TemporaryDirectory(prefix="incident-") as folder:
        paths = [Path(folder, name) for name in ("ours", "base", "theirs")]
        for path, content in zip(paths, (ours, base, theirs), strict=True):
            path.write_bytes(content)
        labels = [word for path in paths for word in ("-L", path.name)]
        favoured = [f"--{favour}"] if favour else []
        answer = Git(root).ask("merge-file", "-p", *favoured, *labels, *map(str, paths))
    if answer.status >= _NOT_MERGED:
        raise Failed(f"git merge-file failed: {answer.error.strip()}")
    return answer.output, answer.status == 0


def install(root: Path) -> bool:
    """Set the driver up in the clone, unless it has one of this name; return whether it was. Raises Failed."""
    if installed(root):
        return False
    git = Git(root)
    for key, value in SETTINGS.items():
        git.run("config", "--local", key, value)
    return True


def installed(root: Path) -> bool:
    """Return whether the clone knows a driver of this name."""
    return Git(root).ask("config", "--get", f"merge.{NAME}.driver").status == 0


def used(root: Path) -> bool:
    """Return whether the attributes of the repository give records to the driver."""
    answer = Git(root).run("-C", str(root.resolve()), "check-attr", "-z", "merge", "--", _ANY_RECORD)
    return answer.split(b"\0")[2:3] == [NAME.encode()]
