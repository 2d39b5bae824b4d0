"""What can only be judged over several records: ids, relations, incidents that may be one.

Records that were not chosen are read when asked for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain

from incidentops.core import moment
from incidentops.core.finding import Finding, Location, Problem
from incidentops.flows.validate.records import FileResults, JudgingContext
from incidentops.flows.validate.selection import Selection
from incidentops.model import build
from incidentops.rules.engine.rule import Rule
from incidentops.rules.possible_duplicates import OverlapJudge, Presence, presence
from incidentops.rules.relations import RelationSummary, circles, judge_id, judge_relations, summary, twice


def judge_across(room: JudgingContext, choice: Selection, outcome: FileResults) -> Iterator[Finding]:
    """Judge the chosen files, of which `outcome` came, against all others."""
    summaries = outcome.summaries
    same = twice(choice.every)
    for file in choice.files if same else ():
        for rule, problem in judge_id(file, same):
            yield _finding(rule, problem, Location(file))
    if summaries:
        files = {build.record_id(file): file for file in choice.every}
        ids = frozenset(files)
        found = circles((s.id for s in summaries), _RecordIndex(room, files, choice.files, summaries).lookup)
        for one in summaries:
            yield from _placed(room, one.file, judge_relations(one, ids, found))
    yield from _judge_neighbours(room, choice, outcome.presences)


def _judge_neighbours(room: JudgingContext, choice: Selection, presences: Sequence[Presence]) -> Iterator[Finding]:
    """Judge the chosen incidents against each other, and against others of the same days.

    An incident of another day that is still live is found when all records are judged: to look for it here would be
    to read them all.
    """
    others = _others_near(choice, presences)
    read = (room.incident(file) for file in others)
    near = tuple(found for incident in read if incident and (found := presence(incident)))
    services = room.judge.context.handbook.services
    components = {key: tuple(chain.from_iterable(one.places.values())) for key, one in services.items()}
    neighbours = OverlapJudge((*presences, *near), components)
    crowded = neighbours.crowded()
    for one in presences:
        if one.file in crowded:
            yield from _placed(room, one.file, neighbours.judge(one))


def _others_near(choice: Selection, presences: Iterable[Presence]) -> Sequence[str]:
    """The files that were not chosen and are dated like a chosen incident, or a day before or after."""
    chosen = frozenset(choice.files)
    if len(chosen) == len(choice.every):
        return ()
    dates = {moment.plus(one.declared, timedelta(days)).date().isoformat() for one in presences for days in (-1, 0, 1)}
    return [file for file in choice.every if file not in chosen and build.record_id(file)[:10] in dates]


class _RecordIndex:
    """Summaries by id: of the chosen records, and of others as they are asked for."""

    def __init__(
        self,
        room: JudgingContext,
        files: Mapping[str, str],
        judged: Iterable[str],
        summaries: Iterable[RelationSummary],
    ) -> None:
        self._room = room
        self._files = files
        self._known: dict[str, RelationSummary | None] = {build.record_id(file): None for file in judged}
        self._known.update({s.id: s for s in summaries})

    def lookup(self, key: str) -> RelationSummary | None:
        if key not in self._known:
            self._known[key] = self._read(self._files[key]) if key in self._files else None
        return self._known[key]

    def _read(self, file: str) -> RelationSummary | None:
        incident = self._room.incident(file)
        return summary(incident) if incident else None


def _placed(room: JudgingContext, file: str, problems: Iterable[tuple[Rule, Problem]]) -> Iterator[Finding]:
    """Find the places: the documents are not kept, so a file with a finding is read once more."""
    found = list(problems)
    document = room.read(file).document if found else None
    for rule, problem in found:
        yield _finding(rule, problem, document.at(*problem.pointer) if document else Location(file))


def _finding(rule: Rule, problem: Problem, location: Location) -> Finding:
    return Finding(rule.code, rule.level, location, problem.message, problem.hint, problem.pointer)
