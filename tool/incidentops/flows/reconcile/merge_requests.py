"""Which merge request landed a change: git tells the commit, the host the merge request, each looked up once."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property

from msgspec import Struct, field

from incidentops.core.errors import Failed
from incidentops.providers.base import MergeRequest, MergeRequestApi

MOST_COMMITS = 20
"""How far back the changes of one record are looked at."""

_MOST_ASKED = 50

Landings = Callable[[Sequence[str]], Sequence[str]]
"""The newest commits of the default branch that changed some files, newest first."""


class LandedChange(Struct, frozen=True):
    """A commit of the default branch, and the merge requests that landed it; none when it was pushed as it is."""

    commit: str
    merge_requests: tuple[MergeRequest, ...]


class MergeRequestFinder(Struct, dict=True):
    """Looks landings up, and remembers them: what has landed does not change any more.

    `connect` makes the client of merge requests when it is needed first; `branch` is the default branch.
    """

    connect: Callable[[], MergeRequestApi]
    landings: Landings
    branch: str
    _known: dict[str, LandedChange] = field(default_factory=dict)

    @cached_property
    def client(self) -> MergeRequestApi:
        """The client of merge requests."""
        return self.connect()

    def of(self, files: Sequence[str]) -> Iterator[LandedChange]:
        """Yield how the changes of some files landed, newest first. Raises Failed, BadConfiguration."""
        for commit in self.landings(files):
            yield self._landing(commit)

    def _landing(self, commit: str) -> LandedChange:
        if commit not in self._known:
            if len(self._known) >= _MOST_ASKED:
                raise Failed(f"more than {_MOST_ASKED} commits would have to be looked up in one run")
            found = self.client.with_commit(commit)
            merged = (one for one in found if one.merged and one.target_branch == self.branch)
            self._known[commit] = LandedChange(commit, tuple(sorted(merged, key=lambda one: one.iid, reverse=True)))
        return self._known[commit]
