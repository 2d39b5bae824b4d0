"""The only reader of records and of the handbook: bytes in, a document or findings out. It never fails on a file.

Files that are fine go through the quick reader and the schema at C speed. All others, and every question for a place,
go to the careful reader, which has the last word. Either is loaded when the first file is read (30 ms): whoever only
remembers verdicts needs none.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from incidentops.core.finding import Finding, Location, Pointer
from incidentops.core.source import Document
from incidentops.store import safe_read
from incidentops.store.schema.shape import Shape

if TYPE_CHECKING:
    from incidentops.store.yaml.positions import NodeTree


class ReadResult(Struct, frozen=True):
    """What came of reading one file. There is a document only when both YAML and shape are right."""

    document: Document | None
    findings: tuple[Finding, ...] = ()


class _Places:
    """The place of every node, worked out when first asked for."""

    __slots__ = ("_content", "_file", "_tree")

    def __init__(self, file: str, content: bytes, tree: "NodeTree | None") -> None:
        self._file = file
        self._content = content
        self._tree = tree

    def __call__(self, pointer: Pointer) -> Location:
        if self._tree is None:
            from incidentops.store.yaml import positions

            self._tree = positions.read(self._content.decode())
            self._content = b""
        return Location(self._file, *self._tree.place(pointer))


def read_file(root: Path, file: str, shape: Shape) -> ReadResult:
    """Read `file`, a path below `root` with `/`. What may not be opened is a finding (YML006, YML004)."""
    try:
        content = safe_read.read_within(root, file)
    except safe_read.UnusableFile as error:
        return ReadResult(None, (error.finding(file),))
    return read_bytes(content, file, shape)


def read_bytes(content: bytes, file: str, shape: Shape) -> ReadResult:
    """Read a file that was opened, or came out of git."""
    from incidentops.store.yaml import fast

    data = fast.load(content, shape)
    if data is not None:
        return ReadResult(Document(file, content, data, _Places(file, content, None)))
    from incidentops.store.yaml import careful

    found = careful.read(content, file, shape)
    if isinstance(found, tuple):
        return ReadResult(None, found)
    return ReadResult(Document(file, content, found.data, _Places(file, b"", found)))
