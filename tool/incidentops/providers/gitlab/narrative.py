"""Pieces of the documents on GitLab, as Markdown: people, moments, the timeline."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from incidentops.core.duration import show
from incidentops.model.entry import Entry
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Role, State, Status
from incidentops.providers.gitlab.markdown import Markdown, cell, indented, prose, quote

LONGEST_TEXT = 20_000
"""Characters of one text of the record; beyond that a document shows its beginning."""

TIMELINE_BYTES = 400_000
"""What the timeline may take of a description, which GitLab limits to 1 MiB (docs/services.md: Issues)."""

Naming = Callable[[Entry, str], str]
"""How a person is called at an entry: by name in the issue, by role in a review."""


class TimelineText(Struct, frozen=True):
    """A timeline as list items by day (UTC); `left_out` counts the oldest entries for which there is no room."""

    days: Mapping[str, Sequence[Markdown]]
    left_out: int


def when(moment: datetime) -> str:
    """Return a moment for people: `2026-11-21 14:02 UTC`, with seconds when they are not zero."""
    return f"{moment:%Y-%m-%d} {_clock(moment)} UTC"


def took(start: datetime | None, end: datetime | None) -> str:
    """Return how long something took, or that it is not known."""
    return show(end - start) if start and end and end >= start else "not recorded"


def words(status: Status | State) -> str:
    """Return a status or state as words."""
    return status.value.replace("_", " ")


def person(key: str, handbook: Handbook) -> str:
    """Return what somebody is called."""
    known = handbook.people.get(key)
    return known.name if known else key


def cut(text: str) -> str:
    """Return a text, or the beginning of a very long one."""
    if len(text) <= LONGEST_TEXT:
        return text
    return text[:LONGEST_TEXT].rstrip() + "\n\n(cut here; the whole text is in the record)"


def by_name(handbook: Handbook) -> Naming:
    """Call people by their names."""
    return lambda _, key: person(key, handbook)


def by_role(incident: Incident, handbook: Handbook) -> Naming:
    """Call people by what they were at that moment, so that a review is about what happened and not about whom."""

    def named(entry: Entry, key: str) -> str:
        around = incident.snapshots[max(entry.index - 1, 0) : entry.index + 1]
        for snapshot in reversed(around):  # who releases a role still spoke as its holder
            held = [role for role, holder in snapshot.holders.items() if holder.person == key]
            if held:
                return handbook.roles[max(held, key=list(Role).index)].name
        if key == incident.declarer:
            return "The person who noticed" if incident.is_near_miss else "The person who declared"
        return "A responder"

    return named


def timeline(incident: Incident, handbook: Handbook, naming: Naming) -> TimelineText:
    """Return the whole timeline, or as much of its end as there is room for."""
    items: list[tuple[str, Markdown]] = []
    room = TIMELINE_BYTES
    for entry in reversed(incident.timeline):
        item = _item(entry, handbook, naming)
        room -= len(item.encode("utf-8", "replace"))
        if room < 0:
            break
        items.append((f"{entry.at:%Y-%m-%d}", item))
    days: dict[str, list[Markdown]] = {}
    for date, item in reversed(items):
        days.setdefault(date, []).append(item)
    return TimelineText(days, len(incident.timeline) - len(items))


def _clock(moment: datetime) -> str:
    return moment.strftime("%H:%M:%S" if moment.second else "%H:%M")


def _item(entry: Entry, handbook: Handbook, naming: Naming) -> Markdown:
    """One entry: a line of time, person and decisions, the texts below it."""
    decided = ", ".join(_decisions(entry, handbook, naming))
    head = f"- **{_clock(entry.at)}** {cell(naming(entry, entry.by))}{': ' if decided else ''}{cell(decided)}"
    texts = [
        quote(cut(entry.publish)) if entry.publish else "",
        prose(cut(entry.note)) if entry.note else "",
        prose(f"Why: {cut(entry.why)}") if entry.why else "",
    ]
    return Markdown("\n\n".join([head, *(indented(Markdown(text)) for text in texts if text)]))


def _decisions(entry: Entry, handbook: Handbook, naming: Naming) -> Iterator[str]:
    if entry.index == 0:
        yield "reports it"
    if entry.severity:
        yield f"severity {entry.severity}"
    if entry.audience:
        yield f"audience {entry.audience}"
    if entry.services:
        yield f"services {service_names(entry.services, handbook)}"
    yield from _role_decisions(entry, handbook, naming)
    if entry.state:
        yield words(entry.state)
    if entry.status:
        yield f"status {words(entry.status)}"
    if entry.publish:
        yield "tells customers"


def _role_decisions(entry: Entry, handbook: Handbook, naming: Naming) -> Iterator[str]:
    about = "" if entry.person == entry.by else f" ({naming(entry, entry.person)})"
    if entry.engage:
        yield f"engages as {handbook.roles[entry.engage].name}{about}"
    if entry.release:
        yield f"releases {handbook.roles[entry.release].name}{about}"
    if entry.page:
        yield f"pages {handbook.roles[entry.page].name}"


def service_names(services: tuple[str, ...], handbook: Handbook) -> str:
    """Return services as customers know them."""
    return ", ".join(handbook.services[key].name if key in handbook.services else key for key in services)
