"""Asking one rule about one record."""

from datetime import datetime

from incidentops.core.finding import Problem
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import context
from incidentops.rules.engine.rule import Rule
from make import NOW, a_handbook


def problems(
    rule: Rule, incident: Incident, *, now: datetime = NOW, handbook: Handbook | None = None, text: str = ""
) -> list[Problem]:
    """What a rule finds in a record."""
    assert incident.kind in rule.kinds, f"{rule.code} does not check a {incident.kind}"
    return list(rule.check(incident, context(now, handbook or a_handbook()).reading(text, incident)))


def places(rule: Rule, incident: Incident, **given: object) -> list[str]:
    """Where a rule finds something: `timeline.2.state`."""
    return [".".join(map(str, p.pointer)) for p in problems(rule, incident, **given)]


def messages(rule: Rule, incident: Incident, **given: object) -> list[str]:
    """Its messages."""
    return [p.message for p in problems(rule, incident, **given)]
