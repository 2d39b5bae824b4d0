"""The one clock."""

from datetime import UTC, datetime

import pytest

from incidentops.cli.composition import clock
from incidentops.core.errors import WrongUse
from incidentops.core.variable import VariableValues


def test_a_stopped_clock_stays() -> None:
    stopped = VariableValues({"INCIDENT_NOW": "2026-11-21T14:02:00Z"})
    assert clock.now(stopped) == datetime(2026, 11, 21, 14, 2, tzinfo=UTC)


def test_a_running_clock_tells_seconds_in_utc() -> None:
    now = clock.now(VariableValues())
    assert now.tzinfo is UTC
    assert now.microsecond == 0


def test_an_invalid_time_is_wrong_use_that_names_the_variable() -> None:
    with pytest.raises(WrongUse, match="INCIDENT_NOW is 'noon'"):
        clock.now(VariableValues({"INCIDENT_NOW": "noon"}))
