"""SEC: what is confidential stays so until its disclosure (handbook: Guidelines on Security Incidents)."""

from collections.abc import Iterator
from datetime import datetime

from incidentops.core import duration, moment
from incidentops.core.finding import Pointer, Problem
from incidentops.core.text import quoted
from incidentops.model.entry import Entry
from incidentops.model.incident import Incident, Security
from incidentops.model.vocabulary import Audience
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule, timed


@rule("SEC001", "A security record is not confidential before its disclosure", waivable=False)
def security_record_not_confidential(incident: Incident, _: Context) -> Iterator[Problem]:
    """Whoever reads of a hole before the fix can use it."""
    if incident.security is None:
        return
    reported = False
    for entry, then in zip(incident.timeline, incident.snapshots, strict=True):
        if then.audience is Audience.CONFIDENTIAL or _disclosed(incident.security, entry.at):
            continue
        if not reported or entry.audience:
            yield Problem(
                _audience_pointer(incident, entry),
                f"the audience is {then.audience} at {moment.clock(entry.at)}, but {_disclosure(incident.security)}",
                "audience: confidential at the top until security.disclosure says when it may be known",
            )
        reported = True


def _audience_pointer(incident: Incident, entry: Entry) -> Pointer:
    """Where the audience of an entry was decided: the last entry with one, else the top of the record."""
    for earlier in reversed(incident.timeline[: entry.index + 1]):
        if earlier.audience:
            return ("timeline", earlier.index, "audience")
    return ("audience",) if "audience" in incident.source.data else ("security",)


def _disclosed(security: Security, at: datetime) -> bool:
    return security.disclosure is not None and at >= security.disclosure.at


def _disclosure(security: Security) -> str:
    if security.disclosure is None:
        return "this is a security record without a disclosure"
    return f"the disclosure is at {moment.show(security.disclosure.at)}"


@timed("SEC002", "The IMOC was not called in time for a serious security incident")
def security_without_imoc(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """S1, unauthorized access, or a whole path blocked: the incident manager helps to decide."""
    for late in ctx.late("SEC002"):
        yield Problem(
            late.pointer,
            f"{_grave(incident.security)}, and no imoc was paged or engaged within {duration.show(late.allowed)} of "
            f"{moment.clock(late.since)}",
            "page: imoc",
        )


def _grave(security: Security | None) -> str:
    """What makes it grave, in words."""
    if security and security.kind == "unauthorized_access":
        return "unauthorized access"
    if security and security.path_blocked == "whole":
        return "a whole path is blocked"
    return "a security incident is S1"


@rule("SEC003", "A text was published while the audience was not public, or before the disclosure", waivable=False)
def published_to_the_wrong_audience(incident: Incident, _: Context) -> Iterator[Problem]:
    """What went to customers cannot be called back."""
    for entry in incident.published:
        then = incident.snapshots[entry.index]
        if then.audience is not Audience.PUBLIC:
            found = f"the audience is {then.audience}"
        elif incident.security and not _disclosed(incident.security, entry.at):
            found = _disclosure(incident.security)
        else:
            continue
        yield Problem(
            ("timeline", entry.index, "publish"),
            f"published at {moment.clock(entry.at)}, but {found}",
            "make it a note, or first widen the audience: audience: public with why",
        )


@rule("SEC004", "The audience was widened by somebody who does not own the incident", kinds=INCIDENT, waivable=False)
def audience_widened_by_non_owner(incident: Incident, _: Context) -> Iterator[Problem]:
    """Narrowing is for everybody, at once; telling more people is for who owned the incident before the entry."""
    for entry in incident.acts:
        if not entry.audience:
            continue
        before = incident.before(entry)
        audience = before.audience if before else incident.audience
        owner = before.owner if before else incident.declarer
        if entry.audience.width > audience.width and entry.by != owner:
            yield Problem(
                ("timeline", entry.index, "audience"),
                f"audience widened from {audience} to {entry.audience} by {quoted(entry.by)}, but {quoted(owner)} "
                "owns the incident",
                f"{quoted(owner)} decides who may know more",
                about=entry.by,
                other=("timeline", incident.began(entry.index - 1, lambda then: then.owner)),
            )
