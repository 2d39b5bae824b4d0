"""Moments: UTC, as RFC 3339 with `Z` outside and as aware `datetime` inside."""

import re
from datetime import UTC, date, datetime, timedelta

EARLIEST = datetime.min.replace(tzinfo=UTC)
LATEST = datetime.max.replace(tzinfo=UTC)

_OFFSET = re.compile(
    r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?) ?(Z|[+-]\d\d:?\d\d)", re.ASCII | re.IGNORECASE
)


def parse(text: str) -> datetime:
    """Read `2026-11-21T14:02:00Z` (up to six digits of a second). Raises ValueError for anything else."""
    if not text.endswith("Z"):
        raise ValueError(f"not a UTC time: {text!r}")
    return datetime.fromisoformat(text)


def parse_day(text: str) -> date:
    """Read `2026-12-05`. Raises ValueError."""
    return date.fromisoformat(text)


def show(moment: datetime) -> str:
    """Return the moment as `2026-11-21T14:02:00Z`, with a fraction only when there is one."""
    plain = moment.astimezone(UTC) if moment not in (EARLIEST, LATEST) else moment
    return plain.replace(tzinfo=None).isoformat() + "Z"


def in_utc(text: str) -> str:
    """Return a time that says its offset (`2026-11-21T15:02+01:00`) as `show` does; empty for one that does not."""
    found = _OFFSET.fullmatch(text.strip())
    if found is None:
        return ""
    day, clock, offset = (part.upper() for part in found.groups())
    try:
        return show(datetime.fromisoformat(f"{day}T{clock}{offset}"))
    except (ValueError, OverflowError):
        return ""


def clock(moment: datetime) -> str:
    """Return the time of day for a message, as `14:11Z`, with seconds when they are not zero."""
    return moment.strftime("%H:%M:%SZ" if moment.second else "%H:%MZ")


def plus(moment: datetime, span: timedelta) -> datetime:
    """Add a span; at the edge of the calendar stay there instead of failing."""
    try:
        return moment + span
    except OverflowError:
        return LATEST if span > timedelta(0) else EARLIEST
