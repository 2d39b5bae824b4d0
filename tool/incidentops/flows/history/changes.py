"""What each landing made of the records: which versions are new, what they were before, what moved, what is gone."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from incidentops.core.commit import Commit
from incidentops.flows.history.relations import LandedState
from incidentops.flows.validate.base import documents_of, renamed
from incidentops.store.git.history import History, LandedVersion
from incidentops.store.records import HANDBOOK, is_record


class LandedStep(Struct, frozen=True):
    """One landing. `changed` are files that are not what they were; `before` has what they were, and what is gone.

    `moves` has the former path of records that were renamed; `handbook` is the one that holds from then on.
    """

    number: int
    commit: Commit
    changed: tuple[LandedVersion, ...]
    before: Mapping[str, LandedVersion | None]
    moves: Mapping[str, str]
    gone: tuple[str, ...]
    handbook: LandedVersion | None


def steps_of(history: History, past: LandedState) -> Iterator[LandedStep]:
    """Yield the landings, the oldest first."""
    here = dict(past.start)
    for number, landing in enumerate(past.landings):
        changed = tuple(version for version in landing.versions if here.get(version.file) != version)
        before = {file: here.pop(file, None) for file in (*landing.gone, *(version.file for version in changed))}
        here.update((version.file, version) for version in changed)
        records = {file: version for file in landing.gone if is_record(file) and (version := before[file])}
        moves = _moves(history, records, [v for v in changed if is_record(v.file) and before[v.file] is None])
        gone = tuple(sorted(records.keys() - set(moves.values())))
        yield LandedStep(number, landing.commit, changed, before, moves, gone, here.get(HANDBOOK))


def _moves(history: History, gone: Mapping[str, LandedVersion], new: list[LandedVersion]) -> Mapping[str, str]:
    if not (gone and new):
        return {}
    documents = documents_of(history, (*gone.values(), *new))
    return renamed(
        {file: documents[version] for file, version in gone.items()},
        {version.file: documents[version] for version in new},
    )
