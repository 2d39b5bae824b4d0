"""Every node of a YAML file with its place, and everything that is wrong with it as YAML.

libyaml's events through PyYAML; plain scalars by ourselves, as the core schema of YAML 1.2 reads them: `on`, `NO` and
timestamps are texts.
"""

import re
from collections.abc import Iterator
from typing import Any, NoReturn

import yaml
from msgspec import Struct, field

from incidentops.core.finding import Pointer
from incidentops.core.text import quoted, visible
from incidentops.store.yaml import characters

_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLS = {word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INT = re.compile(r"[-+]?[0-9]+")
_BASED = re.compile(r"0(?:o[0-7]+|x[0-9a-fA-F]+)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)")
_NAN = frozenset({".nan", ".NaN", ".NAN"})
_MAYBE = frozenset("+-.0123456789~nNtTfF")
_LONGEST = 300  # more digits than any float holds; longer ones would only cost time

Scalar = str | int | float | bool | None


def resolve(text: str) -> Scalar:
    """Return what a plain scalar means (YAML 1.2.2, 10.3.2)."""
    if text and text[0] not in _MAYBE:
        return text
    if text in _NULL:
        return None
    if text in _BOOLS:
        return _BOOLS[text]
    return _number(text)


def _number(text: str) -> Scalar:
    if len(text) <= _LONGEST:
        if _INT.fullmatch(text):
            return int(text)
        if _BASED.fullmatch(text):
            return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _INFINITE.fullmatch(text):
        return float(text.replace(".", ""))
    return float("nan") if text in _NAN else text


DEEPEST = 32
"""Collections from the root; deeper ones are YML004."""

MOST_FAULTS = 100
"""A file with more is hopeless, or hostile; the first ones are enough to go on."""

Place = tuple[int, int]
"""Line and column, both from 1."""


class SyntaxFault(Struct, frozen=True):
    """Something wrong with the file as YAML: the later finding, before it knows its file."""

    code: str
    place: Place
    message: str
    hint: str = ""
    other: Place | None = None


class NodeTree(Struct, frozen=True):
    """What the careful reader found. A member of a mapping stands at its key, an item of a list at its beginning."""

    data: Any = None
    places: dict[Pointer, Place] = field(default_factory=dict)
    written: dict[Pointer, str] = field(default_factory=dict)
    faults: tuple[SyntaxFault, ...] = ()

    def place(self, pointer: Pointer) -> Place:
        """Return the place of a node, or of its nearest parent that is there."""
        for end in range(len(pointer), 0, -1):
            if place := self.places.get(pointer[:end]):
                return place
        return self.places.get((), (1, 1))


class _Stop(Exception):
    """The way out of a file that cannot be read any further."""


def read(text: str) -> NodeTree:
    """Read one document. `text` has no byte order mark any more."""
    early = characters.fault(text)
    if early:
        return NodeTree(faults=(SyntaxFault(*early),))
    return _Builder(text).tree()


class _Builder:
    """One reading of one text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[Pointer, Place] = {}
        self._written: dict[Pointer, str] = {}
        self._faults: list[SyntaxFault] = []
        self._has_tabs = "\t" in text
        self._spans: list[characters.Span] = []

    def tree(self) -> NodeTree:
        data = None
        try:
            data = self._document()
        except _Stop:
            pass
        except yaml.MarkedYAMLError as error:
            self._unreadable(error)
        return NodeTree(data, self._places, self._written, tuple(self._faults))

    def _document(self) -> Any:
        events: Iterator[Any] = yaml.parse(self._text, Loader=yaml.CLoader)
        next(events)
        start = next(events)
        if isinstance(start, yaml.StreamEndEvent):
            self._stop("YML001", (1, 1), "the file holds nothing but blanks and comments", "write a record into it")
        root = next(events)
        if _is_nothing(root):
            self._stop("YML001", _place(root), "the document is empty", "write a record into it")
        data = self._node(root, events, (), 1)
        next(events)
        after = next(events)
        if isinstance(after, yaml.DocumentStartEvent):
            self._stop(
                "YML001", _place(after), "a second document begins here", "one file holds one record: make it two files"
            )
        if stray := characters.stray_tab(self._text, self._spans):
            self._fault(*stray)
        return data

    def _node(self, event: Any, events: Iterator[Any], pointer: Pointer, depth: int) -> Any:
        if pointer not in self._places:
            self._places[pointer] = _place(event)
        if isinstance(event, yaml.AliasEvent):
            hint = "write the value out here: what a reader sees must stand where it counts"
            self._fault("YML003", _place(event), f"alias {quoted(f'*{event.anchor}')} is not allowed", hint)
            return None
        self._properties(event)
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, pointer)
        if depth > DEEPEST:
            self._stop(
                "YML004", _place(event), f"nested deeper than {DEEPEST} collections", "a record needs no more than six"
            )
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(events, pointer, depth)
        return self._sequence(events, pointer, depth)

    def _properties(self, event: Any) -> None:
        if event.anchor is not None:
            hint = "take the anchor out, and write the value wherever it counts"
            self._fault("YML003", _place(event), f"anchor {quoted('&' + event.anchor)} is not allowed", hint)
        if event.tag is not None:
            short = str(event.tag).replace("tag:yaml.org,2002:", "!!")
            hint = "take the tag out; a text that looks like something else stands in quotes"
            self._fault("YML003", _place(event), f"tag {quoted(short)} is not allowed", hint)

    def _scalar(self, event: Any, pointer: Pointer) -> Any:
        text: str = event.value
        if self._has_tabs:
            self._spans.append((event.start_mark.index, event.end_mark.index, event.style))
        if event.style:
            return text
        value = resolve(text)
        if not isinstance(value, str):
            self._written[pointer] = text
        return value

    def _sequence(self, events: Iterator[Any], pointer: Pointer, depth: int) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := next(events), yaml.SequenceEndEvent):
            items.append(self._node(event, events, (*pointer, len(items)), depth + 1))
        return items

    def _mapping(self, events: Iterator[Any], pointer: Pointer, depth: int) -> dict[str, Any]:
        members: dict[str, Any] = {}
        while not isinstance(event := next(events), yaml.MappingEndEvent):
            place = _place(event)
            key = self._key(event, events, pointer, depth)
            at = (*pointer, key)
            if key in members:
                line, column = self._places[at]
                message = f"key {quoted(key)} appears twice in one mapping, first at {line}:{column}"
                self._fault("YML002", place, message, "keep one of the two", (line, column))
            self._places.setdefault(at, place)
            members[key] = self._node(next(events), events, at, depth + 1)
        return members

    def _key(self, event: Any, events: Iterator[Any], pointer: Pointer, depth: int) -> str:
        """Return the key; where it is none, note so and return some text: the file is refused anyway."""
        if not isinstance(event, yaml.ScalarEvent):
            self._node(event, events, (*pointer, "?"), depth + 1)
            if not isinstance(event, yaml.AliasEvent):
                self._fault(
                    "SCH001", _place(event), "a key must be a text, not a collection", "write a plain word there"
                )
            return "?"
        self._properties(event)
        key = self._scalar(event, (*pointer, event.value))
        if not event.style and event.value == "<<":
            hint = "write out here what the merge would bring in"
            self._fault("YML003", _place(event), "merge key '<<' is not allowed", hint)
        elif not isinstance(key, str):
            text = event.value or "null"
            hint = f'put it in quotes: "{visible(text)}"' if event.value else "write the key before the colon"
            self._fault("SCH001", _place(event), f"a key must be a text, not {quoted(text)}", hint)
        return str(event.value)

    def _unreadable(self, error: yaml.MarkedYAMLError) -> None:
        mark = error.problem_mark or error.context_mark
        place = (1, 1) if mark is None else (mark.line + 1, mark.column + 1)
        problem = str(error.problem or error.context)
        if "alias" in problem or "tag" in problem or "directive" in problem:
            self._fault("YML003", place, visible(problem), "anchors, aliases, tags and directives are not allowed")
            return
        message, hint = characters.about_problem(
            problem, "" if mark is None else self._text[mark.index : mark.index + 1]
        )
        begun = error.context_mark
        if begun is not None and error.context and begun.line + 1 != place[0]:
            message += f" ({visible(error.context)} from {begun.line + 1}:{begun.column + 1})"
        self._fault("YML001", place, message, hint)

    def _fault(self, code: str, place: Place, message: str, hint: str = "", other: Place | None = None) -> None:
        self._faults.append(SyntaxFault(code, place, message, hint, other))
        if len(self._faults) >= MOST_FAULTS:
            raise _Stop

    def _stop(self, code: str, place: Place, message: str, hint: str) -> NoReturn:
        self._faults.append(SyntaxFault(code, place, message, hint))
        raise _Stop


def _place(event: Any) -> Place:
    mark = event.start_mark
    return (mark.line + 1, mark.column + 1)


def _is_nothing(event: Any) -> bool:
    """Whether the document is `---` and nothing else."""
    is_scalar = isinstance(event, yaml.ScalarEvent)
    return is_scalar and bool(event.start_mark.index == event.end_mark.index)
