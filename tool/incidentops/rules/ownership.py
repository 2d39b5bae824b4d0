"""OWN: one owner at every moment (handbook: Ownership)."""

from collections.abc import Iterator

from incidentops.core import duration, moment
from incidentops.core.finding import Problem
from incidentops.core.text import quoted
from incidentops.model.entry import Entry
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Role, State
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule, timed
from incidentops.rules.engine.wording import on

# Looked up once for each entry of each record: a name of the module is found faster than a member of an enumeration.
_CMOC = Role.CMOC
_RESOLVED = State.RESOLVED


@rule("OWN001", "Resolved by somebody who does not own the incident", kinds=INCIDENT)
def resolved_by_non_owner(incident: Incident, _: Context) -> Iterator[Problem]:
    """Only the owner declares an incident resolved; who engages in the same entry is the owner by then."""
    for entry in incident.acts:
        if entry.state is _RESOLVED:
            then = incident.snapshots[entry.index]
            if entry.by != then.owner:
                yield Problem(
                    ("timeline", entry.index, "state"),
                    f"resolved by {quoted(entry.by)}, but {quoted(then.owner)} owns the incident since "
                    f"{on(then.since_owner, entry.at)}",
                    f"{quoted(then.owner)} resolves it, or {quoted(entry.by)} takes over first: "
                    f"engage: {then.owner_role or then.ownership[0]}",
                    about=entry.by,
                    other=("timeline", incident.began(entry.index, lambda then: then.owner)),
                )


@timed("OWN002", "No role was engaged in time")
def nobody_engaged(_: Incident, ctx: Context) -> Iterator[Problem]:
    """Somebody, normally the EOC, is engaged within `acknowledge` of the declaration."""
    for late in ctx.late("OWN002"):
        yield Problem(
            late.pointer,
            f"nobody engaged within {duration.show(late.allowed)} of the declaration ({moment.clock(late.since)})",
            "add the entry with which the EOC took over, engage: eoc; if nobody has, page one: page: eoc",
        )


@rule("OWN003", "A CMOC is engaged and no IMOC was paged or engaged", kinds=INCIDENT)
def cmoc_before_imoc(incident: Incident, _: Context) -> Iterator[Problem]:
    """The IMOC selects the CMOC: the one above must at least have been called."""
    engaged = [entry for entry in incident.acts if entry.engage is _CMOC]
    calls = (entry.at for entry in incident.acts if Role.IMOC in (entry.page, entry.engage))
    called = min(calls, default=None) if engaged else None
    for entry in engaged:
        if called is None or called > entry.at:
            yield Problem(
                ("timeline", entry.index, "engage"),
                f"{quoted(entry.person)} engages as cmoc at {moment.clock(entry.at)}, and no imoc was paged or engaged",
                "page or engage the imoc first, or in the same entry: page: imoc",
            )


@rule(
    "OWN005",
    "A role is released by somebody who does not hold it, or it is the last one while the incident is live",
    kinds=INCIDENT,
)
def impossible_release(incident: Incident, _: Context) -> Iterator[Problem]:
    """A role that nobody holds cannot be released; the last one is handed over, so that somebody stays in charge."""
    for entry in incident.acts:
        if entry.release:
            yield from _released(incident, entry, entry.release)


def _released(incident: Incident, entry: Entry, role: Role) -> Iterator[Problem]:
    before = incident.before(entry)
    holders = {r: held.person for r, held in before.holders.items()} if before else {}
    if entry.engage:
        holders[entry.engage] = entry.person
    holder = holders.get(role)
    if holder != entry.person:
        holds = f"{quoted(holder)} does" if holder else "nobody does"
        yield Problem(
            ("timeline", entry.index, "release"),
            f"{quoted(entry.person)} does not hold {role} at {moment.clock(entry.at)}, {holds}",
            "who: names the person whose role ends",
            about=entry.person,
        )
    elif len(holders) == 1 and not (before and before.state is State.RESOLVED):
        yield Problem(
            ("timeline", entry.index, "release"),
            f"{role} is the last engaged role, and the incident is not resolved",
            f"hand it over instead: engage: {role} with the name of who takes it",
            about=entry.person,
        )
