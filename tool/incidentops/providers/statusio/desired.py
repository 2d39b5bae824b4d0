"""What a record wants on the status page, from the record, the handbook and what the ledger remembers. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from incidentops.core import duration, moment
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.timeline import Snapshot
from incidentops.model.vocabulary import Audience, State
from incidentops.plan.resource import Fields, Resource, ResourceName
from incidentops.providers.base import RecordContext
from incidentops.providers.statusio.mapping import CUSTOMERS_READ, IncidentField, worse, worst
from incidentops.providers.statusio.section import CHANNELS, pairs, section
from incidentops.providers.statusio.text import plain
from incidentops.providers.statusio.threads import (
    PROVIDER,
    Publication,
    Thread,
    publications,
    reference,
    threads,
)

_NOT_PUBLIC = "the record is not public any more"
_OVER = "it was over before anything of it was on the status page; send it all the same with --late"
_PASSED = "a later message was sent already"


def desired(incident: Incident, situation: RecordContext) -> tuple[Resource, ...]:
    """Return what the record wants there, in the order in which it must be made."""
    wanted = threads(incident, situation.memory)
    resources = [resource for thread in wanted for resource in _DesiredMessages(incident, situation, thread).all()]
    if wanted:
        resources += _DesiredMessages(incident, situation, wanted[-1]).components()
    return tuple(resources)


def pairs_of(handbook: Handbook, services: tuple[str, ...]) -> tuple[str, ...]:
    """Return the pairs of some services, each once, sorted; services that are not on the page have none."""
    known = (handbook.services.get(key) for key in services)
    return tuple(sorted({pair for service in known if service for pair in pairs(service)}))


@dataclass(frozen=True, slots=True)
class _PublicState:
    """What customers see of another open incident: the pairs that it touches, and how bad it says that it is."""

    pairs: tuple[str, ...]
    status: str


class _DesiredMessages:
    """What one thread wants."""

    def __init__(self, incident: Incident, situation: RecordContext, thread: Thread) -> None:
        self._incident = incident
        self._situation = situation
        self._thread = thread
        self._receipt = situation.memory.receipt(thread.name)
        self._unsent = tuple(self._not_sent())

    def all(self) -> Iterator[Resource]:
        """Yield the incident on the status page and its messages."""
        first = self._first()
        yield self._page_incident(first)
        for publication in self._thread.publications:
            if publication is not first or publication.resolves:
                resource = self._message(publication, quiet=publication is first)
                if self._is_worth_naming(publication, resource):
                    yield resource

    def components(self) -> Iterator[Resource]:
        """Yield the status of each pair, where it must differ from what the last message made of it."""
        told = [p for p in self._thread.publications if p not in self._unsent or not self._hold(p)]
        if not told:
            return
        last = told[-1]
        faces = tuple(self._others())
        for pair in self._every_pair():
            others = worst(*(face.status for face in faces if pair in face.pairs))
            if last.resolves or worse(others, than=last.snapshot.status):
                yield self._component(pair, others, last)

    # The incident

    def _page_incident(self, first: Publication) -> Resource:
        name = self._thread.name
        if self._receipt is None:
            return Resource(
                name,
                self._kept(),
                {**self._text(first, open_only=True), IncidentField.FIRST: first.key},
                fixed=frozenset({IncidentField.NAME, IncidentField.INFRASTRUCTURE}),
                hold=self._hold(first),
                customers_read=CUSTOMERS_READ,
            )
        if self._is_closed():
            return Resource(name, {}, watched=False)
        if self._must_be_closed():
            return Resource(name, {IncidentField.OPEN: False}, fixed=frozenset({IncidentField.OPEN}))
        if self._about_to_send() and not self._uncertain():
            # A run that has news sends it and looks around the next time: one landed update is one request.
            return Resource(name, {}, watched=False)
        fixed = frozenset({IncidentField.NAME, IncidentField.INFRASTRUCTURE})
        return Resource(name, self._kept(), fixed=fixed, customers_read=CUSTOMERS_READ)

    def _kept(self) -> Fields:
        """What the page should go on showing: the services are those of the latest text, as customers read it."""
        services = self._thread.publications[-1].snapshot.services
        return {
            IncidentField.NAME: _one_line(self._incident.title),
            IncidentField.INFRASTRUCTURE: pairs_of(self._situation.handbook, services),
        }

    def _first(self) -> Publication:
        """The publication that opens the incident on the page, or opened it."""
        oldest = self._thread.publications[0]
        if self._receipt is not None:
            return next((p for p in self._thread.publications if self._carried(p)), oldest)
        return next((p for p in self._unsent if not self._hold(p)), oldest)

    def _is_closed(self) -> bool:
        last = self._thread.publications[-1]
        return last.resolves and last not in self._unsent

    def _must_be_closed(self) -> bool:
        """Whether it is still open there, although nothing that we may send will ever close it."""
        if any(p.resolves and not self._hold(p) for p in self._unsent):
            return False
        return not self._incident.live or self._incident.now.audience is not Audience.PUBLIC

    def _about_to_send(self) -> bool:
        return any(not self._hold(p) for p in self._unsent)

    def _uncertain(self) -> bool:
        return any(self._intended(self._thread.message(p)) for p in self._unsent)

    # The messages

    def _not_sent(self) -> Iterator[Publication]:
        for publication in self._thread.publications:
            carried = self._carried(publication) and not publication.resolves
            if not carried and self._situation.memory.receipt(self._thread.message(publication)) is None:
                yield publication

    def _carried(self, publication: Publication) -> bool:
        """Whether a message is the one that the incident was opened with.

        Of an incident that a person opened, and then told us of, nobody knows: the oldest is taken to be there.
        """
        if self._receipt is None:
            return False
        first = self._receipt.fields.get(IncidentField.FIRST)
        return publication.key.startswith(str(first)) if first else publication is self._thread.publications[0]

    def _passed(self, publication: Publication) -> bool:
        """Whether customers have read something newer already: then this is not said any more."""
        sent = [p for p in self._thread.publications if p not in self._unsent]
        return publication in self._unsent and any(p.entry.index > publication.entry.index for p in sent)

    def _is_worth_naming(self, publication: Publication, message: Resource) -> bool:
        return not self._passed(publication) or self._intended(message.name)

    def _message(self, publication: Publication, *, quiet: bool) -> Resource:
        text = {**self._text(publication), IncidentField.INCIDENT: self._thread.name.short}
        if quiet:  # customers have just been told the very same words
            text[IncidentField.NOTIFY] = ()
        hold = self._hold(publication) if publication in self._unsent else ""
        name = self._thread.message(publication)
        return Resource(name, {}, text, watched=False, message=True, hold=hold, customers_read=CUSTOMERS_READ)

    def _text(self, publication: Publication, *, open_only: bool = False) -> Fields:
        """One message with the codes of its own moment. `open_only`: an incident cannot begin resolved."""
        snapshot = publication.snapshot
        state = snapshot.state or State.INVESTIGATING
        if open_only and state is State.RESOLVED:
            state = State.MONITORING
        found = reference(self._incident.id, self._thread.key, publication.key)
        notify = section(self._situation.handbook).notify
        return {
            IncidentField.DETAILS: f"{plain(publication.entry.publish)} {found}",
            IncidentField.STATE: state.value,
            IncidentField.STATUS: snapshot.status.value,
            IncidentField.SUBJECT: _one_line(self._incident.title),
            IncidentField.NOTIFY: tuple(channel for channel in CHANNELS if notify.get(channel)),
        }

    def _intended(self, name: ResourceName) -> bool:
        return name.short in self._situation.memory.intents

    # What holds news back

    def _hold(self, publication: Publication) -> str:
        """Why a text that was not sent is not to be sent now; empty when nothing speaks against it."""
        if self._incident.now.audience is not Audience.PUBLIC:
            return _NOT_PUBLIC
        if self._receipt is None and not self._kept()[IncidentField.INFRASTRUCTURE]:
            return "none of its services has a place on the status page: set services.<key>.statusio in the handbook"
        if self._passed(publication):
            return _PASSED
        return "" if self._situation.late else self._too_late(publication)

    def _too_late(self, publication: Publication) -> str:
        memory = self._situation.memory
        if not self._incident.live and not any(
            short.startswith(f"{PROVIDER}.") for short in (*memory.receipts, *memory.intents)
        ):
            return _OVER
        oldest = self._situation.handbook.timers.publish_max_age
        if self._situation.now - publication.entry.at > oldest:
            written = moment.show(publication.entry.at)
            return f"it is from {written}, older than {duration.show(oldest)}; send it all the same with --late"
        return ""

    # The components

    def _others(self) -> Iterator[_PublicState]:
        for other in self._situation.live:
            if other.id != self._incident.id:
                told = publications(other)
                if told and not told[-1].resolves:
                    yield self._face(told[-1].snapshot)

    def _face(self, snapshot: Snapshot) -> _PublicState:
        return _PublicState(pairs_of(self._situation.handbook, snapshot.services), snapshot.status)

    def _every_pair(self) -> tuple[str, ...]:
        """Everything that the incident may touch on the page: what it was opened with cannot be taken back there."""
        services = tuple(key for p in self._thread.publications for key in p.snapshot.services)
        return pairs_of(self._situation.handbook, services)

    def _component(self, pair: str, status: str, last: Publication) -> Resource:
        """Once it is set after a message it stays as it was set, until the next message: the page may have moved on."""
        name = ResourceName(self._incident.id, PROVIDER, "component", pair)
        receipt = self._situation.memory.receipt(name)
        if receipt and receipt.fields.get(IncidentField.AFTER) == last.key:
            status = str(receipt.fields.get(IncidentField.STATUS, status))
        fields: Fields = {IncidentField.STATUS: status, IncidentField.AFTER: last.key}
        return Resource(
            name, fields, {IncidentField.INCIDENT: self._thread.name.short}, watched=False, repeatable=True, joint=True
        )


def _one_line(text: str) -> str:
    return " ".join(plain(text).split())
