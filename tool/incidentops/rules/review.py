"""RCA: the incident review (handbook: Engineer on Call, 10)."""

import re
from collections.abc import Iterator

from incidentops.core import moment
from incidentops.core.finding import Level, Problem
from incidentops.core.text import quoted
from incidentops.model.incident import Incident, Review
from incidentops.model.obligations import review_assignment, review_required
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule, timed

_MENTION = re.compile(r"(?<!\w)@(\w[\w.-]*)")


@rule("RCA001", "A review is due and nobody owns it", level=Level.ADVISE, kinds=INCIDENT)
def review_without_owner(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """The EOC owns the review at first; without one, somebody must be named."""
    if incident.review and incident.review.owner:
        return
    assigned = review_assignment(incident, ctx.handbook) if review_required(incident, ctx.handbook) else None
    if assigned and not assigned.found:
        yield Problem(
            ("review",),
            f"it was {incident.highest_severity}, so a review is due, and neither review.owner nor an EOC is there",
            "add review: {owner: ...}",
        )


@timed("RCA002", "The review was not started in time")
def review_not_started(_: Incident, ctx: Context) -> Iterator[Problem]:
    """It starts before the EOC's working day ends; what is fresh is remembered."""
    for late in ctx.late("RCA002"):
        when = f"was started at {moment.show(late.met)}" if late.met else "is not started"
        yield Problem(
            late.pointer,
            f"the review {when}; it was due by {moment.show(late.due)}",
            "start it, and write down when: review: {started: ...}",
            about=late.person,
        )


@rule("RCA003", "A completed review lacks a required part")
def completed_review_has_gaps(incident: Incident, _: Context) -> Iterator[Problem]:
    """Severity, impact, root cause, and what will be done about it."""
    review = incident.review
    if review is None or review.completed is None:
        return
    parts = {
        "severity": review.severity,
        "impact": review.impact,
        "root_cause": review.root_cause,
        "corrective_actions": incident.corrective_actions or incident.no_actions_because,
    }
    missing = [name for name, value in parts.items() if not value]
    if missing:
        yield Problem(
            ("review", "completed"),
            f"the review is completed without {', '.join(missing)}",
            "add them; when nothing will be done: corrective_actions: {none_because: ...}",
            about=review.owner,
        )


@rule("RCA004", "The review names a person", level=Level.ADVISE)
def review_names_a_person(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """Reviews are about conditions; with names in them, the next one hears less."""
    if incident.review is None:
        return
    texts = _texts(incident.review)
    together = "\n".join([text for _, text in texts])
    if "@" not in together and not ctx.public.may_name(together):
        return  # most reviews
    for field, text in texts:
        for name in _names(text, ctx):
            yield Problem(
                ("review", field),
                f"{quoted(name)} is named in the review",
                "say the role instead: the engineer on call, the incident manager",
                about=incident.review.owner,
            )


def _texts(review: Review) -> tuple[tuple[str, str], ...]:
    return (
        ("impact", review.impact),
        ("root_cause", review.root_cause),
        ("detection", review.detection),
        ("lessons", review.lessons),
    )


def _names(text: str, ctx: Context) -> Iterator[str]:
    """Full names in any case, and `@key` or `@username` of somebody in the handbook."""
    yield from ctx.public.names_in(text)
    if "@" in text:
        people = ctx.handbook.people
        known = {name.lower() for key, person in people.items() for name in (key, *person.accounts.values())}
        for match in _MENTION.finditer(text):
            if match[1].rstrip(".-").lower() in known:
                yield match[0].rstrip(".-")
