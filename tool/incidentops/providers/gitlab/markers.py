"""The two lines around what is ours in a description: they find it again, and keep people's text apart from ours."""

import re
from dataclasses import dataclass

from incidentops.plan.resource import ResourceName

END = "<!-- incidentops:end -->"
_BEGIN = re.compile(r"<!-- incidentops:begin (\S+) (\S+) -->", re.ASCII)
_UNFIT = re.compile(r"[^A-Za-z0-9._/-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Parts:
    """The lines of a description: people's before ours, ours with both markers, people's after them."""

    before: tuple[str, ...]
    ours: tuple[str, ...]
    after: tuple[str, ...]


def begin(name: ResourceName) -> str:
    """Return the line that marks a description as that of a resource; nothing else in the world has it."""
    return f"<!-- incidentops:begin {_UNFIT.sub('_', name.incident)} {_UNFIT.sub('_', name.short)} -->"


def wrapped(name: ResourceName, body: str) -> str:
    """Return a body between its two markers."""
    return f"{begin(name)}\n\n{body}\n\n{END}"


def marks(description: str) -> tuple[str, ...]:
    """Return every begin marker that stands on a line of its own."""
    return tuple(line for line in _lines(description) if _BEGIN.fullmatch(line))


def parts(name: ResourceName, description: str) -> Parts | None:
    """Take a description apart at our markers; None when it has no begin marker of this resource.

    Without an end nobody can tell where people's text begins, so all of it counts as theirs.
    """
    lines = _lines(description)
    first = begin(name)
    if first not in lines:
        return None
    start = lines.index(first)
    end = next((at for at in range(start, len(lines)) if lines[at] == END), None)
    if end is None:
        return Parts(tuple(lines[:start]), (), tuple(lines[start + 1 :]))
    return Parts(tuple(lines[:start]), tuple(lines[start : end + 1]), tuple(lines[end + 1 :]))


def ours(name: ResourceName, description: str) -> str:
    """Return our part of a description with its markers; nothing when they are not whole."""
    found = parts(name, description)
    return "\n".join(found.ours) if found else ""


def spliced(name: ResourceName, description: str, block: str) -> str:
    """Return a description with our part replaced and every other line kept as it is."""
    found = parts(name, description)
    if found is None:
        return f"{block}\n\n{description.lstrip()}".rstrip() if description.strip() else block
    return "\n".join([*found.before, block, *found.after]).rstrip()


def _lines(description: str) -> list[str]:
    return description.replace("\r", "").split("\n")
