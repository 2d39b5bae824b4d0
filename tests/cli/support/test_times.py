"""What people type for a moment or a duration."""

from datetime import UTC, datetime, timedelta

import click
import pytest

from incidentops.cli.support.times import duration_of, moment_of
from incidentops.core import moment
from incidentops.core.errors import WrongUse

NOW = datetime(2026, 11, 21, 16, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("14:02", "2026-11-21T14:02:00Z"),
        ("14:02Z", "2026-11-21T14:02:00Z"),
        ("9:05", "2026-11-21T09:05:00Z"),
        ("14:02:30", "2026-11-21T14:02:30Z"),
        ("16:05", "2026-11-21T16:05:00Z"),
        ("16:06", "2026-11-20T16:06:00Z"),
        ("23:59", "2026-11-20T23:59:00Z"),
        ("2026-11-20", "2026-11-20T00:00:00Z"),
        ("5m", "2026-11-21T15:55:00Z"),
        ("2d", "2026-11-19T16:00:00Z"),
        ("2026-11-21T14:02:00Z", "2026-11-21T14:02:00Z"),
        ("2026-11-21T14:02:00.25Z", "2026-11-21T14:02:00.250000Z"),
        ("2026-11-21T15:02:00+01:00", "2026-11-21T14:02:00Z"),
    ],
)
def test_times_are_understood(typed: str, meant: str):
    assert meant == moment.show(moment_of(typed, NOW, "--at"))


@pytest.mark.parametrize(
    "typed",
    ["", "24:00", "14:60", "14", "now", "2026-11-31", "2026-11-21T14:02:00", "0001-01-01T00:00:00+01:00", "١٤:٠٢"],
)
def test_what_is_no_time_is_wrong_use_that_names_the_option(typed: str):
    with pytest.raises(WrongUse, match=r"--started is '.*', which is not a valid time"):
        moment_of(typed, NOW, "--started")


def test_a_duration_is_read_as_the_handbook_writes_it() -> None:
    assert duration_of("1h30m") == timedelta(minutes=90)
    with pytest.raises(click.BadParameter, match="'soon' is not a valid duration; write 90s, 2m or 1h30m"):
        duration_of("soon")
