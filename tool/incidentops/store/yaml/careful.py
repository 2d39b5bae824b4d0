"""The careful reader: what is wrong with a file and where, for the few that the quick reader leaves alone."""

from incidentops.core.finding import Finding, Level, Location, Pointer
from incidentops.store import safe_read
from incidentops.store.yaml import positions, schema_errors, second_opinion
from incidentops.store.yaml.schema import Shape

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read(content: bytes, file: str, shape: Shape) -> positions.NodeTree | tuple[Finding, ...]:
    """Return the tree of a file with the place of every node, or what is wrong with it (YML, SCH001)."""
    tree = _tree(content)
    if tree.faults:
        return tuple(_finding(file, fault) for fault in tree.faults)
    wrong = tuple(
        _finding(file, positions.SyntaxFault("SCH001", tree.place(pointer), message, hint), pointer)
        for pointer, message, hint in schema_errors.errors(shape, tree.data, tree.written)
    )
    if not wrong and (fault := second_opinion.disagreement(tree, content.removeprefix(_BYTE_ORDER_MARK).decode())):
        wrong = (_finding(file, fault),)
    return tuple(sorted(wrong, key=Finding.sort_key)) or tree


def _tree(content: bytes) -> positions.NodeTree:
    if len(content) > safe_read.LARGEST:
        unfit = safe_read.too_large(len(content))
        return positions.NodeTree(faults=(positions.SyntaxFault(unfit.code, (1, 1), unfit.message, unfit.hint),))
    try:
        text = content.removeprefix(_BYTE_ORDER_MARK).decode()
    except UnicodeDecodeError as error:
        return positions.NodeTree(faults=(_not_utf8(content, error),))
    return positions.read(text)


def _not_utf8(content: bytes, error: UnicodeDecodeError) -> positions.SyntaxFault:
    before = content.removeprefix(_BYTE_ORDER_MARK)[: error.start]
    line = before.rpartition(b"\n")[2].decode()
    place = (before.count(b"\n") + 1, len(line) + 1)
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    found = "UTF-16" if wide else f"the byte 0x{error.object[error.start]:02x}"
    return positions.SyntaxFault("YML005", place, f"not UTF-8: found {found}", "save the file as UTF-8")


def _finding(file: str, fault: positions.SyntaxFault, pointer: Pointer = ()) -> Finding:
    other = None if fault.other is None else Location(file, *fault.other)
    place = Location(file, *fault.place)
    return Finding(fault.code, Level.BLOCK, place, fault.message, fault.hint, pointer, other=other)
