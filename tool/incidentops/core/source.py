"""A document: the plain values of one YAML file, and the place of every node for those who ask."""

import hashlib
from collections.abc import Callable, Mapping

from msgspec import Struct

from incidentops.core.finding import Location, Pointer

Locator = Callable[[Pointer], Location]
DataNode = Mapping[str, object]
"""A mapping of a YAML file, as plain values."""


BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""What some editors put in front of a text in UTF-8."""


def blob(content: bytes) -> str:
    """Return git's object id of a file with these bytes."""
    header = b"blob %d\0" % len(content)
    return hashlib.sha1(header + content, usedforsecurity=False).hexdigest()


class Document(Struct, frozen=True):
    """One file that was readable as YAML: its bytes, and what they say.

    `data` holds only dict, list, str, int, float, bool and None, scalars as YAML 1.2's core schema reads them
    (timestamps stay strings). Places are worked out at the first question: a file that is fine never pays for them.
    """

    file: str
    content: bytes
    data: DataNode
    locate: Locator

    @property
    def blob(self) -> str:
        """Git's object id of the file."""
        return blob(self.content)

    @property
    def text(self) -> str:
        """The file as it was written, comments included, without a byte order mark."""
        return self.content.removeprefix(BYTE_ORDER_MARK).decode()

    def at(self, *pointer: str | int) -> Location:
        """Return the place of a node; of its nearest parent when the node is not there."""
        return self.locate(pointer)
