"""COM: what customers are told, when, and what they must not be told (handbook: Communication)."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from incidentops.core import duration, moment
from incidentops.core.finding import Level, Pointer, Problem
from incidentops.core.text import quoted
from incidentops.model.entry import Entry
from incidentops.model.incident import Incident
from incidentops.model.timeline import Snapshot
from incidentops.model.vocabulary import Audience, State
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule
from incidentops.rules.engine.wording import on
from incidentops.rules.intervals import Stretch, resolves, stretches
from incidentops.rules.severity import serious

_SOCIAL_LENGTH = 220
_SHOWN_LEAKS = 10
"""So many of one text; a text full of them is one problem, not thousands."""


def _public_and_serious(snapshot: Snapshot) -> bool:
    return snapshot.audience is Audience.PUBLIC and serious(snapshot)


def _update_every(snapshot: Snapshot, ctx: Context) -> timedelta | None:
    """How often customers must hear something; None when nothing is due (no severity, or resolved)."""
    if snapshot.severity is None:
        return None
    return ctx.handbook.severities[snapshot.severity].update_every.get(snapshot.state or State.INVESTIGATING)


@rule("COM001", "first-update-late", "The first public update came late, or not", level=Level.ADVISE, kinds=INCIDENT)
def first_update_late(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """A serious public incident is told to customers within one update period."""
    for stretch in stretches(incident, _public_and_serious, ctx.now):
        then = incident.snapshots[stretch.start]
        limit = _update_every(then, ctx)
        if limit is not None and stretch.longer_than(limit) and not _published(incident, stretch, limit):
            yield Problem(
                ("timeline", stretch.start),
                f"public and {then.severity} since {moment.clock(stretch.since)}, and no publish within "
                f"{duration.show(limit)}",
                "tell customers what they notice, even when the cause is not known: publish: ...",
            )


def _published(incident: Incident, stretch: Stretch, limit: timedelta) -> bool:
    return any(e.publish and timedelta(0) <= e.at - stretch.since <= limit for e in incident.timeline)


@rule("COM002", "updates-too-rare", "Too long between two public updates", level=Level.ADVISE, kinds=INCIDENT)
def updates_too_rare(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """Between two updates, and after the last one, not more than `update_every` of how it stood then."""
    for entry, then in zip(incident.timeline, incident.snapshots, strict=True):
        limit = _update_every(then, ctx) if entry.publish and then.audience is Audience.PUBLIC else None
        if limit is None:
            continue
        later = _end_of_gap(incident, entry)
        if (later.at if later else ctx.now) - entry.at > limit:
            gap = f"{duration.show(limit)} after this one ({moment.clock(entry.at)}){_end(entry, later)}"
            yield Problem(
                ("timeline", entry.index, "publish"),
                f"no publish within {gap}; {then.severity} {then.state or State.INVESTIGATING} wants one that often",
                "tell customers where it stands, even when nothing changed: publish: ...",
            )


def _end_of_gap(incident: Incident, entry: Entry) -> Entry | None:
    """The entry that ended a gap: the next publish, the resolve, or one after which nobody may be told any more."""
    for later in incident.timeline[entry.index + 1 :]:
        told = later.publish or later.state is State.RESOLVED
        if told or incident.snapshots[later.index].audience is not Audience.PUBLIC:
            return later
    return None


def _end(entry: Entry, later: Entry | None) -> str:
    if later is None:
        return ""
    at = on(later.at, entry.at)
    if later.publish:
        return f", the next was at {at}"
    return f", it was resolved at {at}" if later.state is State.RESOLVED else f", the audience was narrowed at {at}"


@rule(
    "COM003",
    "internal-matter-in-public-text",
    "A public text has a reference, a mention, an internal address or host, or the name of a person",
)
def internal_matter_in_public_text(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """What customers read must mean something to them, and give nothing away."""
    texts = _public_texts(incident)
    if not ctx.public.suspects("\n".join(text for _, text in texts)):
        return
    for pointer, text in texts:
        for found, kind in islice(ctx.public.leaks(text), _SHOWN_LEAKS):
            yield Problem(
                pointer,
                f"{quoted(found)} is {kind}, and customers read this",
                "say it in words that customers understand, or put it into a note",
            )


def _public_texts(incident: Incident) -> list[tuple[Pointer, str]]:
    texts: list[tuple[Pointer, str]] = [
        (("timeline", e.index, "publish"), e.publish) for e in incident.timeline if e.publish
    ]
    if incident.widest_audience is Audience.PUBLIC:
        texts.append((("title",), incident.title))
    return texts


@rule(
    "COM004",
    "publish-too-long-for-social",
    "A public update is too long for the social network",
    level=Level.ADVISE,
    kinds=INCIDENT,
)
def publish_too_long_for_social(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """Status.io cuts what it posts there; 220 characters leave room for the link."""
    if not ctx.handbook.statusio.notify["social"]:
        return
    for entry in incident.timeline:
        length = len(entry.publish.strip())
        if length > _SOCIAL_LENGTH:
            yield Problem(
                ("timeline", entry.index, "publish"),
                f"this update has {length} characters, and the social network takes {_SOCIAL_LENGTH}",
                "say it shorter: what is affected, what you do, when you write again",
            )


@rule("COM005", "resolve-without-publish", "Customers were told that it broke, and not that it works", kinds=INCIDENT)
def resolve_without_publish(incident: Incident, _: Context) -> Iterator[Problem]:
    """The entry that resolves a public incident with updates carries the last one."""
    for start, entry in resolves(incident):
        if entry.publish or incident.snapshots[entry.index].audience is not Audience.PUBLIC:
            continue
        told = [e for e in incident.timeline[start : entry.index] if e.publish]
        if told:
            yield Problem(
                ("timeline", entry.index, "state"),
                f"resolved without publish, and customers were told of it since {moment.clock(told[0].at)}",
                "add publish to this entry: what works again",
            )


@rule(
    "COM006",
    "serious-and-not-public",
    "A serious incident is not public, and nobody said why",
    level=Level.ADVISE,
    kinds=INCIDENT,
)
def serious_and_not_public(incident: Incident, _: Context) -> Iterator[Problem]:
    """Users felt it: either they are told, or the record says why not."""
    worst = incident.highest_severity
    if worst and worst.serious and incident.now.audience is not Audience.PUBLIC and incident.not_published is None:
        yield Problem(
            ("audience",),
            f"it was {worst} and its audience is {incident.now.audience}, without a reason",
            "make it public, or add not_published with reason partial_block, no_recent_usage, embargo or internal_only",
        )
