"""What a rule may know besides the record: the moment, the handbook, the text of the file. Nothing else reaches it."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from msgspec import Struct

from incidentops.model.change import CommitAuthor
from incidentops.model.handbook import Handbook
from incidentops.rules.public_text import PublicText, Screen, by_re, public_text
from incidentops.rules.secrets import SIGNS


class Context(Struct, frozen=True):
    """The same for every record of a run, but for `text`: the file of the record as it was read, comments included.

    `addresses` leads from the addresses that people commit with, in one letter case, to their keys. `secretive` says of
    a text whether it is worth looking for secrets in it.
    """

    now: datetime
    handbook: Handbook
    public: PublicText
    addresses: Mapping[str, str]
    secretive: Callable[[str], object]
    text: str = ""

    def reading(self, text: str) -> "Context":
        """Return the context for one file."""
        return Context(self.now, self.handbook, self.public, self.addresses, self.secretive, text)

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
