"""A commit as findings speak of it."""

from datetime import datetime

from msgspec import Struct


class Commit(Struct, frozen=True):
    """One commit of the branch: when it landed (the committer's time) and who wrote it, as they call themselves.

    A squashed commit or a merge may hold what others wrote.
    """

    sha: str
    at: datetime
    author: str
    parents: tuple[str, ...] = ()
