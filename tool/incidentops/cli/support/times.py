"""Times as people type them: a time of day, a day, a duration (ago), or a full timestamp. Everything is UTC."""

import re
from datetime import UTC, datetime, timedelta

import click

from incidentops.cli.composition import environment
from incidentops.cli.support.params import Decorator
from incidentops.core import duration, moment
from incidentops.core.errors import WrongUse
from incidentops.core.text import quoted

_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d))?Z?", re.ASCII)
_AHEAD = timedelta(minutes=5)  # a clock that is a little fast does not mean yesterday


def moment_option(name: str, about: str) -> Decorator:
    """Return the decorator that adds an option for a moment, as `moment_of` reads it."""
    return click.option(name, metavar="TIME", callback=_given, help=about)


def _given(_context: click.Context, option: click.Parameter, text: str | None) -> datetime | None:
    return None if text is None else moment_of(text, environment.settings().now, option.opts[0])


def duration_option(name: str, default: str, about: str) -> Decorator:
    """Return the decorator that adds an option for a duration."""
    return click.option(name, type=duration_of, metavar="DURATION", default=default, show_default=True, help=about)


def duration_of(value: str) -> timedelta:
    """Read the duration of an option. Raises click's BadParameter."""
    try:
        return duration.parse(value)
    except ValueError as error:
        raise click.BadParameter(f"{quoted(value)} is not a valid duration; write 90s, 2m or 1h30m") from error


def moment_of(text: str, now: datetime, option: str) -> datetime:
    """Return the moment of `14:02`, `14:02Z`, `5m` (ago), `2026-11-21` or a full RFC 3339 timestamp.

    A time of day is the last one that is not in the future. Raises WrongUse that names the option.
    """
    found = _clock(text, now) or _day(text) or _ago(text, now) or _timestamp(text)
    if found is None:
        raise WrongUse(
            f"{option} is {quoted(text)}, which is not a valid time",
            f"write it in UTC as 14:02, 14:02Z, 5m (ago), {moment.show(now)[:10]} or {moment.show(now)}",
        )
    return found


def _clock(text: str, now: datetime) -> datetime | None:
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    hour, minute, second = (int(part or 0) for part in match.groups())
    today = now.replace(hour=hour, minute=minute, second=second, microsecond=0)
    return today if today - now <= _AHEAD else moment.plus(today, -timedelta(days=1))


def _day(text: str) -> datetime | None:
    if len(text) != len("2026-11-21"):
        return None
    try:
        day = moment.parse_day(text)
    except ValueError:
        return None
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _ago(text: str, now: datetime) -> datetime | None:
    try:
        return moment.plus(now, -duration.parse(text))
    except ValueError:
        return None


def _timestamp(text: str) -> datetime | None:
    """A full timestamp; an offset other than `Z` is converted to UTC."""
    try:
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else None
    except (ValueError, OverflowError):
        return None
