"""Add one entry to the timeline of a record: an update, a role taken or given back, a page, the resolve."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from incidentops.core.errors import WrongUse
from incidentops.flows.write.record import append, default_moment, entry
from incidentops.flows.write.resolve import needs_public_text
from incidentops.flows.write.save import FileState, WriteResult, save
from incidentops.flows.write.session import RecordTarget, WriteMode, WriteSession, known_author
from incidentops.model.vocabulary import Audience, Role, Severity, State, Status
from incidentops.store.yaml.emit import YamlValue


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
    who: str = ""
    why: str = ""
    note: str = ""
    publish: str = ""

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it to add."""
        parts = (self.state, self.status, self.severity, self.services, self.audience, self.note, self.publish)
        return not any(parts)


def update(session: WriteSession, target: RecordTarget, request: EntryRequest, mode: WriteMode) -> WriteResult:
    """Add decisions, a public text or a note. Raises WrongUse when there is nothing to add."""
    if request.empty:
        raise WrongUse("there is nothing to add", "give at least one of --state, --status, --publish, --note, ...")
    return _add(session, target, request, mode)


def engage(
    session: WriteSession, target: RecordTarget, role: Role, request: EntryRequest, mode: WriteMode
) -> WriteResult:
    """Let the author, or `who`, take over a role."""
    return _add(session, target, request, mode, engage=role)


def release(
    session: WriteSession, target: RecordTarget, role: Role, request: EntryRequest, mode: WriteMode
) -> WriteResult:
    """Give a role back. Raises WrongUse without a reason."""
    if not request.why:
        raise WrongUse("--why is missing", "say why the role is given back")
    return _add(session, target, request, mode, release=role)


def page(
    session: WriteSession, target: RecordTarget, role: Role, request: EntryRequest, mode: WriteMode
) -> WriteResult:
    """Record that a role was paged."""
    return _add(session, target, request, mode, page=role)


def resolve(session: WriteSession, target: RecordTarget, request: EntryRequest, mode: WriteMode) -> WriteResult:
    """Resolve the incident: state resolved, status operational. The rules block whoever does not own it.

    Raises WrongUse without a public text where customers have read about the incident.
    """
    if needs_public_text(target.incident) and not request.publish:
        raise WrongUse("--publish is missing", "customers have read about this incident: tell them that it is over")
    resolved = replace(request, state=State.RESOLVED, status=Status.OPERATIONAL)
    return _add(session, target, resolved, mode)


def _add(
    session: WriteSession, target: RecordTarget, request: EntryRequest, mode: WriteMode, **role: Role
) -> WriteResult:
    added = _entry(session, target, request, role)
    draft = append(session.archive, target.file, target.text, added, session.check)
    return save(session, draft, added, mode, FileState(target.disk, target.base, target.ahead))


def _entry(
    session: WriteSession, target: RecordTarget, request: EntryRequest, role: Mapping[str, Role]
) -> Mapping[str, YamlValue]:
    by = known_author(session, request.by)
    return entry(
        request.at or default_moment(target.incident, session.now),
        by,
        state=request.state,
        status=request.status,
        severity=request.severity,
        services=request.services,
        audience=request.audience,
        who=request.who if request.who != by else "",
        why=request.why,
        note=request.note,
        publish=request.publish,
        **role,
    )
