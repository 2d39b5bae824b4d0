"""Shape errors in words (SCH001), with the value found and what is allowed; and which of them have one right answer."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from msgspec import Struct

from incidentops.core import moment
from incidentops.core.finding import Pointer
from incidentops.core.suggest import similar, the_one
from incidentops.core.text import one_of, quoted, visible
from incidentops.store.schema.shape import Shape, schema, validator

_NOUNS = {"string": "a text", "array": "a list", "object": "a mapping", "boolean": "true or false",
          "number": "a number", "integer": "a whole number"}  # fmt: skip
_MOST = 100
_NOT_BLANK = " that is not blank"
_LONGEST_WORD = 64
_ORDER = ("type", "enum", "pattern", "format")
_LEFT_OUT = "fill it in, or leave the key out"
_ROOT = "begin with a key, such as '{}: ...'"

Error = tuple[Pointer, str, str]
"""Where, what, and what to do about it."""


class Reword(Struct, frozen=True):
    """A text that is to be another one."""

    pointer: Pointer
    was: str
    word: str


class Rename(Struct, frozen=True):
    """A key that is to have another name; the pointer ends with the old one."""

    pointer: Pointer
    key: str


def errors(shape: Shape, data: object, written: Mapping[Pointer, str]) -> Iterator[Error]:
    """Yield what is wrong with the shape of a document, at most a hundred things.

    `written` has the source text of scalars that are no texts, so that they can be quoted as they were written.
    """
    found = (one for error, at, node in _failures(shape, data) for one in _explain(error, at, node, written.get(at)))
    yield from islice(found, _MOST)
    if next(found, None):
        yield (), f"more than {_MOST} things are wrong with the shape", "fix the first ones, then check again"


def _failures(shape: Shape, data: object) -> Iterator[tuple[Any, Pointer, Any]]:
    """Yield every failure of the schema that is worth showing: the validator's error, where, and what failed there.

    Where several speak of one value, only the one that explains most.
    """
    shown: set[Pointer] = set()
    found = islice(validator(shape).iter_errors(data), 10 * _MOST)
    for error in sorted(found, key=lambda e: _ORDER.index(e.kind.name) if e.kind.name in _ORDER else 0):
        pointer: Pointer = tuple(error.instance_path)
        if error.kind.name in _ORDER:
            if pointer in shown:
                continue
            shown.add(pointer)
        node: Any = schema(shape)
        for step in error.schema_path[:-1]:  # the last one is the keyword
            node = node[step]
        yield error, pointer, node


def _explain(error: Any, pointer: Pointer, node: Any, written: str | None) -> Iterator[Error]:
    name = error.kind.name
    if name == "required":
        yield _missing(error, pointer, error.kind.property, node)
    elif name == "additionalProperties":
        yield from (_surplus(pointer, key, node) for key in error.kind.unexpected)
    elif name == "type":
        message, hint = _wrong_type(error.instance, node, written)
        yield pointer, message, hint if pointer else _ROOT.format(node["required"][0])
    else:
        yield pointer, *_wrong_value(name, error.instance, node, written)


def _wrong_value(keyword: str, value: Any, node: Any, written: str | None) -> tuple[str, str]:
    match keyword:
        case "enum":
            return _wrong_word(value, node["enum"], written)
        case "anyOf":
            allowed = one_of([branch["required"][0] for branch in node["anyOf"]])
            return "the entry says nothing but when and by whom", f"add at least one of {allowed}"
        case "minItems" | "minProperties":
            noun = "list" if keyword == "minItems" else "mapping"
            return f"expected at least one item, found an empty {noun}", _purpose(node)
        case "minimum" | "maximum":
            found = quoted(value if written is None else written)
            return f"expected a number from {node['minimum']} to {node['maximum']}, found {found}", ""
    return _wrong_text(keyword, value, node)


def _missing(error: Any, pointer: Pointer, key: str, node: Any) -> Error:
    properties = node.get("properties", {})
    wanted = properties.get(key, {}).get("description", "")
    hint = f"{key}: {_lower(wanted)}" if wanted else ""
    if "dependentRequired" in error.schema_path:
        cause = next(k for k, needs in node["dependentRequired"].items() if k in error.instance and key in needs)
        return (*pointer, key), f"{quoted(cause)} needs the key {quoted(key)}", hint
    return (*pointer, key), f"key {quoted(key)} is missing", hint


def _surplus(pointer: Pointer, key: str, node: Any) -> Error:
    allowed = list(node.get("properties", {}))
    close = _closest(key, allowed)
    hint = f"did you mean {quoted(close)}?" if close else f"allowed here: {', '.join(allowed)}"
    return (*pointer, key), f"unknown key {quoted(key)}", hint


def _wrong_type(value: object, node: Any, written: str | None) -> tuple[str, str]:
    expected = _expected(node).removesuffix(_NOT_BLANK)
    if value is None:
        return f"expected {expected}, {_nothing(written)}", _fill_in(node)
    if isinstance(value, dict | list):
        return f"expected {expected}, found {'a mapping' if isinstance(value, dict) else 'a list'}", _purpose(node)
    shown = quoted(written if written is not None else value)
    if isinstance(value, str):
        return f"expected {expected}, found the text {shown}", _purpose(node)
    noun = "truth value" if isinstance(value, bool) else "number"
    hint = (
        f'put it in quotes: "{visible(str(written)[:_LONGEST_WORD])}"' if "string" in _types(node) else _purpose(node)
    )
    return f"expected {expected}, found the {noun} {shown}", hint


def _wrong_word(value: object, allowed: list[str], written: str | None) -> tuple[str, str]:
    if value is None:
        return f"expected {one_of(allowed)}, {_nothing(written)}", _LEFT_OUT
    close = _closest(value, allowed) if isinstance(value, str) else ""
    hint = f"did you mean {quoted(close)}?" if close else ""
    if isinstance(value, dict | list):
        found = "a mapping" if isinstance(value, dict) else "a list"
    else:
        found = quoted(written if written is not None else value)
    return f"expected {one_of(allowed)}, found {found}", hint


def _wrong_text(keyword: str, value: str, node: Any) -> tuple[str, str]:
    expected = _expected(node)
    if not value.strip():
        return f"expected {expected}, found the empty text {quoted(value)}", _fill_in(node)
    if keyword == "format":
        return f"there is no such day as in {quoted(value)}", f"write {expected}"
    hint = ""
    if node.get("format") == "date-time" and (utc := moment.in_utc(value)):
        hint = f"in UTC that is {utc}; incident fix writes it"
    length = f" ({len(value.strip())} characters)" if "characters" in expected else ""
    return f"expected {expected}, found {quoted(value)}{length}", hint


def _nothing(written: str | None) -> str:
    return f"found nothing ({quoted(written)})" if written else "found nothing"


def _expected(node: Any) -> str:
    """What may stand there, in words."""
    message = node.get("patternErrorMessage")
    return str(message) if message and _types(node) == ["string"] else one_of([_NOUNS[name] for name in _types(node)])


def _types(node: Any) -> list[str]:
    named = node["type"]
    return [named] if isinstance(named, str) else list(named)


def _purpose(node: Any) -> str:
    return _lower(node.get("description", ""))


def _fill_in(node: Any) -> str:
    return _LEFT_OUT if "string" in _types(node) else _purpose(node)


def _lower(text: str) -> str:
    """A description as a hint: lower case at the beginning, and no full stop."""
    return (text[:1].lower() + text[1:]).rstrip(".")


def _closest(word: str, allowed: list[str]) -> str:
    """The allowed word that was probably meant, or nothing."""
    return next(iter(similar(word, allowed)), "")


def schema_fixes(data: object) -> Iterator[Reword | Rename]:
    """Yield what is wrong with the shape of a record and has one right answer: a near match, a time with its offset."""
    for error, pointer, node in _failures(Shape.INCIDENT, data):
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
