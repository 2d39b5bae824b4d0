"""Looking at the status page: what is there, and whether what is not seen is really not there.

An empty list is no proof (docs/services.md: Lists): something counts as absent only when the lists, the ids and the
summary agree, and the incidents that we know to be open are visible in them.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from incidentops.core.text import quoted
from incidentops.plan.resource import Absent, Fields, Observed, ResourceName, Sighting, Unclear
from incidentops.providers.base import Query
from incidentops.providers.statusio import mapping
from incidentops.providers.statusio.mapping import IncidentField, IncidentIds, PageIncident, StatusIoRejected
from incidentops.providers.statusio.threads import reference, thread_mark

if TYPE_CHECKING:  # its library loads when it is used
    from incidentops.providers.statusio.client import StatusIoClient

_SKEW = timedelta(days=1)
_MOST_PAGES = 40
_MOST_SINGLES = 40
_ADVICE = "look at the status page; if it is there, record it with: incident adopt"


def sightings(
    client: "StatusIoClient", queries: Sequence[Query], known: Mapping[ResourceName, str]
) -> Mapping[ResourceName, Sighting]:
    """Look at incidents and messages; components are known from the ledger only.

    `known` are the Status.io ids of incidents, by resource. One request serves all incidents that are as they should
    be. Raises Failed when the page cannot be read.
    """
    look = PageLookup(client)
    found: dict[ResourceName, Sighting] = {}
    for query in queries:
        name = query.resource.name
        if name.kind == "incident" and query.receipt is not None:
            found[name] = look.known(query, query.receipt.id)
    for query in queries:
        name = query.resource.name
        if query.receipt is None and name.kind == "incident":
            found[name] = look.incident(query)
        elif query.receipt is None and name.kind == "update":
            found[name] = look.message(query, known)
    return found


class PageLookup:
    """One look. Every list is read only as far as the questions need, and once."""

    def __init__(self, client: "StatusIoClient") -> None:
        self._client = client
        self._active = _PageReader(client, "active")
        self._resolved = _PageReader(client, "resolved")
        self._single: dict[str, PageIncident | None] = {}
        self._doubt = ""

    def known(self, query: Query, identity: str) -> Sighting:
        """Look at an incident by its id."""
        shown = next((one for one in self._active if one.id == identity), None)
        if shown is None:
            shown = self._one(identity)
            if shown is not None and shown.open:
                self._doubt = f"the list of open incidents does not show {quoted(identity)}, which is open"
        if shown is None:
            if identity in self._ids:
                return Unclear(f"Status.io names the incident {quoted(identity)} and does not show it; {_ADVICE}")
            return Absent()
        ours = query.resource.fields.get(IncidentField.OPEN) is False or _closed_by_us(query, shown)
        if not shown.open and not ours:
            return Unclear(
                f"{quoted(shown.name)} was resolved on the status page by a person, and the record is not resolved: "
                "resolve the record; if it is not over, reopen it, and customers read of it in a new incident"
            )
        return Observed(shown.id, "", _fields(query, shown))

    def incident(self, query: Query) -> Sighting:
        """Look for an incident by the references in its messages."""
        mark = _mark(query.resource.name)
        found = {shown.id: shown for shown in self._candidates(query.since, mark)}
        if len(found) > 1:
            both = " and ".join(quoted(identity) for identity in sorted(found))
            return Unclear(f"{len(found)} incidents on the status page are of this record: {both}; {_ADVICE}")
        for shown in found.values():
            return Observed(shown.id, "", _fields(query, shown))
        return self._nothing(query)

    def message(self, query: Query, known: Mapping[ResourceName, str]) -> Sighting:
        """Look for a message by its reference, in its incident."""
        [name] = query.resource.refs
        wanted = mapping.normal(reference(name.incident, name.key, query.resource.name.key))
        identity = known.get(name)
        if identity is not None:
            shown = self._one(identity)
            if shown is None:
                return Unclear(f"the incident {quoted(identity)} of this message cannot be read; {_ADVICE}")
            return _message_in(shown, wanted) or Absent()
        candidates = tuple(self._candidates(query.since, _mark(name)))
        found = next(filter(None, (_message_in(shown, wanted) for shown in candidates)), None)
        if found is None and candidates:
            again = [self._one(shown.id) for shown in candidates]
            found = next(filter(None, (_message_in(shown, wanted) for shown in again if shown)), None)
            return found or (Absent() if all(again) else Unclear(f"its incident cannot be read; {_ADVICE}"))
        return found or self._nothing(query)

    # Searching

    def _candidates(self, since: datetime, mark: str) -> Iterator[PageIncident]:
        """Yield every incident with a message of ours, from the lists; from the other ways when the lists have none."""
        listed = [shown for shown in self._active if _bears(shown, mark)]
        listed += [] if listed else [shown for shown in self._resolved_since(since) if _bears(shown, mark)]
        yield from listed or [shown for shown in self._elsewhere(since) if _bears(shown, mark)]

    def _resolved_since(self, since: datetime) -> Iterator[PageIncident]:
        """Resolved incidents, newest first as far as anybody knows; out of that order, all of them are read.

        A page that was read is looked at whole: the clocks of the two sides may differ.
        """
        previous, in_order = None, True
        for position, shown in enumerate(self._resolved):
            in_order = in_order and (previous is None or shown.opened <= previous)
            previous = shown.opened
            if in_order and shown.opened < since - _SKEW:
                yield from self._resolved.read[position:]
                return
            yield shown

    def _elsewhere(self, since: datetime) -> Iterator[PageIncident]:
        """What the lists do not show: incidents by the ids, and those of the summary."""
        listed = {shown.id for shown in (*self._active.read, *self._resolved.read)}
        ids = self._ids
        hidden = [identity for identity in (*ids.active, *ids.resolved) if identity not in listed]
        hidden = [identity for identity in hidden if _may_be_since(identity, since) or self._resolved.over]
        if set(ids.active) - listed or (ids.resolved and not self._resolved.read):
            self._doubt = "the lists do not show all incidents that there are"
        if len(hidden) > _MOST_SINGLES:
            self._doubt = f"{len(hidden)} incidents are not in the lists"
        yield from filter(None, map(self._one, hidden[:_MOST_SINGLES]))
        for shown in self._open_ones:
            if shown.id not in listed:
                self._doubt = f"the summary shows {quoted(shown.id)}, which the lists do not show"
                yield shown

    def _nothing(self, query: Query) -> Sighting:
        """Return Absent, or Unclear where the service's answers leave a doubt."""
        if self._active.endless or self._resolved.endless:
            return Unclear(f"the status page has more incidents than can be searched; {_ADVICE}")
        if query.intent is not None and self._shows_nothing():
            self._doubt = "even the list of components is empty"
        if self._doubt:
            return Unclear(f"it was not found, but {self._doubt}; {_ADVICE}")
        return Absent()

    def _shows_nothing(self) -> bool:
        """Whether not one incident is visible, nor a component, of which every page has some.

        An incident that was opened and resolved is in the lists and the ids only. When a run intended to open one, a
        service that returns nothing but empty lists must not be believed.
        """
        if self._active.read or self._resolved.read or self._ids.active or self._ids.resolved:
            return False
        return not mapping.pairs_of_page(self._client.get(f"component/list/{self._client.page}"))

    # Reading

    def _one(self, identity: str) -> PageIncident | None:
        if identity not in self._single:
            try:
                listed = mapping.incidents(self._client.get(f"incident/{self._client.page}/{identity}"))
            except StatusIoRejected:
                listed = ()
            self._single[identity] = listed[0] if listed else None
        return self._single[identity]

    @cached_property
    def _ids(self) -> IncidentIds:
        return mapping.ids(self._client.get(f"incidents/{self._client.page}"))

    @cached_property
    def _open_ones(self) -> tuple[PageIncident, ...]:
        return mapping.summary(self._client.get(f"status/summary/{self._client.page}")).incidents


