"""SEV: how bad it is, and who must know."""

from collections.abc import Iterator

from incidentops.core import duration, moment
from incidentops.core.finding import Level, Problem
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule, timed


@timed("SEV001", "The IMOC was not called in time for a serious incident")
def serious_without_imoc(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """An S1 or S2 that lasts longer than `acknowledge` needs the incident manager by then."""
    for late in ctx.late("SEV001"):
        yield Problem(
            late.pointer,
            f"{incident.snapshots[late.index].severity} since {moment.clock(late.since)}, and no imoc was paged or "
            f"engaged within {duration.show(late.allowed)}",
            "page: imoc, or engage: imoc when they have joined",
        )


@rule("SEV002", "The severity was lowered without a reason", kinds=INCIDENT)
def severity_lowered_without_why(incident: Incident, _: Context) -> Iterator[Problem]:
    """Raising is cheap; lowering takes attention away, so it says why."""
    for entry in incident.acts:
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
                other=("timeline", incident.began(entry.index - 1, lambda then: then.severity), "severity"),
            )


@rule(
    "SEV003", "The review's severity differs from the timeline's without a reason", level=Level.ADVISE, kinds=INCIDENT
)
def review_severity_differs(incident: Incident, _: Context) -> Iterator[Problem]:
    """The review classifies for good; a change of mind is worth a sentence."""
    review, last = incident.review, incident.now.severity
    if review and review.severity and last and review.severity is not last and not review.why:
        yield Problem(
            ("review", "severity"),
            f"the review says {review.severity}, the timeline ended with {last}",
            "add review.why: what the review found out",
            other=("timeline", incident.began(len(incident.timeline) - 1, lambda then: then.severity), "severity"),
        )
