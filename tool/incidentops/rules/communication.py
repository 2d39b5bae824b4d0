"""COM: what customers are told, when, and what they must not be told (handbook: Communication)."""

from collections.abc import Iterator
from itertools import islice

from incidentops.core import duration, moment
from incidentops.core.finding import Level, Pointer, Problem
from incidentops.core.text import quoted
from incidentops.model.incident import Incident
from incidentops.model.obligation import Obligation
from incidentops.model.vocabulary import Audience, State
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule, timed
from incidentops.rules.engine.wording import on

_SOCIAL_LENGTH = 220
_SHOWN_LEAKS = 10
"""So many of one text; a text full of them is one problem, not thousands."""


@timed("COM001", "The first public update is late or missing")
def first_update_late(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """A serious public incident is told to customers within one update period."""
    for late in ctx.late("COM001"):
        yield Problem(
            late.pointer,
            f"public and {incident.snapshots[late.index].severity} since {moment.clock(late.since)}, and no publish "
            f"within {duration.show(late.allowed)}",
            "tell customers what they notice, even when the cause is not known: publish: ...",
        )


@timed("COM002", "Two public updates are too far apart")
def updates_too_rare(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """Between two updates, and after the last one, not more than `update_every` of how it stood then."""
    for late in ctx.late("COM002"):
        then = incident.snapshots[late.index]
        gap = f"{duration.show(late.allowed)} after this one ({moment.clock(late.since)}){_end(incident, late)}"
        yield Problem(
            late.pointer,
            f"no publish within {gap}; {then.severity} {then.state or State.INVESTIGATING} wants one that often",
            "tell customers where it stands, even when nothing changed: publish: ...",
        )


def _end(incident: Incident, late: Obligation) -> str:
    """How it ended that customers waited, in words."""
    if late.ended is None:
        return ""
    at = on(late.ended, late.since)
    if late.met:
        return f", the next was at {at}"
    after = islice(incident.snapshots, late.index + 1, None)
    then = next(then for then in after if then.state is State.RESOLVED or then.audience is not Audience.PUBLIC)
    return f", it was resolved at {at}" if then.state is State.RESOLVED else f", the audience was narrowed at {at}"


@rule("COM003", "A public text has a reference, a mention, an internal address or host, or the name of a person")
def internal_matter_in_public_text(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """What customers read must mean something to them, and give nothing away."""
    if not ctx.public.suspects("\n".join([incident.title, *[entry.publish for entry in incident.published]])):
        return
    for pointer, text in _public_texts(incident):
        for found, kind in islice(ctx.public.leaks(text), _SHOWN_LEAKS):
            yield Problem(
                pointer,
                f"{quoted(found)} is {kind}, and customers read this",
                "say it in words that customers understand, or put it into a note",
            )


def _public_texts(incident: Incident) -> Iterator[tuple[Pointer, str]]:
    for entry in incident.published:
        yield ("timeline", entry.index, "publish"), entry.publish
    if incident.widest_audience is Audience.PUBLIC:
        yield ("title",), incident.title


@rule("COM004", "A public update is too long for the social network", level=Level.ADVISE, kinds=INCIDENT)
def publish_too_long_for_social(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """What is posted there is cut; 220 characters leave room for the link."""
    if "social" not in ctx.handbook.channels:
        return
    for entry in incident.published:
        length = len(entry.publish.strip())
        if length > _SOCIAL_LENGTH:
            yield Problem(
                ("timeline", entry.index, "publish"),
                f"this update has {length} characters, and the social network takes {_SOCIAL_LENGTH}",
                "say it shorter: what is affected, what you do, when you write again",
            )


@rule("COM005", "An incident that customers were told about is resolved without a public text", kinds=INCIDENT)
def resolve_without_publish(incident: Incident, _: Context) -> Iterator[Problem]:
    """The entry that resolves a public incident with updates carries the last one."""
    for start, entry in incident.resolves():
        if entry.publish or incident.snapshots[entry.index].audience is not Audience.PUBLIC:
            continue
        published = [e for e in incident.timeline[start : entry.index] if e.publish]
        if published:
            yield Problem(
                ("timeline", entry.index, "state"),
                f"resolved without publish, and customers were told of it since {moment.clock(published[0].at)}",
                "add publish to this entry: what works again",
            )


@rule("COM006", "A serious incident is not public and no reason is given", level=Level.ADVISE, kinds=INCIDENT)
def serious_and_not_public(incident: Incident, _: Context) -> Iterator[Problem]:
    """Users felt it: either they are told, or the record says why not."""
    if incident.now.audience is Audience.PUBLIC or incident.not_published:
        return
    worst = incident.highest_severity
    if worst and worst.serious:
        yield Problem(
            ("audience",),
            f"it was {worst} and its audience is {incident.now.audience}, without a reason",
            "make it public, or add not_published with reason partial_block, no_recent_usage, embargo or internal_only",
        )
