"""ALR: alerts, and what became of them (handbook: Engineer on Call)."""

from collections.abc import Iterator

from incidentops.core import duration, moment
from incidentops.core.finding import Level, Problem
from incidentops.core.text import quoted
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import INCIDENT, rule, timed


@timed("ALR001", "An alert was not acknowledged in time, and the IMOC was not called")
def alert_not_acknowledged(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """An alert that nobody acknowledges within `acknowledge` goes on to the IMOC."""
    for late in ctx.late("ALR001"):
        alert = incident.alerts[late.index]
        when = f"at {moment.clock(alert.acknowledged)}" if alert.acknowledged else "never"
        yield Problem(
            late.pointer,
            f"alert {quoted(alert.id)} fired at {moment.clock(alert.fired)}, was acknowledged {when}, and no imoc "
            f"was paged or engaged within {duration.show(late.allowed)}",
            "page: imoc when nobody takes an alert; add acknowledged when somebody did",
        )


@rule("ALR002", "An alert was changed and the next shift was not told", level=Level.ADVISE, kinds=INCIDENT)
def alert_change_not_told(incident: Incident, _: Context) -> Iterator[Problem]:
    """Who comes on call next must know that an alert no longer means what it did."""
    for alert in incident.alerts:
        if alert.change and not alert.change.told:
            yield Problem(
                ("alerts", alert.index, "change"),
                f"alert {quoted(alert.id)} was changed by {quoted(alert.change.by)}, and the next shift was not told",
                "tell the next EOC, and add told: with their name",
                about=alert.change.by,
            )
