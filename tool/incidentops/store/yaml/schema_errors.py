"""Shape errors in words (SCH001): one per missing or surplus key, with the value found and what is allowed."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from incidentops.core import moment
from incidentops.core.finding import Pointer
from incidentops.core.suggest import near
from incidentops.core.text import one_of, quoted, visible
from incidentops.store.yaml.schema import Shape, schema, validator

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


def errors(shape: Shape, data: object, written: Mapping[Pointer, str]) -> Iterator[Error]:
    """Yield what is wrong with the shape of a document, at most a hundred things.

    `written` has the source text of scalars that are no texts, so that they can be quoted as they were written.
    """
    found = _errors(shape, data, written)
    yield from islice(found, _MOST)
    if next(found, None):
        yield (), f"more than {_MOST} things are wrong with the shape", "mend the first ones, then look again"


def _errors(shape: Shape, data: object, written: Mapping[Pointer, str]) -> Iterator[Error]:
    for error, pointer, node in failures(shape, data):
        yield from _explain(error, pointer, node, written.get(pointer))


def failures(shape: Shape, data: object) -> Iterator[tuple[Any, Pointer, Any]]:
    """Yield every failure of the schema that is worth telling: the validator's error, where, and what failed there."""
    told: set[Pointer] = set()
    for error in _by_importance(shape, data):
        pointer: Pointer = tuple(error.instance_path)
        if error.kind.name in _ORDER:
            if pointer in told:
                continue
            told.add(pointer)
        yield error, pointer, _walk(schema(shape), error.schema_path)


def _by_importance(shape: Shape, data: object) -> list[Any]:
    """The errors, where several speak of one value the one that explains most first."""
    found = list(islice(validator(shape).iter_errors(data), 10 * _MOST))
    return sorted(found, key=lambda e: _ORDER.index(e.kind.name) if e.kind.name in _ORDER else 0)


def _walk(node: Any, path: list[str | int]) -> Any:
    """The schema that an error comes from: its path without the keyword at the end."""
    for step in path[:-1]:
        node = node[step]
    return node


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
    told = node.get("patternErrorMessage")
    return str(told) if told and _types(node) == ["string"] else one_of([_NOUNS[name] for name in _types(node)])


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
    return next(iter(near(word, allowed)), "")
