"""What a rule may know besides the record: the moment, the handbook, the text of the file. Nothing else reaches it."""

from dataclasses import dataclass
from datetime import datetime

from incidentops.model.handbook import Handbook
from incidentops.rules.public_text import PublicText, public_text


@dataclass(frozen=True, slots=True)
class Context:
    """The same for every record of a run, but for `text`: the file of the record as it was read, comments included."""

    now: datetime
    handbook: Handbook
    public: PublicText
    text: str = ""

    def reading(self, text: str) -> "Context":
        """Return the context for one file."""
        return Context(self.now, self.handbook, self.public, text)


def context(now: datetime, handbook: Handbook) -> Context:
    """Prepare the context of a run: what COM003 looks for is worked out once."""
    return Context(now, handbook, public_text(handbook))
