"""A commit as findings speak of it."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit of the branch: when it landed (the committer's time) and who wrote it, as they call themselves."""

    sha: str
    at: datetime
    author: str
