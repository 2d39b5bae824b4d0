"""NMS: near misses, what could have become an incident (handbook: Near Misses)."""

from collections.abc import Iterator

from incidentops.core.finding import Level, Problem
from incidentops.core.text import quoted
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import NEAR_MISS, rule


@rule("NMS001", "A near miss has state, status, publish or an end of impact", kinds=NEAR_MISS)
def near_miss_with_a_course(incident: Incident, _: Context) -> Iterator[Problem]:
    """Nothing broke, so nothing can be investigated, published or over. If it did break, it is an incident."""
    hint = "leave it out; if users were hurt after all, it is kind: incident"
    for entry in incident.timeline:
        for name, value in (("state", entry.state), ("status", entry.status), ("publish", entry.publish)):
            if value:
                yield Problem(("timeline", entry.index, name), f"a near miss has no {name}", hint)
    if incident.impact and incident.impact.ended:
        yield Problem(("impact", "ended"), "a near miss has no end of impact", hint)


@rule("NMS002", "A near miss lacks the severity that it would have had", kinds=NEAR_MISS)
def near_miss_without_severity(incident: Incident, _: Context) -> Iterator[Problem]:
    """The severity decides what the review and its actions are worth."""
    if incident.timeline[0].severity is None:
        yield Problem(
            ("timeline", 0),
            "the first entry has no severity",
            "add the severity that it would have had, had it happened: S1, S2, S3 or S4",
        )


@rule(
    "NMS003",
    "The review of a near miss is owned by somebody other than who noticed it, without a reason",
    level=Level.ADVISE,
    kinds=NEAR_MISS,
)
def near_miss_owner_without_why(incident: Incident, _: Context) -> Iterator[Problem]:
    """Who noticed owns the review, or the one who knows most of how it came about, and then the record says so."""
    review = incident.review
    if review and review.owner and review.owner != incident.declarer and not review.why:
        yield Problem(
            ("review", "owner"),
            f"{quoted(incident.declarer)} noticed it, and {quoted(review.owner)} owns the review without a reason",
            "add review.why: what they know of how it came about",
            about=review.owner,
        )
