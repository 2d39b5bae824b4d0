"""What a record wants on the status page, from the record, the handbook and what the ledger remembers. Pure."""

import re
from collections.abc import Iterator

from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Audience, State
from incidentops.plan.nature import Nature
from incidentops.plan.resource import Fields, News, Ref, Resource, ResourceName, skip_reason
from incidentops.providers.base import RecordContext
from incidentops.providers.statusio.mapping import CUSTOMERS_READ, IncidentField, worse, worst
from incidentops.providers.statusio.section import CHANNELS, PROVIDER, pairs, section
from incidentops.providers.statusio.threads import Publication, Thread, publications, reference, threads
from incidentops.render import escape

_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_NOT_PUBLIC = "the record is not public any more"
_FIXED = frozenset({IncidentField.NAME, IncidentField.INFRASTRUCTURE})
_PASSED = "a later message was sent already"


def desired(incident: Incident, context: RecordContext) -> tuple[Resource, ...]:
    """Return what the record wants there: each message after the one before it, components after the last one."""
    resources: list[Resource] = []
    messages: tuple[ResourceName, ...] = ()
    for thread in threads(incident, context.entry):
        wanted = _DesiredMessages(incident, context, thread, messages)
        resources += wanted.all()
        messages = (resources[-1].name,)
    if messages:
        resources += wanted.components()
    return tuple(resources)


