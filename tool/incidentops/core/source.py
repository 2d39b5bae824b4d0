"""A document: the plain values of one YAML file, and the place of every node for those who ask."""

from collections.abc import Callable, Mapping

from msgspec import Struct

from incidentops.core.finding import Location, Pointer

Locator = Callable[[Pointer], Location]
DataNode = Mapping[str, object]
"""A mapping of a YAML file, as plain values."""


class Document(Struct, frozen=True):
    """One file that was readable as YAML.

    `data` holds only dict, list, str, int, float, bool and None, scalars as YAML 1.2's core schema reads them
    (timestamps stay strings). Places are worked out at the first question: a file that is fine never pays for them.
    `blob` is git's object id of the bytes.
    """

    file: str
    blob: str
    data: DataNode
    locate: Locator

    def at(self, *pointer: str | int) -> Location:
        """Return the place of a node; of its nearest parent when the node is not there."""
        return self.locate(pointer)
