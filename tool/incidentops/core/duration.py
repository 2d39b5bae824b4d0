"""Durations as the handbook writes them: `15m`, `2h`, `7d`, `1h30m`."""

import re
from datetime import timedelta

_UNITS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_WHOLE = re.compile(r"(?:(\d{1,6})w)?(?:(\d{1,6})d)?(?:(\d{1,6})h)?(?:(\d{1,6})m)?(?:(\d{1,6})s)?", re.ASCII)


def parse(text: str) -> timedelta:
    """Read a duration of weeks, days, hours, minutes and seconds, in that order. Raises ValueError."""
    match = _WHOLE.fullmatch(text)
    if not text or match is None:
        raise ValueError(f"not a duration: {text!r}")
    parts = zip(match.groups(), _UNITS.values(), strict=True)
    return timedelta(seconds=sum(int(number) * seconds for number, seconds in parts if number))


def show(span: timedelta) -> str:
    """Return the span for people, as `1h30m`; less than a second is `0s`."""
    rest = int(span.total_seconds())
    sign, rest = ("-", -rest) if rest < 0 else ("", rest)
    shown = ""
    for unit, seconds in _UNITS.items():
        if unit != "w" and rest >= seconds:
            shown += f"{rest // seconds}{unit}"
            rest %= seconds
    return sign + (shown or "0s")
