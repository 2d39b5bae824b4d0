"""The quick reader, for the thousands of files that are fine: it answers, or leaves the file to the careful one.

It reports nothing. Whatever could be wrong, or could be read in two ways, is left alone; a test holds both readers in
agreement over whatever this one answers. What the two are known to differ about is kept out in two places: by the
characters of the file before parsing, and by the texts that came out of it (`_cautious`).
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

import yaml_rs

from incidentops.store.schema.shape import Shape, compiled, schema, screen

if TYPE_CHECKING:
    import jsonschema_rs

_LARGEST = 64 * 1024
"""Larger files are read carefully. The parser's stack is not bounded for block collections nested on one line;
together with what `_is_rare` says of dashes this keeps it shallow."""

_PLAIN = bytes([0x0A, *range(0x20, 0x7F), *range(0x80, 0x100)])
_ODD = re.compile(rb"\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]|\xef\xbb\xbf|\xef\xbf[\xbe\xbf]")
_SIGNS = (
    # A character, and where it may not stand. Looking for a rare character first costs next to nothing.
    (b"?", re.compile(rb"\?(?:(?<=[\s,\[{:?-]\?)(?=\s)|(?<=:\?))")),  # explicit keys
    (b"&", re.compile(rb"""&(?<=[\s,\[{:?'"-]&)""")),
    (b"*", re.compile(rb"""\*(?<=[\s,\[{:?'"-]\*)""")),
    (b"!", re.compile(rb"""!(?<=[\s,\[{:?'"-]!)""")),
    (b"<", re.compile(rb"<<")),
    (b"%", re.compile(rb"%(?<=\n%)")),  # directives
)
_BEGINNINGS = frozenset((b"", b".", b":", b"?", b"&", b"*", b"!", b"<", b"%"))
_is_rare = screen(r"\n\.\.\.|[\n ]:|- +- +-")
"""The end of a document, a colon apart from its key, lists nested on one line: not read alike, or not safely."""
_is_odd_number = screen(r"\b0[A-Za-z]|[0-9.]_|_[0-9.]|[0-9]{99}")
"""What one parser takes for a number and the other for a text: `1_000`, `+0x1f`, `0b1`, hundreds of digits."""

_FIRST = {"pattern": "^[^|>?:]"}
_WORD = {"pattern": "^[A-Za-z0-9][A-Za-z0-9_-]*$"}


def load(content: bytes, shape: Shape) -> dict[str, Any] | None:
    """Return what is in the file when it is well-shaped, or None when the careful reader must look at it."""
    if len(content) > _LARGEST or not _harmless(content):
        return None
    try:
        text = content.decode()
        if _is_rare(text) or (shape is Shape.HANDBOOK and _is_odd_number(text)):  # a record with a number is misshapen
            return None
        data: Any = yaml_rs.loads(text, parse_datetime=False)
        return data if _validator(shape).is_valid(data) else None
    except (ValueError, TypeError):  # unreadable, a key that is no text, a key that is a collection
        return None


def _harmless(content: bytes) -> bool:
    """Whether both readers are known to agree on the characters of the file. Runs at C speed: 5 µs for a record."""
    if content[:1] in _BEGINNINGS or content[-1:] != b"\n":
        return False
    if content.translate(None, _PLAIN) or (not content.isascii() and _ODD.search(content)):
        return False
    return not any(character in content and sign.search(content) for character, sign in _SIGNS)


def _cautious(node: Any) -> Any:
    """The schema, less texts that begin like `|` and names of links that are not plain words.

    In flow collections one parser takes them for texts, the other for indicators.
    """
    if isinstance(node, list):
        return [_cautious(item) for item in node]
    if not isinstance(node, dict):
        return node
    careful = {key: _cautious(value) for key, value in node.items()}
    if "string" in node.get("type", ()):
        careful["allOf"] = [_FIRST]
    if isinstance(node.get("additionalProperties"), dict):
        careful["propertyNames"] = _WORD
    return careful


@cache
def _validator(shape: Shape) -> "jsonschema_rs.Draft202012Validator":
    return compiled(_cautious(schema(shape)))
