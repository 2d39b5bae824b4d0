"""STA: state and status (handbook: Status)."""

from collections.abc import Iterator
from datetime import datetime

from incidentops.core import duration, moment
from incidentops.core.finding import Level, Problem
from incidentops.model.entry import Entry
from incidentops.model.incident import Incident
from incidentops.model.timeline import Snapshot
from incidentops.model.vocabulary import Role, State, Status
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule
from incidentops.rules.engine.wording import on
from incidentops.rules.intervals import began, engaged_in, escalated, ran_out, resolves, stretches


@rule("STA001", "resolved-not-operational", "Resolved, and the status is not operational", kinds=INCIDENT)
def resolved_not_operational(incident: Incident, _: Context) -> Iterator[Problem]:
    """Closed means that everything works again."""
    for entry in incident.timeline:
        status = incident.snapshots[entry.index].status
        if entry.state is State.RESOLVED and status is not Status.OPERATIONAL:
            yield Problem(
                ("timeline", entry.index, "state"),
                f"resolved at {moment.clock(entry.at)}, but the status is still {status}",
                "add status: operational to this entry, or wait until it is",
            )


@rule("STA002", "changed-after-resolve", "Something changed after the resolve without a reopen", kinds=INCIDENT)
def changed_after_resolve(incident: Incident, _: Context) -> Iterator[Problem]:
    """After the end only notes and releases; everything else is a reopen, which says why."""
    for entry in incident.timeline:
        before = incident.before(entry)
        if before is None or before.state is not State.RESOLVED:
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
                other=("timeline", began(incident, entry.index - 1, lambda then: then.state), "state"),
            )


def _changes(entry: Entry) -> list[str]:
    """What of the entry may not stand after a resolve, in the words of the record."""
    values = {
        "severity": entry.severity, "services": entry.services, "engage": entry.engage, "page": entry.page,
        "state": entry.state, "status": entry.status, "publish": entry.publish,
    }  # fmt: skip
    return [name for name, value in values.items() if value]


@rule("STA003", "monitoring-too-short", "Resolved after a disruption without enough monitoring", kinds=INCIDENT)
def monitoring_too_short(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """After a partial or full disruption, monitoring lasts longer than `monitoring` before the resolve."""
    limit = ctx.handbook.timers.monitoring
    for start, entry in resolves(incident):
        if not any(s.status.disrupts for s in incident.snapshots[start : entry.index + 1]):
            continue
        before, since = incident.before(entry), None
        if before is None or before.state is not State.MONITORING:
            found = "without monitoring before it"
        elif entry.at - before.since_state > limit:
            continue
        else:
            lasted = duration.show(entry.at - before.since_state)
            found = f"after {lasted} of monitoring (since {moment.clock(before.since_state)})"
            since = ("timeline", began(incident, entry.index - 1, lambda then: then.state), "state")
        yield Problem(
            ("timeline", entry.index, "state"),
            f"resolved {found}; after a disruption it takes more than {duration.show(limit)}",
            f"watch it for more than {duration.show(limit)} in state monitoring, then resolve",
            other=since,
        )


@rule("STA004", "disruption-without-imoc", "A disruption, and no IMOC engaged", level=Level.ADVISE, kinds=INCIDENT)
def disruption_without_imoc(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """The IMOC must be engaged: late is an advice, never is a block on the resolve."""
    limit = ctx.handbook.timers.acknowledge
    disruptions = [e for e in incident.timeline if e.status and e.status.disrupts]
    for entry in disruptions:
        if not engaged_in(incident, Role.IMOC, entry, limit) and ran_out(incident, entry.at, limit, ctx.now):
            yield Problem(
                ("timeline", entry.index, "status"),
                f"{entry.status} at {moment.clock(entry.at)}, and no imoc engaged within {duration.show(limit)}",
                "page: imoc; when they have joined, add engage: imoc",
            )
    for start, resolve in resolves(incident) if disruptions else ():
        alone = [e for e in disruptions if start <= e.index <= resolve.index and _without_imoc(incident, e, resolve)]
        if alone:
            yield Problem(
                ("timeline", resolve.index, "state"),
                f"resolved, and no imoc engaged since the {alone[0].status} at {on(alone[0].at, resolve.at)}",
                "an imoc engages before it is resolved: engage: imoc",
                level=Level.BLOCK,
            )


def _without_imoc(incident: Incident, since: Entry, resolve: Entry) -> bool:
    return not engaged_in(incident, Role.IMOC, since, resolve.at - since.at)


def _investigating(snapshot: Snapshot) -> bool:
    return snapshot.state is State.INVESTIGATING


@rule("STA005", "investigating-too-long", "Investigating for long without the IMOC", level=Level.ADVISE, kinds=INCIDENT)
def investigating_too_long(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """More than `investigating` since the EOC engaged: the IMOC finds the people who know."""
    limit = ctx.handbook.timers.investigating
    for stretch in stretches(incident, _investigating, ctx.now):
        since = _eoc_since(incident, stretch.start, stretch.stop)
        if since is not None and stretch.until - since > limit and not escalated(incident, since, limit):
            yield Problem(
                ("timeline", stretch.start, "state"),
                f"investigating since {moment.clock(stretch.since)}, and no imoc was paged or engaged within "
                f"{duration.show(limit)} of {moment.clock(since)}",
                "page: imoc, to find somebody who knows this part",
            )


def _eoc_since(incident: Incident, start: int, stop: int) -> datetime | None:
    """When, within some entries, an EOC was engaged first."""
    for entry, snapshot in zip(incident.timeline[start:stop], incident.snapshots[start:stop], strict=True):
        if Role.EOC in snapshot.holders:
            return entry.at
    return None


@rule("STA006", "security-issue-undisclosed", "Status security_issue before the disclosure", kinds=INCIDENT)
def security_issue_undisclosed(incident: Incident, _: Context) -> Iterator[Problem]:
    """This status says that a vulnerability is public and that the security team asked to publish it."""
    disclosure = incident.security.disclosure if incident.security else None
    for entry in incident.timeline:
        if entry.status is Status.SECURITY and (disclosure is None or disclosure.at > entry.at):
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
