"""What became of a record between two versions: what landed before and stands, was rewritten or is gone; what is new.

Entries are compared by their canonical content, so that layout and the order of keys do not count.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import cast

from msgspec import Struct, field

from incidentops.core.source import DataNode
from incidentops.model.entry import Entry, canonical
from incidentops.model.incident import Incident, Waiver
from incidentops.model.merge_timelines import EntryMark, entry_marks

FILE: EntryMark = ("file", 0)
"""The mark of the file itself: who put the record at its path."""


class CommitAuthor(Struct, frozen=True):
    """Who answers for a commit. `signer` is what a good signature says, empty when there is none."""

    name: str
    email: str
    signer: str = ""

    @property
    def address(self) -> str:
        """The address that counts: a good signature wins over what the commit says of itself."""
        return self.signer or self.email


class ChangeAuthors(Struct, frozen=True):
    """Who committed what a change adds, and what it takes away.

    Several authors of one thing: one of them wrote it, and the versions between could not be read. `rest` wrote
    whatever is named nowhere; when it is empty too, nobody knows.
    """

    added: Mapping[EntryMark, tuple[CommitAuthor, ...]] = field(default_factory=dict)
    removed: Mapping[EntryMark, tuple[CommitAuthor, ...]] = field(default_factory=dict)
    rest: tuple[CommitAuthor, ...] = ()


class RecordChange(Struct, frozen=True):
    """Two versions of a record, the landed one (None: it is new) and the present one.

    `kept` and `rewritten` lead from the index of an entry to that of the landed entry it is, or was. `moved` are
    landed entries that stand behind one that landed after them. `former` is the path that the record was at, empty
    when it is where it was.
    """

    before: Incident | None
    after: Incident
    kept: Mapping[int, int]
    rewritten: Mapping[int, int]
    moved: tuple[Entry, ...]
    gone: tuple[Entry, ...]
    new: tuple[Entry, ...]
    new_waivers: tuple[Waiver, ...]
    former: str
    _authors: ChangeAuthors
    _was: Sequence[EntryMark]
    _now: Sequence[EntryMark]

    @property
    def landed(self) -> tuple[Entry, ...]:
        """The timeline as it landed."""
        return self.before.timeline if self.before else ()

    def who_added(self, entry: Entry) -> tuple[CommitAuthor, ...]:
        """Return who committed an entry that is new, or what was made of a rewritten one."""
        return self._added(self._now[entry.index])

    def who_removed(self, entry: Entry) -> tuple[CommitAuthor, ...]:
        """Return who took a landed entry away."""
        return self._authors.removed.get(self._was[entry.index], self._authors.rest)

    def who_granted(self, waiver: Waiver) -> tuple[CommitAuthor, ...]:
        """Return who committed a waiver that is new."""
        return self._added(_waiver_marks(self.after)[waiver.index])

    def who_chose_the_kind(self) -> tuple[CommitAuthor, ...]:
        """Return who committed the present kind of the record."""
        return self._added(_kind_mark(self.after.source.data))

    def who_put_it_here(self) -> tuple[CommitAuthor, ...]:
        """Return who put the record at its path, in a change that did."""
        return self._added(FILE)

    def _added(self, mark: EntryMark) -> tuple[CommitAuthor, ...]:
        return self._authors.added.get(mark, self._authors.rest)


def compare(before: Incident | None, after: Incident, authors: ChangeAuthors, former: str = "") -> RecordChange:
    """Compare the landed version of a record with the present one."""
    was, now = _entry_marks(before), _entry_marks(after)
    landed = before.timeline if before else ()
    there = {mark: index for index, mark in enumerate(was)}
    here = frozenset(now)
    kept = {index: there[mark] for index, mark in enumerate(now) if mark in there}
    lost = [entry for entry, mark in zip(landed, was, strict=True) if mark not in here]
    fresh = [entry for entry in after.timeline if entry.index not in kept]
    rewritten = _rewritten(lost, fresh)
    granted = frozenset(_waiver_marks(before))
    return RecordChange(
        before=before,
        after=after,
        kept=kept,
        rewritten=rewritten,
        moved=tuple(_moved(landed, after.timeline, kept)),
        gone=tuple(entry for entry in lost if entry.index not in rewritten.values()),
        new=tuple(entry for entry in fresh if entry.index not in rewritten),
        new_waivers=tuple(
            waiver for waiver, mark in zip(after.waivers, _waiver_marks(after), strict=True) if mark not in granted
        ),
        former=former,
        _authors=authors,
        _was=was,
        _now=now,
    )


def signs(data: DataNode) -> frozenset[EntryMark]:
    """Return the marks of everything in a record whose author matters."""
    entries, waivers = (cast("Sequence[DataNode]", data.get(key, ())) for key in ("timeline", "waivers"))
    return frozenset((*entry_marks(entries), *entry_marks(waivers), _kind_mark(data), FILE))


def shared_entries(one: DataNode, other: DataNode) -> int:
    """Return how many entries two records have in common."""
    mine, yours = (entry_marks(cast("Sequence[DataNode]", data["timeline"])) for data in (one, other))
    return len(set(mine) & set(yours))


def _kind_mark(data: DataNode) -> EntryMark:
    return (canonical({"kind": data["kind"]}), 0)


def _entry_marks(incident: Incident | None) -> Sequence[EntryMark]:
    return entry_marks([entry.content for entry in incident.timeline]) if incident else ()


def _waiver_marks(incident: Incident | None) -> Sequence[EntryMark]:
    return entry_marks(cast("Sequence[DataNode]", incident.source.data.get("waivers", ()))) if incident else ()


def _rewritten(lost: Iterable[Entry], fresh: Sequence[Entry]) -> Mapping[int, int]:
    """Pair what is no longer there with what took its place: the likest entry of that second, or of that wording."""
    left = list(fresh)
    pairs = {}
    for entry in lost:
        near = max(left, key=lambda other: _likeness(entry, other), default=None)
        if near and _likeness(entry, near) >= (0, 2):
            left.remove(near)
            pairs[near.index] = entry.index
    return pairs


def _likeness(one: Entry, other: Entry) -> tuple[int, int]:
    """How alike two entries are: whether they are of one second, and how much else they share. `(0, 2)` is enough."""
    shared = sum(key in other.content and other.content[key] == value for key, value in one.content.items())
    return (int(one.at == other.at), shared)


def _moved(landed: Sequence[Entry], timeline: Sequence[Entry], kept: Mapping[int, int]) -> Iterator[Entry]:
    """Entries that stand behind one that landed after them. Putting a disorder that landed in order moves none."""
    # From a note nothing follows, wherever it stands among those of its second.
    standing = [e for e in timeline if e.index in kept and e.content.keys() - {"at", "by", "note"}]
    order = [kept[entry.index] for entry in standing]
    if order == sorted(order, key=lambda index: (landed[index].at, index)):
        return
    highest = -1
    for entry, was in zip(standing, order, strict=True):
        if was < highest:
            yield entry
        highest = max(highest, was)
