"""Text for customers, made harmless for the status page. Pure."""

import re

from incidentops.render import escape

_TAG = re.compile(r"<(?=[A-Za-z/!?])")


def plain(text: str) -> str:
    """Return a text as the page takes it: without anything that a page, mail or feed could take for HTML."""
    lines = [line.rstrip() for line in escape.plain(text).strip().split("\n")]
    return _TAG.sub("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", re.sub(r"\n{3,}", "\n\n", "\n".join(lines)))
