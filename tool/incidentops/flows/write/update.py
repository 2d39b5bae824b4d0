"""Add one entry to the timeline of a record: an update, a role taken or given back, a page, the resolve."""

from msgspec.structs import replace

from incidentops.core.errors import WrongUse
from incidentops.flows.write.record import EntryRequest, append, default_moment, entry
from incidentops.flows.write.resolve import needs_public_text
from incidentops.flows.write.save import WriteResult, save
from incidentops.flows.write.session import RecordTarget, WriteMode, WriteSession, known_author
from incidentops.model.vocabulary import State, Status


def update(session: WriteSession, target: RecordTarget, request: EntryRequest, mode: WriteMode) -> WriteResult:
    """Add an entry. Raises WrongUse when there is nothing to add, and for a role given back without a reason."""
    if request.empty:
        raise WrongUse("there is nothing to add", "give at least one of --state, --status, --publish, --note, ...")
    if request.release and not request.why:
        raise WrongUse("--why is missing", "say why the role is given back")
    by = known_author(session, request.by)
    at = request.at or default_moment(target.incident, session.now)
    added = entry(replace(request, by=by, at=at, who=request.who if request.who != by else ""))
    draft = append(session.archive, target.file, target.text, added, session.check)
    return save(session, draft, added, mode, target.base, target.disk)


def resolve(session: WriteSession, target: RecordTarget, request: EntryRequest, mode: WriteMode) -> WriteResult:
    """Resolve the incident: state resolved, status operational. The rules block whoever does not own it.

    Raises WrongUse without a public text where customers have read about the incident.
    """
    if needs_public_text(target.incident) and not request.publish:
        raise WrongUse("--publish is missing", "customers have read about this incident: tell them that it is over")
    return update(session, target, replace(request, state=State.RESOLVED, status=Status.OPERATIONAL), mode)
