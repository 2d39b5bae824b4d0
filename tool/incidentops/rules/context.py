"""What a rule may know besides the record: the moment, the handbook, the text of the file. Nothing else reaches it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from incidentops.model.handbook import Handbook
from incidentops.rules.public_text import PublicText, Screen, by_re, public_text
from incidentops.rules.secrets import SIGNS


@dataclass(frozen=True, slots=True)
class Context:
    """The same for every record of a run, but for `text`: the file of the record as it was read, comments included.

    `secretive` says of a text whether it is worth looking for secrets in it.
    """

    now: datetime
    handbook: Handbook
    public: PublicText
    secretive: Callable[[str], object]
    text: str = ""

    def reading(self, text: str) -> "Context":
        """Return the context for one file."""
        return Context(self.now, self.handbook, self.public, self.secretive, text)


def context(now: datetime, handbook: Handbook, screen: Screen = by_re) -> Context:
    """Prepare the context of a run: what COM003 looks for is worked out once. `screen` takes the first look at texts."""
    return Context(now, handbook, public_text(handbook, screen), screen(SIGNS))
