"""Answers of services as values: strict, and an error names the key and what stands there."""

import re
from collections.abc import Mapping
from typing import TypeVar

import msgspec

from incidentops.core.errors import Failed
from incidentops.core.text import visible

_AT = re.compile(r"(?s)(.*) - at `(?:key )?\$\.?(.*)`")
_LONGEST = 200

T = TypeVar("T")


def json_object(content: bytes) -> Mapping[str, object] | None:
    """Return the JSON object of an answer; None when it is anything else."""
    try:
        value = msgspec.json.decode(content)
    except (msgspec.DecodeError, ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


class Decoder(msgspec.Struct, frozen=True):
    """Reads the answers of one service. `outage` says that one strange answer puts all others of it in doubt."""

    title: str
    outage: bool = False

    def read(self, kind: type[T], value: object) -> T:
        """Return a plain value as what it has to be. Raises Failed with the key and the actual type or value."""
        try:
            return msgspec.convert(value, kind)
        except msgspec.ValidationError as error:
            match = _AT.fullmatch(str(error))
            key, problem = (match[2], match[1]) if match else ("the answer", str(error))
            raise self.unreadable(key, problem) from None

    def unreadable(self, key: str, problem: str) -> Failed:
        """Return the error for an answer that this version cannot read."""
        what = f"{visible(problem[:1].lower() + problem[1:])[:_LONGEST]} at `{visible(key)[:_LONGEST]}`"
        return Failed(
            f"{self.title}'s answer cannot be read: {what}",
            f"{self.title} may have changed; nothing is sent until this version understands it",
            outage=self.outage,
        )
