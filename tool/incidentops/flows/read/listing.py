"""List records: which of them, newest first, and what could not be read."""

from datetime import datetime
from itertools import groupby

from msgspec import Struct

from incidentops.flows.read.archive import Archive, Opened
from incidentops.model.build import record_id
from incidentops.model.incident import Incident
from incidentops.model.vocabulary import Kind, Severity, State
from incidentops.render.incidents import Brief, brief


class ListFilter(Struct, frozen=True):
    """Which records to list: those that match every filter. `limit` None is all of them."""

    live: bool = False
    kinds: tuple[Kind, ...] = ()
    states: tuple[State, ...] = ()
    severities: tuple[Severity, ...] = ()
    services: tuple[str, ...] = ()
    owner: str = ""
    since: datetime | None = None
    until: datetime | None = None
    limit: int | None = None

    def fits(self, incident: Incident) -> bool:
        """Whether a record is one of those."""
        now = incident.now
        return (
            (incident.live or not self.live)
            and (not self.kinds or incident.kind in self.kinds)
            and (not self.states or now.state in self.states)
            and (not self.severities or now.severity in self.severities)
            and (not self.services or not set(self.services).isdisjoint(now.services))
            and (not self.owner or now.owner == self.owner)
            and (self.since is None or incident.declared >= self.since)
            and (self.until is None or incident.declared <= self.until)
        )


class ListResult(Struct, frozen=True):
    """The records found, newest first, and those that could not be read. `more` says that the limit cut the list."""

    incidents: tuple[Brief, ...]
    unreadable: tuple[Opened, ...] = ()
    more: bool = False


def listing(archive: Archive, wanted: ListFilter) -> ListResult:
    """Read records, newest day first, until there are enough; a limit of 25 reads little more than 25 files."""
    found: list[Brief] = []
    unreadable: list[Opened] = []
    for _, files in groupby(archive.files(), key=lambda file: record_id(file)[:10]):  # of one day
        if wanted.limit is not None and len(found) > wanted.limit:
            break
        of_day = []
        for opened in map(archive.read, files):
            if opened.incident is None:
                unreadable.append(opened)
            elif wanted.fits(opened.incident):
                of_day.append(brief(opened.incident))
        found += sorted(of_day, key=lambda shown: (shown.declared, shown.id), reverse=True)
    shown = found if wanted.limit is None else found[: wanted.limit]
    return ListResult(tuple(shown), tuple(unreadable), more=len(shown) < len(found))
