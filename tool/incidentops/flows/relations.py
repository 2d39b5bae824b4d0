"""What can only be judged over all records: ids and relations. Records that were not chosen are read when asked for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from incidentops.core.finding import Finding, Location, Problem
from incidentops.flows.chosen import Choice
from incidentops.flows.judging import Courtroom
from incidentops.model import build
from incidentops.rules._rule import Rule
from incidentops.rules.across import Summary, circles, judge_id, judge_relations, summary, twice


def judge_across(room: Courtroom, choice: Choice, summaries: Sequence[Summary]) -> Iterator[Finding]:
    """Judge the chosen files against all others; `summaries` are those of the chosen files that have relations."""
    same = twice(choice.every)
    for file in choice.files if same else ():
        for rule, problem in judge_id(file, same):
            yield _finding(rule, problem, Location(file))
    if summaries:
        files = {build.record_id(file): file for file in choice.every}
        ids = frozenset(files)
        found = circles((s.id for s in summaries), _Known(room, files, choice.files, summaries).lookup)
        for one in summaries:
            yield from _placed(room, one, judge_relations(one, ids, found))


class _Known:
    """Summaries by id: of the chosen records, and of others as they are asked for."""

    def __init__(
        self, room: Courtroom, files: Mapping[str, str], judged: Iterable[str], summaries: Iterable[Summary]
    ) -> None:
        self._room = room
        self._files = files
        self._known: dict[str, Summary | None] = {build.record_id(file): None for file in judged}
        self._known.update({s.id: s for s in summaries})

    def lookup(self, key: str) -> Summary | None:
        if key not in self._known:
            self._known[key] = self._read(self._files[key]) if key in self._files else None
        return self._known[key]

    def _read(self, file: str) -> Summary | None:
        document = self._room.read(file).document
        if document is None:
            return None
        return summary(build.incident(document, self._room.judge.context.handbook.ownership))


def _placed(room: Courtroom, one: Summary, problems: Iterable[tuple[Rule, Problem]]) -> Iterator[Finding]:
    """Find the places: the documents are not kept, so a file with a finding is read once more."""
    found = list(problems)
    document = room.read(one.file).document if found else None
    for rule, problem in found:
        yield _finding(rule, problem, document.at(*problem.pointer) if document else Location(one.file))


def _finding(rule: Rule, problem: Problem, location: Location) -> Finding:
    return Finding(rule.code, rule.level, location, problem.message, problem.hint, problem.pointer)
