"""Findings with the line they are about and a caret below it; the other place too when a finding names two."""

import unicodedata
from collections.abc import Callable, Iterator, Sequence

from incidentops.core.finding import Finding, Location
from incidentops.core.text import visible
from incidentops.render.findings import line, remark

Source = Callable[[str], Sequence[str]]
"""Returns the lines of a file, without their ends; none where it cannot be had."""

_WIDEST = 100
"""Columns of a line that are shown; a longer one is cut around the caret."""
_BEFORE = 60
"""Columns that stay before the caret when a line is cut."""
_NEAR = 1_000
"""Characters on each side of the caret that are looked at: a record may be one line of a mebibyte."""
_CUT = "…"


def full(findings: Sequence[Finding], source: Source) -> str:
    """Return findings for people, each with its source: a block each, an empty line between them."""
    return "\n".join("".join(f"{shown}\n" for shown in lines(finding, source)) for finding in findings)


def lines(finding: Finding, source: Source) -> Iterator[str]:
    """Yield the lines of one block: the finding, the place, the other place, what to do."""
    yield line(finding)
    yield from _excerpt(finding.location, source)
    if finding.other is not None:
        yield f"  and: {visible(str(finding.other))}"
        yield from _excerpt(finding.other, source)
    if below := remark(finding):
        yield below


def _excerpt(place: Location, source: Source) -> Iterator[str]:
    """The line and the caret; nothing for what is about a file as a whole or a line that is not there."""
    there = source(place.file)
    if not 0 < place.line <= len(there) or not there[place.line - 1].strip():
        return
    number = str(place.line)
    shown, column = _window(there[place.line - 1], place.column - 1)
    yield f"  {number} | {shown}"
    yield f"  {' ' * len(number)} | {' ' * column}^"


def _window(text: str, index: int) -> tuple[str, int]:
    """Return a line as a terminal shows it, cut when it is long, and the column of the character at `index` in it."""
    index = min(index, len(text))
    first = max(0, index - _NEAR)
    cells = [(shown, sum(map(_width, shown))) for shown in map(visible, text[first : index + _NEAR])]
    last, index = first + len(cells), index - first
    long = first > 0 or last < len(text) or sum(width for _, width in cells) > _WIDEST
    start = _start(cells, index) if long else 0
    shown, used, end = (_CUT, 1, start) if first + start else ("", 0, start)
    column = used
    while end < len(cells) and used + cells[end][1] < _WIDEST:
        shown += cells[end][0]
        used += cells[end][1]
        end += 1
        column = used if end <= index else column
    return shown + (_CUT if first + end < len(text) else ""), column


def _start(cells: Sequence[tuple[str, int]], index: int) -> int:
    """The first character of a long line that is shown: so many columns before the caret."""
    left, start = _BEFORE, index
    while start and left >= cells[start - 1][1]:
        start -= 1
        left -= cells[start][1]
    return start


def _width(character: str) -> int:
    """How many columns a character takes: two for wide ones, none for those drawn over the one before."""
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1
