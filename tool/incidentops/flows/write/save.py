"""Save a draft, such as a new record: write its file, push it with a merge request, and return what came of it."""

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from incidentops.core.errors import Failed, Refused
from incidentops.core.text import quoted
from incidentops.flows.write.push import PushBase, PushFailure, PushResult, push_record
from incidentops.flows.write.record import Declaration, Draft, commit_message, new_draft
from incidentops.flows.write.session import WriteMode, WriteSession, known_author, push_base
from incidentops.store.atomic import naming_failures, write_atomically


class NextStep(StrEnum):
    """What is left to do for the record to land on the default branch."""

    FIX = "fix"
    WRITE = "write"
    PUSH = "push"
    PUSH_AGAIN = "push_again"
    OPEN_MERGE_REQUEST = "open_merge_request"
    WAIT = "wait"


class WriteResult(Struct, frozen=True):
    """What came of a write: the draft with its findings and diff, whether it is on disk, and where it was pushed.

    `entry` is what was added to the timeline. `pushed` is None when nothing was to be pushed.
    """

    draft: Draft
    entry: Mapping[str, object]
    mode: WriteMode
    written: bool
    pushed: PushResult | PushFailure | None = None

    @property
    def refused(self) -> bool:
        """Whether the rules kept it from being written."""
        return self.draft.incident is None or (self.draft.blocked and not self.mode.anyway)

    @property
    def next_step(self) -> NextStep:
        """What is left to do."""
        if self.refused:
            return NextStep.FIX
        if self.mode.dry_run:
            return NextStep.WRITE
        match self.pushed:
            case None:
                return NextStep.PUSH
            case PushFailure():
                return NextStep.PUSH_AGAIN
            case PushResult(request=request, options_taken=taken):
                return NextStep.WAIT if request or taken else NextStep.OPEN_MERGE_REQUEST


def save(
    session: WriteSession,
    draft: Draft,
    entry: Mapping[str, object],
    mode: WriteMode,
    base: PushBase | PushFailure | None,
    disk: str | None = None,
) -> WriteResult:
    """Write a draft and push it, as far as the mode and the rules allow. Raises Failed when it cannot.

    `base` is where a push goes on from; `disk` is the text of the file now (None: there is none).
    """
    outcome = WriteResult(draft, entry, mode, written=False)
    if outcome.refused or mode.dry_run:
        return outcome
    path = session.archive.root / draft.file
    with naming_failures(path):
        write_atomically(path, draft.after, disk)
    pushed = _push(session, draft, commit_message(draft.id, entry, new=draft.before is None), base)
    return WriteResult(draft, entry, mode, written=True, pushed=pushed)


def declare(session: WriteSession, declaration: Declaration, mode: WriteMode) -> WriteResult:
    """Write a new record, checked by the rules before. Without an author or a moment they are found as for an update.

    Raises WrongUse for a slug that cannot be used, Refused when the server has such a record, Failed when the file
    cannot be written.
    """
    first = declaration.first
    signed = replace(first, by=known_author(session, first.by), at=first.at or session.now)
    draft = new_draft(session.archive, replace(declaration, first=signed), session.check)
    base = push_base(session, draft.file, mode)
    if isinstance(base, PushBase) and base.text is not None:
        raise Refused(f"{base.remote} has a record {quoted(draft.id)} already", "git pull, or choose another --slug")
    entry = draft.incident.timeline[0].content if draft.incident is not None else {}
    return save(session, draft, entry, mode, base)


def _push(
    session: WriteSession, draft: Draft, message: str, base: PushBase | PushFailure | None
) -> PushResult | PushFailure | None:
    if not isinstance(base, PushBase):
        return base
    try:
        return push_record(session.repository(), base, draft.file, draft.after, message)
    except Failed as error:
        return PushFailure(error.message, error.hint or "commit and push the file by hand")
