"""The base of a run: what landed of the records that differ from it, and who committed what has become of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from msgspec import Struct, field

from incidentops.core.finding import Finding
from incidentops.core.source import Document
from incidentops.model import build
from incidentops.model.change import FILE, ChangeAuthors, CommitAuthor, RecordChange, compare, shared_entries, signs
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.merge_timelines import EntryMark
from incidentops.rules.append_only import deleted, record_gone
from incidentops.store.git.difference import CommitStep, Comparison
from incidentops.store.git.history import History, LandedVersion
from incidentops.store.schema.shape import Shape
from incidentops.store.yaml.reader import read_bytes, read_file


class LandedRecord(Struct, frozen=True):
    """A record as it landed (None: it is new), where it was when that was elsewhere, and who changed it since."""

    landed: Document | None
    former: str = ""
    authors: ChangeAuthors = field(default_factory=ChangeAuthors)


class ComparisonBase(Struct, frozen=True):
    """The commit to compare with, by file what is to be compared, and the records that are nowhere any more."""

    commit: str
    records: Mapping[str, LandedRecord]
    gone: tuple[str, ...]

    def change(self, incident: Incident) -> RecordChange | None:
        """Return what became of a record; None when it is what it was, or could not be read when it landed."""
        before = self.records.get(incident.source.file)
        if before is None:
            return None
        ownership = incident.now.ownership
        landed = build.incident(before.landed, ownership) if before.landed else None
        return compare(landed, incident, before.authors, before.former)

    def deleted(self, handbook: Handbook) -> Iterator[Finding]:
        """Yield what there is to say of the records that are gone."""
        for file in self.gone:
            finding = deleted(file, self.commit[:12], handbook.rules.get(record_gone.code))
            if finding:
                yield finding


def base_of(root: Path, revision: str, files: Sequence[str]) -> ComparisonBase:
    """Compare some of the records of a repository with where their branch left a revision.

    Raises WrongUse when the revision, or what is between, is not here.
    """
    history = History(root)
    comparison = Comparison(root, history)
    difference = comparison.since(revision)
    wanted = [file for file in files if file in difference.changed]
    landed = {file: version for file in wanted if (version := difference.changed[file])}
    fresh = [file for file in wanted if file not in landed]
    documents = documents_of(history, (*landed.values(), *difference.gone.values()))
    gone = {file: documents[version] for file, version in difference.gone.items()}
    moves = renamed(gone, {file: read_file(root, file, Shape.INCIDENT).document for file in fresh}) if gone else {}
    landed |= {file: difference.gone[former] for file, former in moves.items()}
    compared = {file: documents[landed[file]] if file in landed else None for file in wanted}
    # What could not be read when it landed cannot be compared with.
    readable = {file: document for file, document in compared.items() if document or file not in landed}
    marks = {file: _marks(document, moved=file in moves) for file, document in readable.items()}
    authors = _authors_of(history, tuple(comparison.steps(difference)), marks, comparison.me()) if marks else {}
    records = {file: LandedRecord(document, moves.get(file, ""), authors[file]) for file, document in readable.items()}
    return ComparisonBase(difference.base, records, tuple(sorted(difference.gone.keys() - set(moves.values()))))


def documents_of(history: History, versions: Iterable[LandedVersion]) -> Mapping[LandedVersion, Document | None]:
    """Read records out of git; None for what cannot be read."""
    documents: dict[LandedVersion, Document | None] = dict.fromkeys(versions)
    readable = [version for version in documents if not version.not_regular]
    contents = history.contents(version.blob for version in readable)
    for version, (_, content) in zip(readable, contents, strict=True):
        if isinstance(content, bytes):
            documents[version] = read_bytes(content, version.file, Shape.INCIDENT).document
    return documents


def _marks(document: Document | None, *, moved: bool) -> frozenset[EntryMark]:
    """What of a record landed; that it lies where it does is new when it is, or when it was elsewhere."""
    if document is None:
        return frozenset()
    found = signs(document.data)
    return found - {FILE} if moved else found


def renamed(gone: Mapping[str, Document | None], new: Mapping[str, Document | None]) -> Mapping[str, str]:
    """Find the new files that are records which are gone, and return their old paths.

    They have the same id or entries of theirs. What cannot be read is not known again.
    """
    moves: dict[str, str] = {}
    for former, landed in sorted((file, document) for file, document in gone.items() if document):
        likeness = {file: _likeness(landed, one) for file, one in new.items() if one and file not in moves}
        likest = max(likeness, key=lambda file: (likeness[file], file), default="")
        if likest and likeness[likest] > (False, 0):
            moves[likest] = former
    return moves


def _likeness(landed: Document, new: Document) -> tuple[bool, int]:
    same_id = build.record_id(landed.file) == build.record_id(new.file)
    return same_id, shared_entries(landed.data, new.data)


_Wrote = Mapping[EntryMark, tuple[CommitAuthor, ...]]


class _EntryHistory(Struct, frozen=True):
    """One file in one commit: who added what the base has not, who removed what it had.

    `unsure` are authors of versions before this that could not be read: they may have written what comes next.
    """

    added: _Wrote = field(default_factory=dict)
    removed: _Wrote = field(default_factory=dict)
    unsure: tuple[CommitAuthor, ...] = ()


_CommitHistories = Mapping[str, _EntryHistory]
_VersionMarks = Mapping[LandedVersion | None, frozenset[EntryMark] | None]


def _authors_of(
    history: History, steps: Sequence[CommitStep], landed: Mapping[str, frozenset[EntryMark]], rest: CommitAuthor
) -> Mapping[str, ChangeAuthors]:
    """Return the authors of some files: `landed` has the marks of what each of them was in the base.

    Each commit since the base is compared with its parents, entry by entry. So it is the commit that brought an entry
    into the version that is checked, across merges, whatever was moved around it. `steps` are all commits since the
    base; what is in none of them is by `rest`.
    """
    marks = _version_marks(history, steps, landed)
    commits: dict[str, _CommitHistories] = {}
    tip: _CommitHistories = {}
    for step in steps:
        parents = [commits.get(parent, {}) for parent in step.parents]
        tip = parents[0] if parents else {}
        touched = [file for file in step.versions if file in landed]
        if touched:
            tip = dict(tip)
            for file in touched:
                before = [parent.get(file, _EntryHistory()) for parent in parents] or [_EntryHistory()]
                tip[file] = _next(before, step, marks[step.versions[file]], landed[file])
        commits[step.sha] = tip
    lines = {file: tip.get(file, _EntryHistory()) for file in landed}
    return {file: ChangeAuthors(line.added, line.removed, (*line.unsure, rest)) for file, line in lines.items()}


def _version_marks(history: History, steps: Iterable[CommitStep], files: Iterable[str]) -> _VersionMarks:
    """Read every version since the base: its marks, or None when it cannot be read."""
    wanted = set(files)
    versions = [v for step in steps for file, v in step.versions.items() if v and file in wanted]
    documents = documents_of(history, versions)
    return {None: frozenset(), **{version: signs(d.data) if d else None for version, d in documents.items()}}


def _next(
    lines: Sequence[_EntryHistory], step: CommitStep, marks: frozenset[EntryMark] | None, landed: frozenset[EntryMark]
) -> _EntryHistory:
    who = (*dict.fromkeys(author for line in lines for author in line.unsure), step.author)
    if marks is None:
        return _EntryHistory(lines[0].added, lines[0].removed, who)
    return _EntryHistory(
        {mark: next((line.added[mark] for line in lines if mark in line.added), who) for mark in marks - landed},
        {mark: next((line.removed[mark] for line in lines if mark in line.removed), who) for mark in landed - marks},
    )
