"""What ruamel.yaml's round-trip loader makes of a text: the data, and every comment. It checks edits, it makes none.

It shares no code with the readers of records, and it is the one library that keeps comments apart from data: what it
finds before and after an edit tells whether the edit did what was meant and nothing else.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from msgspec import Struct
from ruamel.yaml import YAML
from ruamel.yaml.constructor import RoundTripConstructor
from ruamel.yaml.error import YAMLError

from incidentops.core.errors import Refused
from incidentops.core.text import quoted


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
        return RoundTrip(_plain(yaml.load(text)), tuple(_comments(text)))
    except (YAMLError, ValueError):
        return None


def confirm(before: str, after: str, intend: Callable[[Any], Any], *, reordered: bool = False) -> None:
    """Check that a text has the data that `intend` makes of those before, and every comment. Raises Refused.

    Comments keep their order, unless parts of the text were put into another one.
    """
    was, now = load(before), load(after)
    if was is None or now is None or now.data != intend(was.data):
        found = "cannot read the record" if was is None else "would not find in the edited record what was meant"
        raise Refused(
            f"another reader of YAML (ruamel.yaml) {found}", "edit the file by hand, or write it in a plainer style"
        )
    arrange = sorted if reordered else list
    left = iter(arrange(now.comments))
    lost = next((comment for comment in arrange(was.comments) if comment not in left), None)
    if lost is not None:
        raise Refused(
            f"the edit would lose the comment {quoted(lost)}",
            "edit the file by hand, or move the comment out of the way",
        )


def _plain(data: Any) -> Any:
    """A copy of the data without what ruamel.yaml knows about it."""
    if isinstance(data, dict):
        return {key: _plain(value) for key, value in data.items()}
    return [_plain(value) for value in data] if isinstance(data, list) else data


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
