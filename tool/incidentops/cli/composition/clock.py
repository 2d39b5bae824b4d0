"""The one clock. `INCIDENT_NOW` stops it, for tests and for repeating a run."""

from collections.abc import Mapping
from datetime import UTC, datetime

from incidentops.core import moment
from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted


def now(environment: Mapping[str, str]) -> datetime:
    """Return the present moment in UTC, to the second."""
    told = environment.get("INCIDENT_NOW", "")
    if not told:
        return datetime.now(UTC).replace(microsecond=0)
    try:
        return moment.parse(told)
    except ValueError as error:
        raise WrongUse(
            f"INCIDENT_NOW is {quoted(told)}, which is no UTC time", "write it as 2026-11-21T14:02:00Z, or unset it"
        ) from error
