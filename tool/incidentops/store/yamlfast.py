"""The quick reader, for the thousands of files that are fine: it answers, or leaves the file to the careful one.

It never judges. Whatever could be read in two ways, or could be wrong, is left alone; a test holds both readers
in agreement over whatever this one answers.
"""

import re
from typing import Any

import yaml_rs

_LARGEST = 64 * 1024
"""Larger files are read carefully. The parser's stack is not bounded for block collections nested on one line;
together with `_NESTED` this keeps it shallow (facts/performance.md: parse)."""

_PLAIN = bytes([0x0A, *range(0x20, 0x7F), *range(0x80, 0x100)])
_ODD = re.compile(rb"\xc2[\x80-\x9f]|\xe2\x80[\xa8\xa9]|\xef\xbb\xbf|\xef\xbf[\xbe\xbf]")
_NESTED = re.compile(rb"- +- +-")
_PROPERTY = re.compile(rb"""(?:^|[\s,\[{:?'"-])[&*!]|<<""")
_EXPLICIT = re.compile(rb"(?:^|[\s,\[{:?-])\?(?:\s|$)")


def load(content: bytes) -> dict[str, Any] | None:
    """Return the mapping in the file, or None when the careful reader must look at it."""
    if not _harmless(content):
        return None
    try:
        data = yaml_rs.loads(content.decode(), parse_datetime=False)
    except ValueError:
        return None
    return data if type(data) is dict else None


def _harmless(content: bytes) -> bool:
    """Whether both readers are known to agree on files like this one. Runs at C speed: a few µs for a record."""
    if len(content) > _LARGEST or content.translate(None, _PLAIN) or _NESTED.search(content):
        return False
    if not content.isascii() and _ODD.search(content):
        return False
    if (b"? " in content or b"?\n" in content) and _EXPLICIT.search(content):
        return False
    present = b"&" in content or b"*" in content or b"!" in content or b"<<" in content
    return not (present and _PROPERTY.search(content))
