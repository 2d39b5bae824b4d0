"""What ruamel.yaml's round-trip loader makes of a text: the data, and every comment. It judges edits, it makes none.

It shares no code with the readers of records, and it is the one library that keeps comments apart from data: what it
finds before and after an edit tells whether the edit did what was meant and nothing else.
"""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import YAMLError


class _Texts(RoundTripConstructor):
    """Takes every scalar as it is written: a record holds texts and nothing else, times included."""


for _tag in ("int", "float", "bool", "null", "timestamp", "value", "merge"):
    _Texts.add_constructor(f"tag:yaml.org,2002:{_tag}", RoundTripConstructor.construct_scalar)


class RoundTrip(Struct, frozen=True):
    """The data of a text, and its comments from top to bottom, each from its `#` to the end of its line."""

    data: Any
    comments: tuple[str, ...]


@lru_cache(maxsize=2)  # what comes out of one edit goes into the next
def load(text: str) -> RoundTrip | None:
    """Return what is in a text; None when ruamel.yaml cannot read it."""
    yaml = YAML(typ="rt")
    yaml.Constructor = _Texts
    try:
        return RoundTrip(yaml.load(text), tuple(_comments(text)))
    except (YAMLError, ValueError):
        return None


def _comments(text: str) -> Iterator[str]:
    """The scanner hands a comment to the tokens on both sides of it, one of several lines as a whole."""
    found: dict[int, tuple[int, str]] = {}
    tokens = list(YAML(typ="rt").scan(text))  # kept, so that no two comments get the same id
    for token in tokens:
        for comment in _parts(getattr(token, "_comment", None)):
            if isinstance(comment, str):  # behind the `|` or `>` of a text
                found[id(token)] = (token.start_mark.index, comment)
            else:
                found[id(comment)] = (comment.start_mark.index, comment.value)
    for _, written in sorted(found.values()):
        yield from (line.strip() for line in written.splitlines() if line.lstrip().startswith("#"))


def _parts(comment: Any) -> Iterator[Any]:
    if isinstance(comment, list | tuple):
        for part in comment:
            yield from _parts(part)
    elif comment is not None:
        yield comment
