"""Declare an incident, or report a near miss: a new record."""

from incidentops.core.errors import Refused
from incidentops.core.text import quoted
from incidentops.flows.write.push import PushBase
from incidentops.flows.write.record import Declaration, new_draft
from incidentops.flows.write.save import WriteResult, save
from incidentops.flows.write.session import WriteMode, WriteSession, push_base


def declare(session: WriteSession, declaration: Declaration, mode: WriteMode) -> WriteResult:
    """Write a new record, checked by the rules before.

    Raises WrongUse for a slug that cannot be used, Refused when the server has such a record, Failed when the file
    cannot be written.
    """
    draft = new_draft(session.archive, declaration, session.check)
    base = push_base(session, draft.file, mode)
    if isinstance(base, PushBase) and base.text is not None:
        raise Refused(f"{base.remote} has a record {quoted(draft.id)} already", "git pull, or choose another --slug")
    entry = draft.incident.timeline[0].content if draft.incident is not None else {}
    return save(session, draft, entry, mode, base)
