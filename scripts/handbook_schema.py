"""Builds the handbook's schema from its core and the part of each provider."""

import json
from collections.abc import Mapping
from typing import Any

Node = dict[str, Any]

PLACES = {"severity": "severity_description", "service": "service", "person": "person"}
"""The places where a provider may add keys, each with its definition."""

_KEYS = {"section", "defs", *PLACES}
_WIDTH = 120


def handbook_schema(core: str, parts: Mapping[str, str]) -> str:
    """Return the schema as JSON. `parts` are the providers' parts by name. Raises ValueError for a duplicate key."""
    schema: Node = json.loads(core)
    for name, text in parts.items():
        _add(schema, name, json.loads(text))
    return shown(schema) + "\n"


def _add(schema: Node, name: str, part: Node) -> None:
    unknown = sorted(part.keys() - _KEYS)
    if unknown:
        raise ValueError(f"the part of {name} has the key {unknown[0]!r}; allowed are {', '.join(sorted(_KEYS))}")
    _put(schema["properties"], name, {name: part["section"]} if "section" in part else {})
    for place, definition in PLACES.items():
        _put(schema["$defs"][definition]["properties"], name, part.get(place, {}))
    _put(schema["$defs"], name, part.get("defs", {}))


def _put(there: Node, name: str, more: Node) -> None:
    twice = sorted(there.keys() & more.keys())
    if twice:
        raise ValueError(f"the part of {name} defines {twice[0]!r} once more")
    there.update(more)


def shown(value: Any, indent: int = 0, taken: int = 0) -> str:
    """Return JSON for people: a value that fits is on one line. `taken` is the width already used on it."""
    line = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or indent + taken + len(line) < _WIDTH:
        return line
    pad = " " * (indent + 2)
    if isinstance(value, list):
        return _block("[]", [f"{pad}{shown(item, indent + 2)}" for item in value], indent)
    keys = {key: json.dumps(key, ensure_ascii=False) + ": " for key in value}
    items = [f"{pad}{keys[key]}{shown(item, indent + 2, len(keys[key]))}" for key, item in value.items()]
    return _block("{}", items, indent)


def _block(brackets: str, items: list[str], indent: int) -> str:
    return f"{brackets[0]}\n" + ",\n".join(items) + f"\n{' ' * indent}{brackets[1]}"
