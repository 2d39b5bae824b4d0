"""The one clock, and who waits by it. `INCIDENT_NOW` stops the clock, for tests and for repeating a run."""

import time
from datetime import UTC, datetime

import click

from incidentops.core import moment
from incidentops.core.errors import WrongUse
from incidentops.core.pauses import Pauses
from incidentops.core.text import quoted
from incidentops.core.variable import Variable, VariableValues

REAL_PAUSES = Pauses(time.sleep, time.monotonic)

NOW = Variable("INCIDENT_NOW", "the moment to take as now, for tests and replays, such as `2026-11-21T14:02:00Z`")


def now(values: VariableValues) -> datetime:
    """Return the present moment in UTC, to the second."""
    given = values.text(NOW)
    if not given:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return moment.parse(given)
    except ValueError as error:
        raise WrongUse(
            f"{NOW.name} is {quoted(given)}, which is not a UTC time", "write it as 2026-11-21T14:02:00Z, or unset it"
        ) from error


def pauses() -> Pauses:
    """Return how this run waits: as `run` was called, otherwise by the real clock."""
    context = click.get_current_context(silent=True)
    return (context and context.find_object(Pauses)) or REAL_PAUSES
