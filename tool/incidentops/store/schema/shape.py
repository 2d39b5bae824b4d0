"""The shape of records and of the handbook: is it right, and if not, what exactly is wrong (SCH001)."""

import json
from collections.abc import Callable
from enum import Enum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import jsonschema_rs

# Not by importlib.resources: that takes 8 ms to load, a tenth of what a command needs to start.
_SCHEMAS = Path(__file__).parents[2] / "schemas"


class Shape(Enum):
    """Which of the two schemas a file is held to."""

    INCIDENT = "incident"
    HANDBOOK = "handbook"

    @property
    def noun(self) -> str:
        """The word for such a file in a message."""
        return "record" if self is Shape.INCIDENT else "handbook"


def schema_text(shape: Shape) -> str:
    """Return the JSON Schema (2020-12) as it is shipped, for `init` and for editors."""
    return (_SCHEMAS / f"{shape.value}.schema.json").read_text(encoding="utf-8")


@cache
def schema(shape: Shape) -> dict[str, Any]:
    """Return the JSON Schema as data. Read only: it is shared."""
    parsed: dict[str, Any] = json.loads(schema_text(shape))
    return parsed


@cache
def record_keys() -> tuple[str, ...]:
    """Return the keys of a record in the order in which people read them."""
    return tuple(schema(Shape.INCIDENT)["properties"])


@cache
def entry_keys() -> tuple[str, ...]:
    """Return the keys of an entry in the order in which people read them."""
    return tuple(schema(Shape.INCIDENT)["$defs"]["entry"]["properties"])


@cache
def validator(shape: Shape) -> "jsonschema_rs.Draft202012Validator":
    """Return the one validator of this process."""
    return compiled(schema(shape))


def compiled(node: Any) -> "jsonschema_rs.Draft202012Validator":
    """Return the validator of a schema. The linear-time engine: no text can make a pattern slow."""
    import jsonschema_rs

    return jsonschema_rs.Draft202012Validator(node, validate_formats=True, pattern_options=jsonschema_rs.RegexOptions())


def screen(pattern: str) -> Callable[[str], bool]:
    """Return what tells whether a text has a match of a pattern: a first look for what nearly no text has.

    It is Rust's engine, by the library of the schema: 1 µs for a record where fourteen searches by `re` take 33.
    Patterns are those of both languages; no looking around, no going back.
    """
    return compiled({"type": "string", "pattern": pattern}).is_valid