class _PageReader:
    """A list that comes in pages; it is `over` with an empty one (docs/services.md: Incidents)."""

    def __init__(self, client: "StatusIoClient", which: str) -> None:
        self._client = client
        self._path = f"incident/list/{which}/{client.page}"
        self.read: list[PageIncident] = []
        self._pages = 0
        self.over = self.endless = False

    def __iter__(self) -> Iterator[PageIncident]:
        position = 0
        while position < len(self.read) or self._more():
            yield self.read[position]
            position += 1

    def _more(self) -> bool:
        if self.over or self.endless:
            return False
        if self._pages == _MOST_PAGES:
            self.endless = True
            return False
        self._pages += 1
        have = {shown.id for shown in self.read}
        page = mapping.incidents(self._client.get(self._path, page=self._pages))
        fresh = [shown for shown in page if shown.id not in have]
        self.over = not fresh  # empty, or a service that gives the same page for ever
        self.read += fresh
        return not self.over


def _mark(name: ResourceName) -> str:
    return mapping.normal(f"Ref {thread_mark(name.incident, name.key)}-")


def _bears(shown: PageIncident, mark: str) -> bool:
    return any(mark in message.text for message in shown.messages)


def _message_in(shown: PageIncident, wanted: str) -> Observed | None:
    for message in shown.messages:
        if wanted in message.text:
            return Observed(wanted.removeprefix("ref "), "", {})
    return None


def _closed_by_us(query: Query, shown: PageIncident) -> bool:
    return bool(shown.messages) and _mark(query.resource.name) in shown.messages[-1].text


def _fields(query: Query, shown: PageIncident) -> Fields:
    """The fields of an incident, in the very words of the record where they mean the same."""
    wanted = query.resource.fields
    name, pairs = wanted.get(IncidentField.NAME), wanted.get(IncidentField.INFRASTRUCTURE)
    same_name = isinstance(name, str) and mapping.normal(name) == mapping.normal(shown.name)
    same_pairs = isinstance(pairs, tuple) and shown.is_about(tuple(str(pair) for pair in pairs))
    return {
        IncidentField.NAME: name if same_name else shown.name,
        IncidentField.INFRASTRUCTURE: pairs if same_pairs else shown.pairs,
        IncidentField.OPEN: shown.open,
        IncidentField.FIRST: _first_key(query.resource.name, shown),
    }


def _first_key(name: ResourceName, shown: PageIncident) -> str:
    """The beginning of the entry key of the message that the incident was opened with; empty when it is not ours."""
    mark = _mark(name)
    for message in shown.messages:
        _, found, rest = message.text.partition(mark)
        if found:
            return rest[:6]
    return ""


def _may_be_since(identity: str, since: datetime) -> bool:
    """Whether an id can have been given since a moment: it begins with the second it was made in."""
    try:
        return int(identity[:8], 16) >= (since - _SKEW).timestamp()
    except ValueError:
        return True
