"""STA: state and status (handbook: Status)."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence

from incidentops.core import duration, moment
from incidentops.core.finding import Level, Problem
from incidentops.model.entry import Entry
from incidentops.model.incident import Incident
from incidentops.model.obligation import Obligation
from incidentops.model.vocabulary import State, Status
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule, timed
from incidentops.rules.engine.wording import on

# Looked up once for each entry of each record: a name of the module is found faster than a member of an enumeration.
_RESOLVED = State.RESOLVED
_SECURITY = Status.SECURITY


@rule("STA001", "The incident is resolved while its status is not operational", kinds=INCIDENT)
def resolved_not_operational(incident: Incident, _: Context) -> Iterator[Problem]:
    """Closed means that everything works again."""
    for entry in incident.acts:
        if entry.state is not _RESOLVED:
            continue
        status = incident.snapshots[entry.index].status
        if status is not Status.OPERATIONAL:
            yield Problem(
                ("timeline", entry.index, "state"),
                f"resolved at {moment.clock(entry.at)}, but the status is still {status}",
                "add status: operational to this entry, or wait until it is",
            )


@rule("STA002", "Something changed after the resolve without a reopen", kinds=INCIDENT)
def changed_after_resolve(incident: Incident, _: Context) -> Iterator[Problem]:
    """After the end only notes and releases; everything else is a reopen, which says why."""
    first = next((entry.index for entry in incident.acts if entry.state is _RESOLVED), len(incident.timeline))
    for before, entry in zip(incident.snapshots[first:], incident.timeline[first + 1 :], strict=False):
        if before.state is not _RESOLVED:
            continue
        if entry.state and entry.state is not State.RESOLVED:
            if not entry.why:
                yield Problem(
                    ("timeline", entry.index, "state"),
                    f"reopened as {entry.state} without a reason",
                    "add why: what showed that it was not over",
                )
        elif changes := _changes(entry):
            yield Problem(
                ("timeline", entry.index, changes[0]),
                f"{' and '.join(changes)} set after the incident was resolved ({on(before.since_state, entry.at)})",
                "write a note instead, or reopen it: state: investigating with why",
                other=("timeline", incident.began(entry.index - 1, lambda then: then.state), "state"),
            )


def _changes(entry: Entry) -> list[str]:
    """What of the entry may not stand after a resolve, in the words of the record."""
    values = {
        "severity": entry.severity, "services": entry.services, "engage": entry.engage, "page": entry.page,
        "state": entry.state, "status": entry.status, "publish": entry.publish,
    }  # fmt: skip
    return [name for name, value in values.items() if value]


@timed("STA003", "Resolved after a disruption without enough monitoring", level=Level.BLOCK)
def monitoring_too_short(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """After a partial or full disruption, monitoring lasts longer than `monitoring` before the resolve."""
    for early in ctx.late("STA003"):
        before, since = incident.before(incident.timeline[early.index]), None
        if before is None or before.state is not State.MONITORING:
            found = "without monitoring before it"
        else:
            lasted = duration.show(incident.timeline[early.index].at - early.since)
            found = f"after {lasted} of monitoring (since {moment.clock(early.since)})"
            since = ("timeline", incident.began(early.index - 1, lambda then: then.state), "state")
        limit = duration.show(ctx.handbook.timers.monitoring)
        yield Problem(
            early.pointer,
            f"resolved {found}; after a disruption it takes more than {limit}",
            f"watch it for more than {limit} in state monitoring, then resolve",
            other=since,
        )


@rule("STA004", "A disruption has no IMOC engaged", level=Level.ADVISE, kinds=INCIDENT)
def disruption_without_imoc(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """The IMOC must be engaged: late is an advice, never is a block on the resolve."""
    for late in ctx.late("STA004"):
        yield Problem(
            late.pointer,
            f"{incident.timeline[late.index].status} at {moment.clock(late.since)}, and no imoc engaged within "
            f"{duration.show(late.allowed)}",
            "page: imoc; when they have joined, add engage: imoc",
        )
    disruptions = ctx.due("STA004")
    for start, resolve in incident.resolves() if disruptions else ():
        alone = _without_imoc(disruptions, start, resolve)
        if alone:
            status = incident.timeline[alone.index].status
            yield Problem(
                ("timeline", resolve.index, "state"),
                f"resolved, and no imoc engaged since the {status} at {on(alone.since, resolve.at)}",
                "an imoc engages before it is resolved: engage: imoc",
                level=Level.BLOCK,
            )


def _without_imoc(disruptions: Sequence[Obligation], start: int, resolve: Entry) -> Obligation | None:
    """The first disruption of a run, from its first entry to its resolve, since which no IMOC engaged."""
    first = bisect_left(disruptions, start, key=lambda one: one.index)
    stop = bisect_right(disruptions, resolve.index, key=lambda one: one.index)
    of_run = disruptions[first:stop]
    return next((one for one in of_run if one.met is None or one.met > max(one.since, resolve.at)), None)


@timed("STA005", "The incident is investigated for too long without the IMOC")
def investigating_too_long(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """More than `investigating` since the EOC engaged: the IMOC finds the people who know."""
    for late in ctx.late("STA005"):
        began_at = moment.clock(incident.timeline[late.index].at)
        yield Problem(
            late.pointer,
            f"investigating since {began_at}, and no imoc was paged or engaged within {duration.show(late.allowed)} of "
            f"{moment.clock(late.since)}",
            "page: imoc, to find somebody who knows this part",
        )


@rule("STA006", "The status is security_issue before the disclosure", kinds=INCIDENT)
def security_issue_undisclosed(incident: Incident, _: Context) -> Iterator[Problem]:
    """This status says that a vulnerability is public and that the security team asked to publish it."""
    disclosure = incident.security.disclosure if incident.security else None
    for entry in incident.acts:
        if entry.status is _SECURITY and (disclosure is None or disclosure.at > entry.at):
            found = (
                f"the disclosure is at {moment.show(disclosure.at)}"
                if disclosure
                else "there is no security.disclosure"
            )
            yield Problem(
                ("timeline", entry.index, "status"),
                f"status security_issue at {moment.clock(entry.at)}, but {found}",
                "the security team adds security.disclosure with approved_by and at, before the status says so",
            )
