"""Add one entry to the timeline of a record: an update, a role taken or given back, a page, the resolve."""

from dataclasses import dataclass, fields, replace
from datetime import datetime

from incidentops.core.errors import WrongUse
from incidentops.flows.write.record import append, default_moment, entry
from incidentops.flows.write.resolve import needs_public_text
from incidentops.flows.write.save import WriteResult, save
from incidentops.flows.write.session import RecordTarget, WriteMode, WriteSession, known_author
from incidentops.model.vocabulary import Audience, Role, Severity, State, Status


@dataclass(frozen=True, slots=True)
class EntryRequest:
    """What somebody wants to add to a timeline.

    Without `by` it is the author whom the session finds; without `at` it is now, but not before the last entry. `who`
    is the person who takes or gives back a role, when it is not the author.
    """

    by: str = ""
    at: datetime | None = None
    state: State | None = None
    status: Status | None = None
    severity: Severity | None = None
    services: tuple[str, ...] = ()
    audience: Audience | None = None
    engage: Role | None = None
    release: Role | None = None
    page: Role | None = None
    who: str = ""
    why: str = ""
    note: str = ""
    publish: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it to add."""
        decisions = (self.state, self.status, self.severity, self.services, self.audience)
        return not any((*decisions, self.engage, self.release, self.page, self.note, self.publish))


def update(session: WriteSession, target: RecordTarget, request: EntryRequest, mode: WriteMode) -> WriteResult:
    """Add an entry. Raises WrongUse when there is nothing to add, and for a role given back without a reason."""
    if request.empty:
        raise WrongUse("there is nothing to add", "give at least one of --state, --status, --publish, --note, ...")
    if request.release and not request.why:
        raise WrongUse("--why is missing", "say why the role is given back")
    by = known_author(session, request.by)
    named = replace(request, by=by, who=request.who if request.who != by else "")
    decisions = {field.name: getattr(named, field.name) for field in fields(named) if field.name not in ("at", "by")}
    added = entry(request.at or default_moment(target.incident, session.now), by, **decisions)
    draft = append(session.archive, target.file, target.text, added, session.check)
    return save(session, draft, added, mode, target.base, target.disk)


def resolve(session: WriteSession, target: RecordTarget, request: EntryRequest, mode: WriteMode) -> WriteResult:
    """Resolve the incident: state resolved, status operational. The rules block whoever does not own it.

    Raises WrongUse without a public text where customers have read about the incident.
    """
    if needs_public_text(target.incident) and not request.publish:
        raise WrongUse("--publish is missing", "customers have read about this incident: tell them that it is over")
    return update(session, target, replace(request, state=State.RESOLVED, status=Status.OPERATIONAL), mode)
