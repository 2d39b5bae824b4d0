"""Where nodes begin and end in a YAML text, to the character, and where something can be put after them."""

import re
from typing import Any

import yaml
from msgspec import Struct

from incidentops.core.finding import Pointer

_TRAILING_BLANK_LINES = re.compile(r"(?:\r?\n *)+\Z")


def split_mark(text: str) -> tuple[str, str]:
    """Return the byte order mark of a text, empty where there is none, and the text behind it."""
    bare = text.removeprefix("\ufeff")
    return text[: len(text) - len(bare)], bare


class Splice(Struct, frozen=True):
    """One change of a text: the characters from `start` to `end` become `new`. Everything else stays as it is."""

    start: int
    end: int
    new: str

    def apply(self, text: str) -> str:
        """Return the changed text."""
        return text[: self.start] + self.new + text[self.end :]


class Layout:
    """The nodes of one readable document, found by pointer."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.line_break = "\r\n" if "\r\n" in text else "\n"
        self._root: Any = yaml.compose(text, Loader=yaml.CLoader)

    def find(self, pointer: Pointer) -> Any | None:
        """Return the node at a pointer, or None."""
        node = self._root
        for step in pointer:
            node = _child(node, step)
            if node is None:
                return None
        return node

    def end(self, node: Any) -> int:
        """Return where the last character of a node is over: before comments, blank lines and the line break."""
        if isinstance(node, yaml.ScalarNode):
            return self._scalar_end(node)
        if node.flow_style:
            return int(node.end_mark.index)
        return self._end_of_last(node)

    def line_start(self, index: int) -> int:
        """Return where the line of a character begins."""
        return self.text.rfind("\n", 0, index) + 1

    def line_end(self, index: int) -> int:
        """Return where the next line begins, or the text is over."""
        return self.text.find("\n", index) + 1 or len(self.text)

    def lines_after(self, node: Any, lines: list[str]) -> Splice:
        """Put lines below the last line of a node, above whatever follows, comments included."""
        at = self.text.find("\n", self.end(node))
        if at < 0:
            return Splice(len(self.text), len(self.text), self.line_break + self._lines(lines))
        return Splice(at + 1, at + 1, self._lines(lines))

    def lines_before(self, node: Any, lines: list[str]) -> Splice:
        """Put lines above the first line of a node, below the comments that stand there."""
        at = self.line_start(node.start_mark.index)
        return Splice(at, at, self._lines(lines))

    def within_flow(self, node: Any, new: str, index: int) -> Splice:
        """Put a new part into a flow collection, so that as many parts stand before it."""
        if not node.value:
            at = int(node.start_mark.index) + 1
            return Splice(at, at, new)
        if index < len(node.value):
            at = int(node.value[index].start_mark.index)
            return Splice(at, at, f"{new}, ")
        at = self._end_of_last(node)
        return Splice(at, at, f", {new}")

    def instead(self, parent: Any, step: str | int, lines: list[str]) -> Splice:
        """Put something in the place of a member or an item."""
        pair: tuple[Any, Any] = _pair(parent, step)
        key, node = pair
        start = int(node.start_mark.index)
        new = self.line_break.join(lines)
        if key is not None:
            colon = self.text.index(":", key.end_mark.index) + 1
            between = self.text[colon:start]
            if "\n" in between and not between.strip():  # a collection that began on the next line
                start, new = colon, f" {new}"
        return Splice(start, self.end(node), new)

    def alone(self, parent: Any, step: str | int) -> bool:
        """Whether nothing stands behind a member on its line, no comment either."""
        node: Any = _child(parent, step)
        return not self.text[self.end(node) :].partition("\n")[0].strip()

    def _end_of_last(self, node: Any) -> int:
        last = node.value[-1]
        return max(map(self.end, last)) if isinstance(last, tuple) else self.end(last)

    def _lines(self, lines: list[str]) -> str:
        return "".join(line + self.line_break for line in lines)

    def _scalar_end(self, node: Any) -> int:
        end = int(node.end_mark.index)
        if node.style not in ("|", ">"):
            return end
        start = int(node.start_mark.index)
        shown = self.text[start:end]
        if "+" in shown.partition("\n")[0].partition("#")[0]:
            return start + len(shown.removesuffix("\n").removesuffix("\r"))
        return start + len(_TRAILING_BLANK_LINES.sub("", shown))


def _child(node: Any, step: str | int) -> Any | None:
    return _pair(node, step)[1]


def _pair(node: Any, step: str | int) -> tuple[Any | None, Any | None]:
    """A member with its key, or an item; nothing where there is none."""
    if isinstance(node, yaml.MappingNode):
        return next(((key, value) for key, value in node.value if key.value == step), (None, None))
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return None, node.value[step]
    return None, None
