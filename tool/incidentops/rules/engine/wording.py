"""Words that the messages of several rules share."""

from collections.abc import Iterable
from datetime import datetime

from incidentops.core import moment
from incidentops.core.suggest import similar
from incidentops.core.text import quoted, visible

_SHOWN = 8


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the known words that are near, as a hint; all of them when they are few; or nothing."""
    words = sorted(known)
    meant = similar(word, words)[:2]
    if meant:
        return "did you mean " + " or ".join(quoted(w) for w in meant) + "?"
    if words and len(words) <= _SHOWN:
        return "known: " + ", ".join(visible(w) for w in words)
    return ""


def on(at: datetime, other: datetime) -> str:
    """Return the time of day of a moment, with the day when it is another one than that of `other`."""
    return moment.clock(at) if at.date() == other.date() else moment.show(at)
