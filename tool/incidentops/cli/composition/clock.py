"""The one clock, and who waits by it. `INCIDENT_NOW` stops the clock, for tests and for repeating a run."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime

import click

from incidentops.core import moment
from incidentops.core.errors import WrongUse
from incidentops.core.pauses import Pauses
from incidentops.core.text import quoted

REAL_PAUSES = Pauses(time.sleep, time.monotonic)


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


def pauses() -> Pauses:
    """Return how this run waits: as `run` was told to, otherwise for real."""
    context = click.get_current_context(silent=True)
    return (context and context.find_object(Pauses)) or REAL_PAUSES
