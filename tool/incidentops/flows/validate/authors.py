"""Who wrote what is new in some records: each commit since the base is compared with its parents, entry by entry.

So it is the commit that brought an entry into the version that is checked, across merges, whatever was moved around it.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct, field

from incidentops.model.change import ChangeAuthors, CommitAuthor, signs
from incidentops.model.merge_timelines import EntryMark
from incidentops.store.git.difference import CommitStep
from incidentops.store.git.history import History, LandedVersion
from incidentops.store.yaml.reader import read_bytes
from incidentops.store.yaml.schema import Shape

_Wrote = Mapping[EntryMark, tuple[CommitAuthor, ...]]


class _EntryHistory(Struct, frozen=True):
    """One file in one commit: who added what the base has not, who removed what it had.

    `unsure` are authors of versions before this that could not be read: they may have written what comes next.
    """

    added: _Wrote = field(default_factory=dict)
    removed: _Wrote = field(default_factory=dict)
    unsure: tuple[CommitAuthor, ...] = ()


_CommitHistories = Mapping[str, _EntryHistory]


def authors_of(
    history: History, steps: Sequence[CommitStep], landed: Mapping[str, frozenset[EntryMark]], rest: CommitAuthor
) -> Mapping[str, ChangeAuthors]:
    """Return the authors of some files: `landed` has the marks of what each of them was in the base.

    `steps` are all commits since the base; what is in none of them is by `rest`.
    """
    said = _contents(history, steps, landed)
    commits: dict[str, _CommitHistories] = {}
    tip: _CommitHistories = {}
    for step in steps:
        parents = [commits.get(parent, {}) for parent in step.parents]
        tip = parents[0] if parents else {}
        touched = [file for file in step.versions if file in landed]
        if touched:
            tip = dict(tip)
            for file in touched:
                lines = [parent.get(file, _EntryHistory()) for parent in parents] or [_EntryHistory()]
                tip[file] = _next(lines, step, said[step.versions[file]], landed[file])
        commits[step.sha] = tip
    return {file: _told(tip.get(file, _EntryHistory()), rest) for file in landed}


_VersionMarks = Mapping[LandedVersion | None, frozenset[EntryMark] | None]


def _contents(history: History, steps: Iterable[CommitStep], files: Iterable[str]) -> _VersionMarks:
    """Read every version since the base: its marks, or None when it cannot be read."""
    wanted = set(files)
    said: dict[LandedVersion | None, frozenset[EntryMark] | None] = {None: frozenset()}
    said |= {v: None for step in steps for file, v in step.versions.items() if v and file in wanted}
    readable = [version for version in said if version and not version.not_regular]
    contents = history.contents(version.blob for version in readable)
    for version, (_, content) in zip(readable, contents, strict=True):
        if isinstance(content, bytes):
            document = read_bytes(content, version.file, Shape.INCIDENT).document
            said[version] = signs(document.data) if document else None
    return said


def _next(
    lines: Sequence[_EntryHistory], step: CommitStep, said: frozenset[EntryMark] | None, landed: frozenset[EntryMark]
) -> _EntryHistory:
    who = (*dict.fromkeys(author for line in lines for author in line.unsure), step.author)
    if said is None:
        return _EntryHistory(lines[0].added, lines[0].removed, who)
    return _EntryHistory(
        {mark: next((line.added[mark] for line in lines if mark in line.added), who) for mark in said - landed},
        {mark: next((line.removed[mark] for line in lines if mark in line.removed), who) for mark in landed - said},
    )


def _told(line: _EntryHistory, rest: CommitAuthor) -> ChangeAuthors:
    return ChangeAuthors(line.added, line.removed, (*line.unsure, rest))
