"""TIM: the order of things, and times that cannot be."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise

from incidentops.core import duration, moment
from incidentops.core.finding import Pointer, Problem
from incidentops.core.moment import plus
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule
from incidentops.rules.engine.wording import on

_DAY = timedelta(days=1)


@rule("TIM001", "Timeline entries are not in time order", waivable=False)
def timeline_out_of_order(incident: Incident, _: Context) -> Iterator[Problem]:
    """Everything current follows from the order of entries; equal times are fine."""
    for before, after in pairwise(incident.timeline):
        if after.at < before.at:
            yield Problem(
                ("timeline", after.index, "at"),
                f"entry {after.index + 1} is earlier than entry {before.index + 1} "
                f"({on(after.at, before.at)} after {on(before.at, before.at)})",
                "put the entries in the order in which things happened",
                other=("timeline", before.index, "at"),
            )


@rule("TIM002", "A time that must be in the past is in the future", waivable=False)
def time_in_the_future(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """Clocks differ by a little, so `clock_skew` is allowed."""
    now, skew = ctx.now, ctx.handbook.timers.clock_skew
    latest = plus(now, skew)
    for entry in incident.timeline if max([entry.at for entry in incident.timeline]) > latest else ():
        if entry.at > latest:
            yield _future(("timeline", entry.index, "at"), entry.at, ctx)
    for pointer, at in _other_times(incident):
        if at is not None and at > latest:
            yield _future(pointer, at, ctx)
    today = now.date()
    for action in incident.corrective_actions:
        if action.done and action.done > today:
            yield Problem(
                ("corrective_actions", action.index, "done"),
                f"done on {action.done}, but today is {today} (UTC)",
                "write the day on which it was done",
            )


def _future(pointer: Pointer, at: datetime, ctx: Context) -> Problem:
    allowed = duration.show(ctx.handbook.timers.clock_skew)
    return Problem(
        pointer,
        f"{moment.show(at)} is in the future (it is {moment.show(ctx.now)}, and clocks may differ by {allowed})",
        "write when it happened, in UTC",
    )


def _other_times(incident: Incident) -> Iterator[tuple[Pointer, datetime | None]]:
    """Times that tell of the past, outside the timeline. A disclosure may be agreed on for a day to come."""
    for alert in incident.alerts:
        yield ("alerts", alert.index, "fired"), alert.fired
        yield ("alerts", alert.index, "acknowledged"), alert.acknowledged
        if alert.change:
            yield ("alerts", alert.index, "change", "at"), alert.change.at
    if incident.impact:
        yield ("impact", "started"), incident.impact.started
        yield ("impact", "detected"), incident.impact.detected
        yield ("impact", "ended"), incident.impact.ended
    if incident.review:
        yield ("review", "started"), incident.review.started
        yield ("review", "completed"), incident.review.completed


@rule("TIM003", "The first entry has no severity", kinds=INCIDENT, waivable=False)
def first_entry_without_severity(incident: Incident, _: Context) -> Iterator[Problem]:
    """The first entry declares, and declaring is saying how bad it is."""
    if incident.timeline[0].severity is None:
        yield Problem(
            ("timeline", 0),
            "the first entry has no severity",
            "add severity: S1, S2, S3 or S4; S3 and S4 are cheap, and it can be raised at any time",
        )


@rule("TIM004", "Times of impact or alerts contradict each other", waivable=False)
def impossible_times(incident: Incident, _: Context) -> Iterator[Problem]:
    """Impact ends after it starts and starts before the resolve; alerts fire before they are acknowledged."""
    yield from _impossible_impact(incident)
    for alert in incident.alerts:
        if alert.acknowledged and alert.acknowledged < alert.fired:
            yield Problem(
                ("alerts", alert.index, "acknowledged"),
                f"acknowledged at {on(alert.acknowledged, alert.fired)}, before it fired ({moment.clock(alert.fired)})",
                "correct one of the two times",
                other=("alerts", alert.index, "fired"),
            )


def _impossible_impact(incident: Incident) -> Iterator[Problem]:
    impact = incident.impact
    if impact is None or impact.started is None:
        return
    started = impact.started
    if impact.ended and impact.ended < started:
        yield Problem(
            ("impact", "ended"),
            f"impact ends at {on(impact.ended, started)}, before it starts ({moment.clock(started)})",
            "correct one of the two times",
            other=("impact", "started"),
        )
    if impact.detected and started - impact.detected > _DAY:
        yield Problem(
            ("impact", "detected"),
            f"detected at {moment.show(impact.detected)}, more than a day before the impact starts "
            f"({moment.show(started)})",
            "correct one of the two times",
            other=("impact", "started"),
        )
    if incident.resolved_at and started > incident.resolved_at:
        yield Problem(
            ("impact", "started"),
            f"impact starts at {on(started, incident.resolved_at)}, after the incident was resolved "
            f"({moment.clock(incident.resolved_at)})",
            "correct the time, or reopen the incident",
            other=("timeline", incident.began(len(incident.timeline) - 1, lambda then: then.state), "state"),
        )
