"""What a rule may know besides the record: the moment, the handbook, the file's text, what is due. Nothing else."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cached_property

from msgspec import Struct

from incidentops.model.change import CommitAuthor
from incidentops.model.handbook import Handbook
from incidentops.model.incident import Incident
from incidentops.model.obligation import Obligation
from incidentops.model.obligations import obligations
from incidentops.rules.public_text import PublicText, Screen, by_re, public_text
from incidentops.rules.secrets import SIGNS


class Context(Struct, frozen=True, dict=True):
    """The same for every record of a run, but for `text`, its file as it was read, and `incident`, the record itself.

    What is due on the record is computed when the first rule asks, once for all of them.
    `addresses` leads from the addresses that people commit with, in one letter case, to their keys. `secretive` says of
    a text whether it is worth looking for secrets in it.
    """

    now: datetime
    handbook: Handbook
    public: PublicText
    addresses: Mapping[str, str]
    secretive: Callable[[str], object]
    text: str = ""
    incident: Incident | None = None

    def at(self, now: datetime) -> "Context":
        """Return the context of a run at another moment."""
        return Context(now, self.handbook, self.public, self.addresses, self.secretive)

    def reading(self, text: str, incident: Incident) -> "Context":
        """Return the context for one record."""
        return Context(self.now, self.handbook, self.public, self.addresses, self.secretive, text, incident)

    @cached_property
    def obligations(self) -> tuple[Obligation, ...]:
        """What is or was due on the record."""
        return obligations(self.incident, self.handbook) if self.incident else ()

    @cached_property
    def missed(self) -> Mapping[str, Sequence[Obligation]]:
        """The obligations whose time was missed by now, by the codes of their rules."""
        found: dict[str, list[Obligation]] = {}
        for one in self.obligations:
            if one.late_at(self.now):
                found.setdefault(one.code, []).append(one)
        return found

    def late(self, code: str) -> Sequence[Obligation]:
        """Return the obligations of a rule whose time was missed by now."""
        return self.missed.get(code, ())

    def due(self, code: str) -> Sequence[Obligation]:
        """Return all obligations of a rule, whether or not their time was missed."""
        return [one for one in self.obligations if one.code == code]

    def person_of(self, author: CommitAuthor) -> str:
        """Return the person that an author is; nothing when their address is nobody's in the handbook."""
        return self.addresses.get(author.address.casefold(), "")

    def person(self, authors: Sequence[CommitAuthor]) -> str:
        """Return the person that the last of the possible authors is, or nothing."""
        return self.person_of(authors[-1]) if authors else ""


def context(now: datetime, handbook: Handbook, screen: Screen = by_re) -> Context:
    """Prepare the context of a run: what COM003 looks for and who commits with which address is worked out once.

    `screen` takes the first look at texts.
    """
    addresses = {address.casefold(): person.key for person in handbook.people.values() for address in person.email}
    return Context(now, handbook, public_text(handbook, screen), addresses, screen(SIGNS))
