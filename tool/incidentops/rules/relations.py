"""Rules over all records at once: ids that exist twice (REC005), relations that lead nowhere or in a circle (REC004).

They work on small summaries, so that ten thousand records never sit in memory together.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from incidentops.core.finding import Problem
from incidentops.core.text import quoted, visible
from incidentops.model.build import record_id
from incidentops.model.incident import Incident
from incidentops.rules.engine.rule import Rule
from incidentops.rules.engine.wording import did_you_mean
from incidentops.rules.records import dangling_relation, duplicate_id

_CIRCULAR = ("duplicate_of", "caused_by")
_DAY = 10
"""How many characters of an id are its day: near names are looked for within one."""


class RelationSummary(Struct, frozen=True):
    """What the other records need to know of one: its relations, in the order of the file."""

    id: str
    file: str
    related: tuple[tuple[str, str], ...]


Lookup = Callable[[str], RelationSummary | None]
"""Find the summary of a record by its id; None when there is none or it cannot be read."""


def summary(incident: Incident) -> RelationSummary | None:
    """Return the summary of a record; None when others need to know nothing of it."""
    if not incident.related:
        return None
    return RelationSummary(incident.id, incident.source.file, tuple((r.to, r.kind) for r in incident.related))


def twice(files: Sequence[str]) -> Mapping[str, tuple[str, ...]]:
    """Return the ids that several files have, with those files."""
    found: dict[str, tuple[str, ...]] = {}
    if len({record_id(file) for file in files}) == len(files):
        return found  # as nearly always
    for file in files:
        key = record_id(file)
        found[key] = (*found.get(key, ()), file)
    return {key: paths for key, paths in found.items() if len(paths) > 1}


def id_problems(file: str, same: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Rule, Problem]]:
    """Check the id of one file, given the ids that exist twice."""
    key = record_id(file)
    for other in same.get(key, ()):
        if other != file:
            yield (
                duplicate_id,
                Problem((), f"the id {quoted(key)} is that of {visible(other)} too", "give one of them another slug"),
            )


def relation_problems(
    one: RelationSummary, ids: AbstractSet[str], circles: Mapping[str, int]
) -> Iterator[tuple[Rule, Problem]]:
    """Check the relations of one record, given the ids of all records and what `circles` found."""
    for index, (to, kind) in enumerate(one.related):
        pointer = ("related", index, "to")
        if to == one.id:
            yield dangling_relation, Problem(pointer, f"{kind} points to the record itself", "name the other record")
        elif to not in ids:
            near = did_you_mean(to, (i for i in ids if i.startswith(to[:_DAY]) and i != one.id))
            hint = near or "an id is the name of the file without .yaml"
            yield dangling_relation, Problem(pointer, f"there is no record {quoted(to)}", hint)
        elif kind in _CIRCULAR and circles.get(one.id, -1) == circles.get(to, -2):
            yield (
                dangling_relation,
                Problem(
                    pointer,
                    f"{kind} {quoted(to)} leads in a circle back to this record",
                    "one of the records is the original, or the first cause: it points to no other",
                ),
            )


def circles(starts: Iterable[str], lookup: Lookup) -> Mapping[str, int]:
    """Return a number for every record that can be reached: two of one number reach each other.

    Kosaraju's strongly connected components, without recursion since a chain may be long.
    """
    graph = _reachable(starts, lookup)
    backwards: dict[str, list[str]] = {key: [] for key in graph}
    for key, causes in graph.items():
        for cause in causes:
            backwards[cause].append(key)
    circle: dict[str, int] = {}
    for mark, key in enumerate(reversed(_finished(graph))):
        waiting = [key]
        while waiting:
            here = waiting.pop()
            if here not in circle:
                circle[here] = mark
                waiting += backwards[here]
    return circle


def _reachable(starts: Iterable[str], lookup: Lookup) -> Mapping[str, Sequence[str]]:
    """The records that can be reached along duplicate_of and caused_by, each with where it points."""
    graph: dict[str, Sequence[str]] = {}
    waiting = list(starts)
    while waiting:
        here = waiting.pop()
        if here not in graph:
            known = lookup(here)
            graph[here] = [to for to, kind in known.related if kind in _CIRCULAR] if known else ()
            waiting += graph[here]
    return graph


def _finished(graph: Mapping[str, Sequence[str]]) -> Sequence[str]:
    """The records in the order in which a depth-first walk leaves them."""
    entered: set[str] = set()
    left: list[str] = []
    for start in graph:
        work = [(start, False)]
        while work:
            here, done = work.pop()
            if done:
                left.append(here)
            elif here not in entered:
                entered.add(here)
                work.append((here, True))
                work += [(to, False) for to in graph[here]]
    return left
