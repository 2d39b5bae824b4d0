"""The one comment on a merge request: found by mark and author, changed in place, never piled up."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial
from itertools import groupby

from msgspec import Struct

from incidentops.core.errors import Failed, Unknown
from incidentops.flows.reconcile.merge_requests import MergeRequestFinder
from incidentops.plan.approval import unseen
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.plan import Plan
from incidentops.plan.resource import SHARED, LedgerEntry
from incidentops.providers.base import Forbidden, MergeRequestApi, MergeRequestNote, NotFound
from incidentops.render import plan_notes
from incidentops.render.plan_notes import NoteSubject, Other
from incidentops.store.records import HANDBOOK

Clean = Callable[[str], str]
"""Takes every token out of a text before it is sent."""

_LEFT_ALONE = frozenset({OutcomeStatus.SKIPPED, OutcomeStatus.MANUAL})

Compose = Callable[[Sequence[Other]], str]
"""Returns the text of the comment, given those that look like it and are not ours."""


def note_plan(client: MergeRequestApi, merge_request: int, plan: Plan, subject: NoteSubject, clean: Clean) -> str:
    """Write a plan on its merge request, and return what was done in words. Raises Failed, Unknown.

    Nothing is written for a commit that is no longer the newest, or for a merge request that is not open any more.
    """
    seen = client.merge_request(merge_request)
    if not seen.open:
        return f"nothing is written on merge request {merge_request}: it is not open any more"
    if seen.sha and seen.sha != subject.commit:
        return f"nothing is written on merge request {merge_request}: the pipeline of its newest commit does that"
    return upsert_note(client, merge_request, partial(plan_notes.planned, plan, subject), clean)


def note_done(
    finder: MergeRequestFinder,
    files: Mapping[str, str],
    outcomes: Sequence[Outcome],
    entries: Mapping[str, LedgerEntry],
    clean: Clean,
) -> tuple[str, ...]:
    """Write what was done on the merge requests that landed it. Raises Failed, Unknown.

    `files` are the records' paths by id. Outcomes that every run repeats are not worth a comment of their own.
    """
    results = []
    for merge_request, some in sorted(_by_merge_request(finder, files, outcomes).items()):
        named = {outcome.effect.name.incident for outcome in some} - {SHARED}
        there = {name: entry for name, entry in entries.items() if name in named}
        results.append(upsert_note(finder.client, merge_request, partial(plan_notes.done, some, there), clean))
    return tuple(results)


def _by_merge_request(
    finder: MergeRequestFinder, files: Mapping[str, str], outcomes: Sequence[Outcome]
) -> Mapping[int, list[Outcome]]:
    found: dict[int, list[Outcome]] = {}
    ordered = sorted(outcomes, key=lambda outcome: outcome.effect.name.incident)
    for incident, group in groupby(ordered, key=lambda outcome: outcome.effect.name.incident):
        some = list(group)
        # Not what every run repeats, nor what needs no review.
        if not any(outcome.status not in _LEFT_ALONE and unseen(outcome.effect, ()) for outcome in some):
            continue
        landing = next(finder.of([files[incident] if incident else HANDBOOK]), None)
        for merge_request in landing.merge_requests if landing else ():
            found.setdefault(merge_request.iid, []).extend(some)
    return found


def upsert_note(client: MergeRequestApi, merge_request: int, compose: Compose, clean: Clean) -> str:
    """Write our one comment, or update it, and return what was done in words.

    Ours is what has the mark and was written by our own account: anybody can copy a mark.
    """
    me = client.my_id()
    existing = _look(client, merge_request, me)
    body = plan_notes.signed(merge_request, clean(compose(existing.others())))
    if newest := existing.newest:
        if plan_notes.intact(newest.body) and plan_notes.marked(newest.body) == plan_notes.marked(body):
            return f"the comment on merge request {merge_request} is up to date"
        try:
            client.change_note(merge_request, newest.id, body)
        except NotFound:  # somebody has just deleted it
            pass
        except Forbidden:
            body = plan_notes.signed(merge_request, clean(compose(existing.others(lost=True))))
        else:
            return f"the comment on merge request {merge_request} was updated"
    _write(client, merge_request, me, body, frozenset(note.id for note in existing.ours))
    return f"a comment was written on merge request {merge_request}"


class _ExistingNotes(Struct, frozen=True):
    """The comments with our mark: those by our account, and those by others."""

    ours: tuple[MergeRequestNote, ...]
    foreign: tuple[MergeRequestNote, ...]

    @property
    def newest(self) -> MergeRequestNote | None:
        return self.ours[-1] if self.ours else None

    def others(self, *, lost: bool = False) -> tuple[Other, ...]:
        """The comments that look like ours; with `lost` ours too, since it cannot be updated any more."""
        kept = None if lost else self.newest
        found = sorted((*self.foreign, *(note for note in self.ours if note is not kept)), key=lambda note: note.id)
        return tuple((note.id, note.author) for note in found)


def _look(client: MergeRequestApi, merge_request: int, me: int) -> _ExistingNotes:
    found = [
        note for note in client.notes(merge_request) if (plan_notes.marked(note.body) or (0, ""))[0] == merge_request
    ]
    return _ExistingNotes(
        tuple(note for note in found if note.author_id == me), tuple(note for note in found if note.author_id != me)
    )


def _write(client: MergeRequestApi, merge_request: int, me: int, body: str, before: frozenset[int]) -> None:
    """Write the comment once, whatever becomes of the answer; of two runs that did at one moment the later stays."""
    try:
        client.write_note(merge_request, body)
    except Unknown:
        if not _written(client, merge_request, me, before):
            client.write_note(merge_request, body)
    for copy in _written(client, merge_request, me, before)[:-1]:
        with suppress(Failed):
            client.change_note(merge_request, copy.id, plan_notes.COPY)


def _written(
    client: MergeRequestApi, merge_request: int, me: int, before: frozenset[int]
) -> tuple[MergeRequestNote, ...]:
    """The comments of ours that were not there when we began."""
    return tuple(note for note in _look(client, merge_request, me).ours if note.id not in before)
