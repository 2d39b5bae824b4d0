"""Checking landed versions against the other records of their commit: ids that exist twice, and relations."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec import Struct

from incidentops.core.finding import Finding, Location, Problem
from incidentops.flows.validate.base import documents_of
from incidentops.model import build
from incidentops.model.vocabulary import Role
from incidentops.rules.engine.rule import Rule
from incidentops.rules.relations import RelationSummary, circles, id_problems, relation_problems, summary
from incidentops.store.git.history import History, LandedVersion, Landing
from incidentops.store.records import is_record


class LandedState(Struct, frozen=True):
    """The versions before the first landing, by path, and the landings."""

    start: Mapping[str, LandedVersion]
    landings: Sequence[Landing]

    def records(self) -> Iterator[LandedVersion]:
        """Yield every version of a record that is a file."""
        for versions in (self.start.values(), *(landing.versions for landing in self.landings)):
            yield from (version for version in versions if _counts(version))


def check_landed_relations(
    history: History,
    past: LandedState,
    checked: Mapping[int, Sequence[LandedVersion]],
    summaries: Mapping[LandedVersion, RelationSummary | None],
) -> Iterator[tuple[int, Finding]]:
    """Check, landing by landing, the versions named in `checked`; yield the number of the landing with each finding.

    `summaries` are those of the versions that were read already; None stands for one without relations.
    """
    known = _with_others(history, past, summaries)
    commit = _CommitRelations(past.start, known)
    found: list[tuple[int, LandedVersion, Rule, Problem]] = []
    for number, landing in enumerate(past.landings):
        commit.take(landing)
        for version in checked.get(number, ()):
            if _counts(version):
                found += ((number, version, rule, problem) for rule, problem in commit.problems(version))
    yield from _placed(history, found)


class _CommitRelations:
    """The records as they stand in one commit after the other."""

    def __init__(
        self, start: Mapping[str, LandedVersion], summaries: Mapping[LandedVersion, RelationSummary | None]
    ) -> None:
        self._summaries = summaries
        self._by_id: dict[str, dict[str, LandedVersion]] = {}
        for version in start.values():
            self._put(version)

    def take(self, landing: Landing) -> None:
        """Go on to the next commit."""
        for file in (*landing.gone, *(version.file for version in landing.versions)):
            self._remove(file)
        for version in landing.versions:
            self._put(version)

    def problems(self, version: LandedVersion) -> Iterator[tuple[Rule, Problem]]:
        """Check one record against all the others."""
        key = build.record_id(version.file)
        yield from id_problems(version.file, {key: tuple(sorted(self._by_id[key]))})
        one = self._summaries.get(version)
        if one:
            yield from relation_problems(one, self._by_id.keys(), circles([one.id], self._lookup))

    def _put(self, version: LandedVersion) -> None:
        if _counts(version):
            self._by_id.setdefault(build.record_id(version.file), {})[version.file] = version

    def _remove(self, file: str) -> None:
        key = build.record_id(file)
        same = self._by_id.get(key, {})
        same.pop(file, None)
        if not same:
            self._by_id.pop(key, None)

    def _lookup(self, key: str) -> RelationSummary | None:
        same = self._by_id.get(key)
        return self._summaries.get(same[max(same)]) if same else None


def _counts(version: LandedVersion) -> bool:
    return is_record(version.file) and not version.not_regular


def _with_others(
    history: History, past: LandedState, summaries: Mapping[LandedVersion, RelationSummary | None]
) -> Mapping[LandedVersion, RelationSummary | None]:
    """Read the versions that were not checked but that others point to, and those that these point to, and so on."""
    known = dict(summaries)
    unread: dict[str, list[LandedVersion]] = {}
    for version in past.records():
        if version not in known:
            unread.setdefault(build.record_id(version.file), []).append(version)
    fresh: Iterable[RelationSummary | None] = tuple(known.values())
    while wanted := [v for key in _targets(fresh) for v in dict.fromkeys(unread.pop(key, ()))]:
        documents = documents_of(history, wanted).items()
        read = {version: summary(build.incident(d, tuple(Role))) if d else None for version, d in documents}
        known |= read
        fresh = tuple(read.values())
    return known


def _targets(summaries: Iterable[RelationSummary | None]) -> Mapping[str, None]:
    return dict.fromkeys(to for one in summaries if one for to, _ in one.related)


def _placed(
    history: History, found: Sequence[tuple[int, LandedVersion, Rule, Problem]]
) -> Iterator[tuple[int, Finding]]:
    """Find the places: the documents were not kept, so a version with a finding is read once more."""
    documents = documents_of(history, (version for _, version, _, problem in found if problem.pointer))
    for number, version, rule, problem in found:
        document = documents.get(version)
        location = document.at(*problem.pointer) if document and problem.pointer else Location(version.file)
        yield number, Finding(rule.code, rule.level, location, problem.message, problem.hint, problem.pointer)
