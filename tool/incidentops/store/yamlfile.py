"""The only reader of records and of the handbook: bytes in, a document or findings out. It never fails on a file.

Files that are fine go through the quick reader and the schema at C speed. All others, and every question for a place,
go to the careful reader, which has the last word.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

from incidentops.core.finding import Finding, Level, Location, Pointer
from incidentops.core.source import Document
from incidentops.store import explain, safefile, yamlfast, yamlplaces, yamlsecond
from incidentops.store.schema import Shape

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Read:
    """What came of reading one file. There is a document only when both YAML and shape are right.

    `content` is what the document was read from, for those who look at the file as it was written.
    """

    document: Document | None
    findings: tuple[Finding, ...] = ()
    content: bytes = b""

    @property
    def text(self) -> str:
        """The file as it was written, comments included, without a byte order mark."""
        return self.content.removeprefix(_BYTE_ORDER_MARK).decode()


class _Places:
    """The place of every node, worked out when first asked for."""

    __slots__ = ("_content", "_file", "_tree")

    def __init__(self, file: str, content: bytes, tree: yamlplaces.Tree | None) -> None:
        self._file = file
        self._content = content
        self._tree = tree

    def __call__(self, pointer: Pointer) -> Location:
        if self._tree is None:
            self._tree = yamlplaces.read(self._content.decode())
            self._content = b""
        return Location(self._file, *self._tree.place(pointer))


def blob(content: bytes) -> str:
    """Return git's object id of a file with these bytes."""
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


def read_file(root: Path, file: str, shape: Shape) -> Read:
    """Read `file`, a path below `root` with `/`. What may not be opened is a finding (YML006, YML004)."""
    try:
        content = safefile.read_within(root, file)
    except safefile.Unfit as unfit:
        return read_unfit(unfit, file)
    return read_bytes(content, file, shape)


def read_unfit(unfit: safefile.Unfit, file: str) -> Read:
    """Return what reading something comes to that may not be opened (YML006, YML004)."""
    return Read(None, (_finding(file, yamlplaces.Fault(unfit.code, (1, 1), unfit.message, unfit.hint)),))


def read_bytes(content: bytes, file: str, shape: Shape) -> Read:
    """Read a file that was opened, or came out of git."""
    if shape is Shape.INCIDENT:
        data = yamlfast.load(content)
        if data is not None:
            return Read(Document(file, blob(content), data, _Places(file, content, None)), (), content)
    return _read_carefully(content, file, shape)


def _read_carefully(content: bytes, file: str, shape: Shape) -> Read:
    tree = _tree(content)
    if tree.faults:
        return Read(None, tuple(_finding(file, fault) for fault in tree.faults))
    wrong = tuple(
        _finding(file, yamlplaces.Fault("SCH001", tree.place(pointer), message, hint), pointer)
        for pointer, message, hint in explain.errors(shape, tree.data, tree.written)
    )
    if not wrong and (fault := yamlsecond.disagreement(tree, content.removeprefix(_BYTE_ORDER_MARK).decode())):
        wrong = (_finding(file, fault),)
    if wrong:
        return Read(None, tuple(sorted(wrong, key=Finding.sort_key)))
    return Read(Document(file, blob(content), tree.data, _Places(file, b"", tree)), (), content)


def _tree(content: bytes) -> yamlplaces.Tree:
    if len(content) > safefile.LARGEST:
        unfit = safefile.too_large(len(content))
        return yamlplaces.Tree(faults=(yamlplaces.Fault(unfit.code, (1, 1), unfit.message, unfit.hint),))
    try:
        text = content.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        return yamlplaces.Tree(faults=(_not_utf8(content, error),))
    return yamlplaces.read(text)


def _not_utf8(content: bytes, error: UnicodeDecodeError) -> yamlplaces.Fault:
    before = content.removeprefix(_BYTE_ORDER_MARK)[: error.start]
    line = before.rpartition(b"\n")[2].decode()
    place = (before.count(b"\n") + 1, len(line) + 1)
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    found = "UTF-16" if wide else f"the byte 0x{error.object[error.start]:02x}"
    return yamlplaces.Fault("YML005", place, f"not UTF-8: found {found}", "save the file as UTF-8")


def _finding(file: str, fault: yamlplaces.Fault, pointer: Pointer = ()) -> Finding:
    other = None if fault.other is None else Location(file, *fault.other)
    place = Location(file, *fault.place)
    return Finding(fault.code, Level.BLOCK, place, fault.message, fault.hint, pointer, other=other)
