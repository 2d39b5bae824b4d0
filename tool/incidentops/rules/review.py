"""RCA: the incident review (handbook: Engineer on Call, 10)."""

import re
from collections.abc import Iterator
from datetime import datetime

from incidentops.core import moment
from incidentops.core.finding import Level, Problem
from incidentops.core.text import quoted
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident, Review
from incidentops.model.obligations import review_start
from incidentops.model.vocabulary import Role, State
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule

_MENTION = re.compile(r"(?<!\w)@(\w[\w.-]*)")


def review_required(incident: Incident, handbook: Handbook) -> bool:
    """Whether the incident is resolved and was, at its worst, of a severity that wants a review."""
    worst = incident.highest_severity
    return incident.resolved_at is not None and worst is not None and handbook.severities[worst].review_required


@rule("RCA001", "review-without-owner", "A review is due and nobody owns it", level=Level.ADVISE, kinds=INCIDENT)
def review_without_owner(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """The EOC owns the review at first; without one, somebody must be named."""
    if not review_required(incident, ctx.handbook) or (incident.review and incident.review.owner):
        return
    if not any(e.engage is Role.EOC for e in incident.timeline):
        yield Problem(
            ("review",),
            f"it was {incident.highest_severity}, so a review is due, and neither review.owner nor an EOC is there",
            "add review: {owner: ...}",
        )


@rule("RCA002", "review-not-started", "The review was not started in time", level=Level.ADVISE, kinds=INCIDENT)
def review_not_started(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """It starts before the EOC's working day ends; what is fresh is remembered."""
    due = review_due(incident, ctx.handbook)
    started = incident.review.started if incident.review else None
    if due and (started or ctx.now) > due:
        when = f"was started at {moment.show(started)}" if started else "is not started"
        yield Problem(
            ("review", "started"),
            f"the review {when}; it was due by {moment.show(due)}",
            "start it, and write down when: review: {started: ...}",
            about=_review_owner(incident),
        )


def review_due(incident: Incident, handbook: Handbook) -> datetime | None:
    """Return by when the review is to be started; None when none is required (yet)."""
    if incident.resolved_at is None or not review_required(incident, handbook):
        return None
    return review_start(incident.resolved_at, handbook, handbook.people.get(_review_owner(incident)))


def _review_owner(incident: Incident) -> str:
    """Whose day it is: the EOC at the resolve, else the review's owner, else who resolved."""
    resolve = next(e for e in reversed(incident.timeline) if e.state is State.RESOLVED)
    eoc = incident.snapshots[resolve.index].engaged(Role.EOC)
    return eoc or (incident.review.owner if incident.review else "") or resolve.by


@rule("RCA003", "completed-review-has-gaps", "A completed review lacks a required part")
def completed_review_has_gaps(incident: Incident, _: Context) -> Iterator[Problem]:
    """Severity, impact, root cause, and what will be done about it."""
    review = incident.review
    if review is None or review.completed is None:
        return
    said = {
        "severity": review.severity,
        "impact": review.impact,
        "root_cause": review.root_cause,
        "corrective_actions": incident.corrective_actions or incident.no_actions_because,
    }
    missing = [name for name, value in said.items() if not value]
    if missing:
        yield Problem(
            ("review", "completed"),
            f"the review is completed without {', '.join(missing)}",
            "add them; when nothing will be done: corrective_actions: {none_because: ...}",
            about=review.owner,
        )


@rule("RCA004", "review-names-a-person", "The review names a person", level=Level.ADVISE)
def review_names_a_person(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """Reviews are about conditions; with names in them, the next one hears less."""
    if incident.review is None:
        return
    for field, text in _texts(incident.review):
        for name in _names(text, ctx):
            yield Problem(
                ("review", field),
                f"{quoted(name)} is named in the review",
                "say the role instead: the engineer on call, the incident manager",
                about=incident.review.owner,
            )


def _texts(review: Review) -> Iterator[tuple[str, str]]:
    yield "impact", review.impact
    yield "root_cause", review.root_cause
    yield "detection", review.detection
    yield "lessons", review.lessons


def _names(text: str, ctx: Context) -> Iterator[str]:
    """Full names in any case, and `@key` or `@username` of somebody in the handbook."""
    if not text:
        return
    yield from ctx.public.names_in(text)
    if "@" in text:
        people = ctx.handbook.people
        known = {name.lower() for key, person in people.items() for name in (key, *person.accounts.values())}
        for match in _MENTION.finditer(text):
            if match[1].rstrip(".-").lower() in known:
                yield match[0].rstrip(".-")