def pairs_of(handbook: Handbook, services: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pairs of some services, each once, sorted; services that are not on the page have none."""
    known = (handbook.services.get(key) for key in services)
    return tuple(sorted({pair for service in known if service for pair in pairs(service)}))


class _DesiredMessages:
    """What one thread wants, after the messages of the thread before it."""

    def __init__(
        self, incident: Incident, context: RecordContext, thread: Thread, before: tuple[ResourceName, ...]
    ) -> None:
        self._incident, self._context, self._thread, self._before = incident, context, thread, before
        self._receipt = context.entry.receipt(thread.name)
        self._unsent = {publication.key: publication for publication in self._not_sent()}
        sent = (p.entry.index for p in thread.publications if p.key not in self._unsent)
        self._newest_sent = max(sent, default=-1)
        remembered = (*context.entry.receipts, *context.entry.intents)
        self._begun = any(short.startswith(f"{PROVIDER}.") for short in remembered)

    def all(self) -> Iterator[Resource]:
        """Yield the incident on the status page and its messages."""
        first = self._first()
        previous = self._page_incident(first)
        yield previous
        for publication in self._thread.publications:
            if publication is not first or publication.resolves:
                resource = self._message(publication, after=previous.name, quiet=publication is first)
                if not self._passed(publication) or self._intended(resource.name):
                    yield resource
                    previous = resource

    def components(self) -> Iterator[Resource]:
        """Yield the status of each pair, where it must differ from what the last message made of it."""
        read = [p for p in self._thread.publications if p.key not in self._unsent or not self._skip_reason(p)]
        if not read:
            return
        last = read[-1]
        others_open = tuple(self._others())
        for pair in self._every_pair():
            others = worst(*(status for pairs_there, status in others_open if pair in pairs_there))
            if last.resolves or worse(others, than=last.snapshot.status):
                yield self._component(pair, others, last)

    # The incident

    def _page_incident(self, first: Publication) -> Resource:
        name = self._thread.name
        if self._receipt is None:
            return Resource(
                name,
                self._lasting(),
                {**self._text(first, open_only=True), IncidentField.FIRST: first.key},
                nature=Nature.MESSAGE,
                fixed=_FIXED,
                depends_on=self._before,
                customers_read=CUSTOMERS_READ,
                news=self._news(first),
                skip_reason=self._not_now(first),
            )
        if self._is_closed():
            return Resource(name, {}, nature=Nature.MESSAGE)
        if self._must_be_closed():
            closed: Fields = {IncidentField.OPEN: False}
            return Resource(name, closed, nature=Nature.MESSAGE, fixed=frozenset(closed))
        sends = any(not self._skip_reason(p) for p in self._unsent.values())
        uncertain = any(self._intended(self._thread.message(p)) for p in self._unsent.values())
        if sends and not uncertain:
            # A run that has news sends it and looks around the next time: one landed update is one request.
            return Resource(name, {}, nature=Nature.MESSAGE)
        return Resource(name, self._lasting(), nature=Nature.MESSAGE, fixed=_FIXED, customers_read=CUSTOMERS_READ)

    def _lasting(self) -> Fields:
        """What the page should go on showing: the services are those of the latest text, as customers read it."""
        services = self._thread.publications[-1].snapshot.services
        return {
            IncidentField.NAME: _one_line(self._incident.title),
            IncidentField.INFRASTRUCTURE: pairs_of(self._context.handbook, services),
        }

    def _first(self) -> Publication:
        """The publication that opens the incident on the page, or opened it."""
        oldest = self._thread.publications[0]
        if self._receipt is not None:
            return next((p for p in self._thread.publications if self._carried(p)), oldest)
        return next((p for p in self._unsent.values() if not self._skip_reason(p)), oldest)

    def _is_closed(self) -> bool:
        last = self._thread.publications[-1]
        return last.resolves and last.key not in self._unsent

    def _must_be_closed(self) -> bool:
        """Whether it is still open there, although nothing that we may send will ever close it."""
        if any(p.resolves and not self._skip_reason(p) for p in self._unsent.values()):
            return False
        return not self._incident.live or self._incident.now.audience is not Audience.PUBLIC

    # The messages

    def _not_sent(self) -> Iterator[Publication]:
        for publication in self._thread.publications:
            carried = self._carried(publication) and not publication.resolves
            if not carried and self._context.entry.receipt(self._thread.message(publication)) is None:
                yield publication

    def _carried(self, publication: Publication) -> bool:
        """Whether a message is the one that the incident was opened with.

        For an incident that a person opened and adopted this is not known: the oldest is taken.
        """
        if self._receipt is None:
            return False
        first = self._receipt.fields.get(IncidentField.FIRST)
        return publication.key.startswith(str(first)) if first else publication is self._thread.publications[0]

    def _passed(self, publication: Publication) -> bool:
        """Whether customers have read something newer already: then this is not sent any more."""
        return publication.key in self._unsent and publication.entry.index < self._newest_sent

    def _message(self, publication: Publication, *, after: ResourceName, quiet: bool) -> Resource:
        text = {**self._text(publication), IncidentField.INCIDENT: Ref(self._thread.name)}
        if quiet:  # customers have just read the very same words
            text[IncidentField.NOTIFY] = ()
        return Resource(
            self._thread.message(publication),
            {},
            text,
            nature=Nature.MESSAGE,
            depends_on=(after,),
            customers_read=CUSTOMERS_READ,
            news=self._news(publication),
            skip_reason=self._not_now(publication) if publication.key in self._unsent else "",
        )

    def _text(self, publication: Publication, *, open_only: bool = False) -> Fields:
        """One message with the codes of its own moment. `open_only`: an incident cannot begin resolved."""
        snapshot = publication.snapshot
        state = snapshot.state or State.INVESTIGATING
        if open_only and state is State.RESOLVED:
            state = State.MONITORING
        found = reference(self._incident.id, self._thread.key, publication.key)
        notify = section(self._context.handbook).notify
        return {
            IncidentField.DETAILS: f"{plain(publication.entry.publish)} {found}",
            IncidentField.STATE: state.value,
            IncidentField.STATUS: snapshot.status.value,
            IncidentField.SUBJECT: _one_line(self._incident.title),
            IncidentField.NOTIFY: tuple(channel for channel in CHANNELS if notify.get(channel)),
        }

    def _intended(self, name: ResourceName) -> bool:
        return name.short in self._context.entry.intents

    # What is not sent

    def _skip_reason(self, publication: Publication) -> str:
        """Why a text that was not sent is not to be sent now; empty when nothing speaks against it."""
        return self._not_now(publication) or skip_reason(self._news(publication), self._context.news_policy)

    def _not_now(self, publication: Publication) -> str:
        """Why the status page has no place for it, however fresh it is."""
        if self._incident.now.audience is not Audience.PUBLIC:
            return _NOT_PUBLIC
        if self._receipt is None and not self._lasting()[IncidentField.INFRASTRUCTURE]:
            return "none of its services has a place on the status page: set services.<key>.statusio in the handbook"
        return _PASSED if self._passed(publication) else ""

    def _news(self, publication: Publication) -> News:
        return News(publication.entry.at, over_when_first_seen=not self._incident.live and not self._begun)

    # The components

    def _others(self) -> Iterator[tuple[tuple[str, ...], str]]:
        """What customers see of the other open incidents: the pairs that each touches, and its status."""
        for other in self._context.live:
            if other.id != self._incident.id:
                published = publications(other)
                if published and not published[-1].resolves:
                    last = published[-1].snapshot
                    yield pairs_of(self._context.handbook, last.services), last.status

    def _every_pair(self) -> tuple[str, ...]:
        """Everything that the incident may touch on the page: what it was opened with cannot be taken back there."""
        services = tuple(key for p in self._thread.publications for key in p.snapshot.services)
        return pairs_of(self._context.handbook, services)

    def _component(self, pair: str, status: str, last: Publication) -> Resource:
        """Once it is set after a message it stays as it was set, until the next message: the page may have moved on."""
        name = ResourceName(self._incident.id, PROVIDER, "component", pair)
        receipt = self._context.entry.receipt(name)
        if receipt and receipt.fields.get(IncidentField.AFTER) == last.key:
            status = str(receipt.fields.get(IncidentField.STATUS, status))
        fields: Fields = {IncidentField.STATUS: status, IncidentField.AFTER: last.key}
        opener = last is self._first() and not last.resolves
        carrier = self._thread.name if opener else self._thread.message(last)
        return Resource(
            name,
            fields,
            {IncidentField.INCIDENT: Ref(self._thread.name)},
            depends_on=(carrier,),
            idempotent=True,
            joint=True,
        )


def plain(text: str) -> str:
    """Return a text as the page takes it: without anything that a page, mail or feed could take for HTML."""
    lines = [line.rstrip() for line in escape.plain(text).strip().split("\n")]
    return _TAG.sub("\N{SINGLE LEFT-POINTING ANGLE QUOTATION MARK}", re.sub(r"\n{3,}", "\n\n", "\n".join(lines)))


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())
