"""Keys of the handbook that are going away: readable for two minor versions, ignored, and named by `doctor`.

The key stays in the schema, marked `deprecated`, until its entry here goes (a house test counts the versions).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from incidentops.core.source import DataNode

ANY = "*"
"""Stands in a path for every key of a mapping."""


@dataclass(frozen=True, slots=True)
class DeprecatedKey:
    """One key: where it stands, the version that ignores it first, and what to write instead."""

    path: tuple[str, ...]
    since: str
    replacement: str


DEPRECATED: tuple[DeprecatedKey, ...] = ()
"""None now: every key that is not read yet gets its reader (docs/decisions: 31)."""


def deprecated_keys(
    handbook: DataNode, known: Iterable[DeprecatedKey] = DEPRECATED
) -> Iterator[tuple[str, DeprecatedKey]]:
    """Yield where a handbook has a deprecated key, as `people.ana.pager`, and what is known of that key."""
    for key in known:
        yield from ((".".join(path), key) for path in _found(handbook, key.path))


def _found(node: object, path: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not path:
        yield ()
    elif isinstance(node, dict):
        names = list(node) if path[0] == ANY else [name for name in (path[0],) if name in node]
        for name in names:
            yield from ((name, *rest) for rest in _found(node[name], path[1:]))
