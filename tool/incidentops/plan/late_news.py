"""Late news: what was worth saying or ringing at its moment, and is not any more. One rule for messages and pages."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidentops.core import duration, moment

_SEND = "send it all the same with --late"


@dataclass(frozen=True, slots=True)
class News:
    """When something was news, and whether its incident was over already when nothing of it had been sent yet."""

    at: datetime
    over_when_first_seen: bool = False


@dataclass(frozen=True, slots=True)
class NewsPolicy:
    """What counts as late in a run: its present moment and the oldest age; `send_late` says that a person wants it."""

    now: datetime
    max_age: timedelta
    send_late: bool = False


def skip_reason(news: News, policy: NewsPolicy) -> str:
    """Return why news that was not sent yet is not to be sent now; empty when it may be."""
    if policy.send_late:
        return ""
    if news.over_when_first_seen:
        return f"the incident was over before anything of it was sent; {_SEND}"
    if policy.now - news.at > policy.max_age:
        return f"it is from {moment.show(news.at)}, older than {duration.show(policy.max_age)}; {_SEND}"
    return ""
