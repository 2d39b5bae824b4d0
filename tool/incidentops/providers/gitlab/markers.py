"""The two lines around what is ours in a description: they find it again, and keep people's text apart from ours."""

import re

from incidentops.plan.resource import ResourceName

END = "<!-- incidentops:end -->"
_BEGIN = re.compile(r"<!-- incidentops:begin (\S+) (\S+) -->", re.ASCII)
_UNFIT = re.compile(r"[^A-Za-z0-9._/-]", re.ASCII)


def begin(name: ResourceName) -> str:
    """Return the line that marks a description as that of a resource; nothing else in the world has it."""
    return f"<!-- incidentops:begin {_UNFIT.sub('_', name.incident)} {_UNFIT.sub('_', name.short)} -->"


def wrapped(name: ResourceName, body: str) -> str:
    """Return a body between its two markers."""
    return f"{begin(name)}\n\n{body}\n\n{END}"


def marks(description: str) -> tuple[str, ...]:
    """Return every begin marker that stands on a line of its own."""
    return tuple(line for line in _lines(description) if _BEGIN.fullmatch(line))


def _parts(name: ResourceName, description: str) -> tuple[list[str], list[str], list[str]] | None:
    """The lines before our part, of it with both markers, and after it; None without a begin marker of this resource.

    Without an end it is not known where people's text begins, so all of it counts as theirs.
    """
    lines = _lines(description)
    if begin(name) not in lines:
        return None
    start = lines.index(begin(name))
    if END not in lines[start:]:
        return lines[:start], [], lines[start + 1 :]
    end = lines.index(END, start) + 1
    return lines[:start], lines[start:end], lines[end:]


def ours(name: ResourceName, description: str) -> str:
    """Return our part of a description with its markers; nothing when they are not whole."""
    found = _parts(name, description)
    return "\n".join(found[1]) if found else ""


def spliced(name: ResourceName, description: str, block: str) -> str:
    """Return a description with our part replaced and every other line kept as it is."""
    found = _parts(name, description)
    if found is None:
        return f"{block}\n\n{description.lstrip()}".rstrip() if description.strip() else block
    before, _, after = found
    return "\n".join([*before, block, *after]).rstrip()


def _lines(description: str) -> list[str]:
    return description.replace("\r", "").split("\n")
