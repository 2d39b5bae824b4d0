"""Edit a record's text until it holds the wanted data: the smallest edits, texts and comments as people wrote them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from incidentops.core.errors import Refused, WrongUse
from incidentops.core.finding import Pointer
from incidentops.core.source import DataNode
from incidentops.model.merge import NAMED_BY, names
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml import edit
from incidentops.store.yaml.emit import YamlValue
from incidentops.store.yaml.reader import read_bytes

_LISTS = ("timeline", *NAMED_BY)


def compose(text: str, wanted: DataNode, sources: Sequence[str]) -> str:
    """Return the text, changed so that it holds the wanted data.

    What is added is copied from the `sources`, comments included, where one has it; else it is written anew. Raises
    WrongUse or Refused when safe edits cannot produce that data.
    """
    for key, value in wanted.items():
        now = data_of(text)
        if key not in now:
            text = _put(text, (key,), None, value, sources)
        elif now[key] != value:
            text = _changed(text, (key,), now[key], value, sources)
    if data_of(text) != wanted:
        raise Refused("a key would have to be removed, which only a person may do", "edit the file by hand")
    return text


def data_of(text: str) -> DataNode:
    """Return the data of a text. Raises WrongUse when it is not a record."""
    read = read_bytes(text.encode(), "record", Shape.INCIDENT)
    if read.document is None:
        raise WrongUse(f"the text is not a record: {read.findings[0].message}")
    return read.document.data


def _changed(text: str, pointer: Pointer, now: object, value: object, sources: Sequence[str]) -> str:
    """Change one node; what is equal in it stays as it is written."""
    if isinstance(now, Mapping) and isinstance(value, Mapping) and set(now) <= set(value):
        for key, part in value.items():
            if key not in now or now[key] != part:
                text = _changed(text, (*pointer, key), now.get(key), part, sources)
        return text
    if pointer[0] in _LISTS and len(pointer) == 1 and isinstance(now, list) and isinstance(value, list):
        return _changed_list(text, str(pointer[0]), now, value, sources)
    return edit.set_value(text, pointer, cast("YamlValue", value))


def _changed_list(
    text: str, key: str, now: Sequence[DataNode], value: Sequence[DataNode], sources: Sequence[str]
) -> str:
    """Change a list item by item: items that stay keep their place, new ones are inserted where they belong."""
    left = list(zip(names(key, now), now, strict=True))
    wanted = list(zip(names(key, value), value, strict=True))
    rest: Iterator[tuple[object, ...]] = iter(name for name, _ in wanted)
    if any(name not in rest for name, _ in left):
        if key == "timeline":
            raise Refused("the entries are in another order in the file", "edit the file by hand")
        return edit.set_value(text, (key,), cast("YamlValue", value))
    for index, (name, item) in enumerate(wanted):
        if not left or left[0][0] != name:
            text = _put(text, (key,), index, item, sources)
            continue
        was = left.pop(0)[1]
        if was != item:
            text = _changed(text, (key, index), was, item, sources)
    return text


def _put(text: str, pointer: Pointer, index: int | None, value: object, sources: Sequence[str]) -> str:
    """Add an item to a list, or a key to the record, as a source has it; else written anew."""
    known = {line.strip() for line in text.splitlines()}
    for source in sources:
        lines = _as_written(source, pointer, index, value, known)
        if lines is not None:
            try:
                return _add(text, pointer, index, value, lines)
            except (Refused, WrongUse):
                continue
    return _add(text, pointer, index, value, None)


def _as_written(
    source: str, pointer: Pointer, index: int | None, value: object, known: set[str]
) -> Sequence[str] | None:
    there = data_of(source).get(str(pointer[0]))
    if index is None:
        return edit.written(source, pointer, known) if there == value else None
    if not isinstance(there, list) or value not in there:
        return None
    return edit.written(source, (*pointer, there.index(value)), known)


def _add(text: str, pointer: Pointer, index: int | None, value: object, lines: Sequence[str] | None) -> str:
    if index is None:
        return edit.add_member(text, str(pointer[0]), cast("YamlValue", value), lines)
    return edit.insert_item(text, pointer, index, cast("Mapping[str, YamlValue]", value), lines)
