"""The careful reader: what is wrong with a file and where, for the few that the quick reader leaves alone."""

from incidentops.core.finding import Finding, Level, Location, Pointer
from incidentops.store import explain, safefile, yamlplaces, yamlsecond
from incidentops.store.schema import Shape

_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def read(content: bytes, file: str, shape: Shape) -> yamlplaces.Tree | tuple[Finding, ...]:
    """Return the tree of a file with the place of every node, or what is wrong with it (YML, SCH001)."""
    tree = _tree(content)
    if tree.faults:
        return tuple(_finding(file, fault) for fault in tree.faults)
    wrong = tuple(
        _finding(file, yamlplaces.Fault("SCH001", tree.place(pointer), message, hint), pointer)
        for pointer, message, hint in explain.errors(shape, tree.data, tree.written)
    )
    if not wrong and (fault := yamlsecond.disagreement(tree, content.removeprefix(_BYTE_ORDER_MARK).decode())):
        wrong = (_finding(file, fault),)
    return tuple(sorted(wrong, key=Finding.sort_key)) or tree


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
