"""Threads: which public texts of a record belong to one incident on the status page, and how each is found again.

Status.io cannot go on with an incident that it has resolved (docs/services.md: Incidents), so a record that is reopened
goes on in a new one. Pure.
"""

import hashlib

from msgspec import Struct

from incidentops.model.entry import Entry
from incidentops.model.incident import Incident
from incidentops.model.timeline import Snapshot
from incidentops.model.vocabulary import Audience, State
from incidentops.plan.resource import LedgerEntry, ResourceName
from incidentops.providers.statusio.section import PROVIDER


class Publication(Struct, frozen=True):
    """A text for customers, and what was true when it was written."""

    entry: Entry
    snapshot: Snapshot

    @property
    def key(self) -> str:
        """The entry key."""
        return self.entry.key

    @property
    def resolves(self) -> bool:
        """Whether it tells customers that it is over."""
        return self.snapshot.state is State.RESOLVED


class Thread(Struct, frozen=True):
    """The publications of one incident on the status page. `key` is empty for the first, else that of the reopen."""

    incident: str
    key: str
    publications: tuple[Publication, ...]

    @property
    def name(self) -> ResourceName:
        """The resource that stands for it."""
        return ResourceName(self.incident, PROVIDER, "incident", self.key)

    def message(self, publication: Publication) -> ResourceName:
        """The resource that stands for one of its later messages."""
        return _message_name(self.incident, publication)


def _message_name(incident: str, publication: Publication) -> ResourceName:
    return ResourceName(incident, PROVIDER, "update", publication.key)


def thread_mark(incident: str, key: str) -> str:
    """Return what every reference of a thread begins with: 8 hex digits that tell nothing about the record.

    The id is not shown itself, since its slug may hold words that are not meant for customers.
    """
    return hashlib.sha256(f"{incident} {key}".strip().encode("utf-8", "surrogatepass")).hexdigest()[:8]


def reference(incident: str, thread: str, entry: str) -> str:
    """Return the reference that one message ends with, as in `Ref 5c1e09ab-3f2a9c`."""
    return f"Ref {thread_mark(incident, thread)}-{entry[:6]}"


def is_public(incident: Incident, entry: Entry, snapshot: Snapshot) -> bool:
    """Whether a text of this entry may reach customers; anything but a clear yes is a no."""
    if incident.is_near_miss or snapshot.audience is not Audience.PUBLIC:
        return False
    if incident.security is None:
        return True
    disclosure = incident.security.disclosure
    return disclosure is not None and disclosure.at <= entry.at


def publications(incident: Incident) -> tuple[Publication, ...]:
    """Return every text of a record that may reach customers, oldest first, each once."""
    found: dict[str, Publication] = {}
    for entry, snapshot in zip(incident.timeline, incident.snapshots, strict=True):
        if entry.publish.strip() and is_public(incident, entry, snapshot):
            found.setdefault(entry.key, Publication(entry, snapshot))
    return tuple(found.values())


def threads(incident: Incident, entry: LedgerEntry) -> tuple[Thread, ...]:
    """Return the incidents that a record wants on the status page, oldest first.

    A resolve that was not sent before the record was reopened is no news any more: the thread goes on without it.
    """
    published = publications(incident)
    done: list[Thread] = []
    current: list[Publication] = []
    for index, publication in enumerate(published):
        reopened = any(not later.resolves for later in published[index + 1 :])
        if publication.resolves and reopened and not _begun(entry, incident, publication):
            continue
        if publication.resolves and done and not current:
            continue  # Status.io has no word for news about an incident that is over
        current.append(publication)
        if publication.resolves:
            done.append(Thread(incident.id, _key(incident, done), tuple(current)))
            current = []
    if current:
        done.append(Thread(incident.id, _key(incident, done), tuple(current)))
    return tuple(done)


def _begun(entry: LedgerEntry, incident: Incident, publication: Publication) -> bool:
    short = _message_name(incident.id, publication).short
    return short in entry.receipts or short in entry.intents


def _key(incident: Incident, done: list[Thread]) -> str:
    """The key of the next thread: none for the first, else that of the entry that reopened the record."""
    if not done:
        return ""
    over = done[-1].publications[-1].entry.index
    later = zip(incident.timeline[over + 1 :], incident.snapshots[over + 1 :], strict=True)
    return next(entry.key for entry, snapshot in later if snapshot.state is not State.RESOLVED)
