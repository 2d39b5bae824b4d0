"""A finding: one rule, one place, one sentence. Findings are values; they are collected, never raised."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct

Pointer = tuple[str | int, ...]
"""The way to a node of a document: keys and list indexes from the root, as in `("timeline", 3, "at")`."""


class Level(StrEnum):
    """What a finding does to the pipeline: block it, or only advise."""

    BLOCK = "block"
    ADVISE = "advise"


class Location(Struct, frozen=True, order=True):
    """A place in a file; line and column count from 1, columns in code points."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class Finding(Struct, frozen=True):
    """What a rule found at one place.

    `message` and `hint` are ready to print: every value quoted in them is escaped already. `pointer` is the node
    the finding is about, where the file could be read. `waived` is the reason of the waiver that covers it. `other` is
    the second place that the message names, where there is one.
    """

    code: str
    level: Level
    location: Location
    message: str
    hint: str = ""
    pointer: Pointer = ()
    waived: str = ""
    other: Location | None = None

    @property
    def blocks(self) -> bool:
        """Whether the pipeline must stop for it."""
        return self.level is Level.BLOCK and not self.waived

    def sort_key(self) -> tuple[str, int, int, str, str]:
        """Order of everything that is shown: file, line, column, code, text."""
        where = self.location
        return (where.file, where.line, where.column, self.code, self.message)


class Problem(Struct, frozen=True):
    """What a rule yields: a symbolic place and the sentence. The runner adds code, level, line and column.

    `about` is the person the finding is about, where that is not the author of the entry it points to. `level` is
    given where it differs from the rule's own. `place` is line and column of something that is no node (a comment).
    `other` is the second place that the sentence names, where there is one.
    """

    pointer: Pointer
    message: str
    hint: str = ""
    about: str = ""
    level: Level | None = None
    place: tuple[int, int] | None = None
    other: Pointer | None = None


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings sorted, each once."""
    return tuple(sorted(dict.fromkeys(findings), key=Finding.sort_key))
