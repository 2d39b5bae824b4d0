"""When a request to GitLab may be sent again, and how long to wait. Pure (docs/services.md: Repeats and errors)."""

import random
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime

_REPEATABLE_POST = re.compile(r"/(?:labels|links|graphql)$")
_BUSY = frozenset({500, 502, 503, 504, *range(520, 531)})


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often to try, and how to wait. `first` and `longest` are seconds."""

    tries: int = 5
    first: float = 0.5
    longest: float = 60.0
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random

    def pause(self, attempt: int, told: float | None) -> float:
        """Return the seconds to wait after a try: as long as GitLab said, else doubling, with jitter."""
        if told is not None:
            return min(told + self.random() * self.first, self.longest)
        return min(self.first * 2.0**attempt * (0.5 + self.random()), self.longest)


@dataclass(frozen=True, slots=True)
class RetryReply:
    """What decides whether to ask again."""

    method: str
    path: str
    status: int
    locked: bool
    headers: Mapping[str, str]


def harmless_twice(method: str, path: str) -> bool:
    """Whether the request may be sent again when nobody knows what became of the first.

    Reads; PUT, for we only send absolute values; labels and links, where a second one is told that there is one.
    """
    return method in ("GET", "HEAD", "PUT") or (method == "POST" and _REPEATABLE_POST.search(path) is not None)


def worth_another(answer: RetryReply) -> bool:
    """Whether the answer invites to ask again: certainly not done (409 lock, 429), or harmless to do twice (5xx)."""
    if answer.status == 429 or (answer.status == 409 and answer.locked):
        return True
    return answer.status in _BUSY and harmless_twice(answer.method, answer.path)


def told_to_wait(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of Retry-After, which may be a number or a date; None when it is neither or not there."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return float(value)
    due, now = _date(value), server_time(headers)
    if due is None or now is None:
        return None
    return max((due - now) / timedelta(seconds=1), 0.0)


def server_time(headers: Mapping[str, str]) -> datetime | None:
    """Return what the server takes for the present, by its Date header."""
    return _date(headers.get("Date", ""))


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return date if date.tzinfo else None
