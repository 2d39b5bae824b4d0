"""The files that findings are about, line by line, for those who show them."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

from incidentops.store import safe_read

_BYTE_ORDER_MARK = "\ufeff"


def lines_of(root: Path, given: Mapping[str, bytes]) -> Callable[[str], Sequence[str]]:
    """Return what gives the lines of a file below `root`, or of what was given; none for what may not be opened."""

    @cache
    def lines(file: str) -> Sequence[str]:
        try:
            content = given[file] if file in given else safe_read.read_within(root, file)
        except safe_read.UnusableFile:
            return ()
        text = content.decode("utf-8", "replace").removeprefix(_BYTE_ORDER_MARK)
        return tuple(line.removesuffix("\r") for line in text.split("\n"))

    return lines
