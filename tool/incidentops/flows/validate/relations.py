"""What can only be checked over several records: ids, relations, incidents that may be one.

Records that were not selected are read when asked for.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from itertools import chain

from incidentops.core import moment
from incidentops.core.finding import Finding, Location, Problem
from incidentops.flows.validate.records import ValidationRun, facts_of
from incidentops.flows.validate.selection import Selection
from incidentops.model import build
from incidentops.rules.engine.rule import Rule
from incidentops.rules.possible_duplicates import OverlapIndex, Presence
from incidentops.rules.relations import RelationSummary, circles, id_problems, relation_problems, summary, twice
from incidentops.store.cache.verdicts import RecordFacts


def check_relations(run: ValidationRun, selection: Selection, facts: Mapping[str, RecordFacts]) -> Iterator[Finding]:
    """Check the selected files against all others; `facts` is what others need to know of the selected ones."""
    same = twice(selection.every)
    for file in selection.files if same else ():
        for rule, problem in id_problems(file, same):
            yield _finding(rule, problem, Location(file))
    summaries = [
        RelationSummary(build.record_id(file), file, one.related) for file, one in facts.items() if one.related
    ]
    if summaries:
        files = {build.record_id(file): file for file in selection.every}
        ids = frozenset(files)
        known: dict[str, RelationSummary | None] = {build.record_id(file): None for file in selection.files}
        found = circles((s.id for s in summaries), _lookup(run, files, known | {s.id: s for s in summaries}))
        for one in summaries:
            yield from _placed(run, one.file, relation_problems(one, ids, found))
    yield from _check_neighbours(run, selection, facts)


def _check_neighbours(run: ValidationRun, selection: Selection, facts: Mapping[str, RecordFacts]) -> Iterator[Finding]:
    """Check the selected incidents against each other, and against others of the same days.

    An incident of another day that is still live is found when all records are checked: to look for it here would be
    to read them all.
    """
    presences = [found for file, one in facts.items() if (found := _presence(file, one))]
    read = ((file, run.incident(file)) for file in _others_near(selection, presences))
    near = [found for file, other in read if other and (found := _presence(file, facts_of(other)))]
    services = run.rules.context.handbook.services
    components = {key: tuple(chain.from_iterable(one.places.values())) for key, one in services.items()}
    neighbours = OverlapIndex((*presences, *near), components)
    crowded = neighbours.crowded()
    for one in presences:
        if one.file in crowded:
            yield from _placed(run, one.file, neighbours.check(one))


def _presence(file: str, facts: RecordFacts) -> Presence | None:
    """Return an incident as others may overlap with it; None for a near miss."""
    if facts.declared is None:
        return None
    related = frozenset([to for to, _ in facts.related])
    return Presence(build.record_id(file), file, facts.declared, facts.services, facts.live_on, related)


def _others_near(selection: Selection, presences: Iterable[Presence]) -> Sequence[str]:
    """The files that were not selected and are dated like a selected incident, or a day before or after."""
    if len(selection.files) == len(selection.every):
        return ()
    selected = frozenset(selection.files)
    dates = {moment.plus(one.declared, timedelta(days)).date().isoformat() for one in presences for days in (-1, 0, 1)}
    return [file for file in selection.every if file not in selected and build.record_id(file)[:10] in dates]


def _lookup(
    run: ValidationRun, files: Mapping[str, str], known: dict[str, RelationSummary | None]
) -> Callable[[str], RelationSummary | None]:
    """Return what gives the summary of a record by its id; records that are not known yet are read when asked for."""

    def lookup(key: str) -> RelationSummary | None:
        if key not in known:
            incident = run.incident(files[key]) if key in files else None
            known[key] = summary(incident) if incident else None
        return known[key]

    return lookup


def _placed(run: ValidationRun, file: str, problems: Iterable[tuple[Rule, Problem]]) -> Iterator[Finding]:
    """Find the places: the documents are not kept, so a file with a finding is read once more."""
    found = list(problems)
    document = run.read(file).document if found else None
    for rule, problem in found:
        yield _finding(rule, problem, document.at(*problem.pointer) if document else Location(file))


def _finding(rule: Rule, problem: Problem, location: Location) -> Finding:
    return Finding(rule.code, rule.level, location, problem.message, problem.hint, problem.pointer)
