"""What in a misshapen record has one right answer: a word or a key with one near match, a time with its offset."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from incidentops.core import moment
from incidentops.core.finding import Pointer
from incidentops.core.suggest import the_one
from incidentops.store.yaml.schema import Shape
from incidentops.store.yaml.schema_errors import failures


class Reword(Struct, frozen=True):
    """A text that is to be another one."""

    pointer: Pointer
    was: str
    word: str


class Rename(Struct, frozen=True):
    """A key that is to have another name; the pointer ends with the old one."""

    pointer: Pointer
    key: str


def schema_fixes(data: object) -> Iterator[Reword | Rename]:
    """Yield what is wrong with the shape of a record and can be mended without asking."""
    for error, pointer, node in failures(Shape.INCIDENT, data):
        if error.kind.name == "additionalProperties":
            yield from _keys(error, pointer, node)
        elif isinstance(error.instance, str) and (word := _word(error, node)):
            yield Reword(pointer, error.instance, word)


def _keys(error: Any, pointer: Pointer, node: Any) -> Iterator[Rename]:
    """Near matches among the keys that are not there yet, unless two keys have the same."""
    free = [key for key in node.get("properties", {}) if key not in error.instance]
    meant = {key: the_one(key, free) for key in error.kind.unexpected}
    for key, name in meant.items():
        if name and list(meant.values()).count(name) == 1:
            yield Rename((*pointer, key), name)


def _word(error: Any, node: Any) -> str:
    if error.kind.name == "enum":
        return the_one(error.instance, node["enum"])
    return moment.in_utc(error.instance) if node.get("format") == "date-time" else ""
