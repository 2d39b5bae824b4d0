"""The one clock. `INCIDENT_NOW` stops it, for tests and for repeating a run."""

from datetime import UTC, datetime

from incidentops.core import moment
from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted
from incidentops.core.variable import Variable, VariableValues

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
