"""SEV: how bad it is, and who must know."""

from collections.abc import Iterator

from incidentops.core import duration, moment
from incidentops.core.finding import Level, Problem
from incidentops.model.incident import Incident
from incidentops.model.timeline import Snapshot
from incidentops.model.vocabulary import State
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule
from incidentops.rules.intervals import began, escalated, stretches


def serious(snapshot: Snapshot) -> bool:
    """Whether the incident is going on and is S1 or S2."""
    severity = snapshot.severity
    return severity is not None and severity.serious and snapshot.state is not State.RESOLVED


@rule(
    "SEV001",
    "serious-without-imoc",
    "The IMOC was not called in time for a serious incident",
    level=Level.ADVISE,
    kinds=INCIDENT,
)
def serious_without_imoc(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """An S1 or S2 that lasts longer than `acknowledge` needs the incident manager by then."""
    limit = ctx.handbook.timers.acknowledge
    for stretch in stretches(incident, serious, ctx.now):
        if stretch.longer_than(limit) and not escalated(incident, stretch.since, limit):
            severity = incident.snapshots[stretch.start].severity
            yield Problem(
                ("timeline", stretch.start, "severity"),
                f"{severity} since {moment.clock(stretch.since)}, and no imoc was paged or engaged within "
                f"{duration.show(limit)}",
                "page: imoc, or engage: imoc when they have joined",
            )


@rule("SEV002", "severity-lowered-without-why", "The severity was lowered without a reason", kinds=INCIDENT)
def severity_lowered_without_why(incident: Incident, _: Context) -> Iterator[Problem]:
    """Raising is cheap; lowering takes attention away, so it says why."""
    for entry in incident.timeline:
        before = incident.before(entry)
        if (
            entry.severity
            and before
            and before.severity
            and not entry.why
            and entry.severity.rank > before.severity.rank
        ):
            yield Problem(
                ("timeline", entry.index, "severity"),
                f"severity lowered from {before.severity} to {entry.severity} without a reason",
                "add why: with what you know now",
                other=("timeline", began(incident, entry.index - 1, lambda then: then.severity), "severity"),
            )


@rule(
    "SEV003",
    "review-severity-differs",
    "The review's severity differs from the timeline's without a reason",
    level=Level.ADVISE,
    kinds=INCIDENT,
)
def review_severity_differs(incident: Incident, _: Context) -> Iterator[Problem]:
    """The review classifies for good; a change of mind is worth a sentence."""
    review, last = incident.review, incident.now.severity
    if review and review.severity and last and review.severity is not last and not review.why:
        yield Problem(
            ("review", "severity"),
            f"the review says {review.severity}, the timeline ended with {last}",
            "add review.why: what the review found out",
            other=("timeline", began(incident, len(incident.timeline) - 1, lambda then: then.severity), "severity"),
        )
