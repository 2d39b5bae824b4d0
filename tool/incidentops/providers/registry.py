"""The providers by name: adding one is a name in `ORDER`. Each part of one loads when it is needed first.

A provider is a folder with `variables` (what it reads from the environment), `provider` (with `build`), `client`
(its library loads with it) and `handbook.json` (its part of the handbook's schema).
"""

from collections.abc import Callable
from functools import partial
from importlib import import_module
from itertools import chain
from types import ModuleType
from typing import TYPE_CHECKING, cast

from msgspec import Struct

from incidentops.core.pauses import Pauses
from incidentops.core.variable import RepositoryHost, Variable, VariableValues

if TYPE_CHECKING:
    from incidentops.model.handbook import Handbook
    from incidentops.model.incident import Incident
    from incidentops.providers.base import MergeRequestApi, Provider

ORDER = ("statusio", "gitlab")
"""Every provider, in the order in which effects are carried out: customers do not wait for an issue tracker."""

_HOST = "gitlab"
"""Where the repository itself is: merge requests, git over HTTP, who runs the pipeline, the text of a review."""


def variables() -> tuple[Variable, ...]:
    """Return every variable that a provider declares."""
    return tuple(chain.from_iterable(_part(name, "variables").VARIABLES for name in sorted(ORDER)))


def build(values: VariableValues, handbook: "Handbook", pauses: Pauses, *, writable: bool) -> "tuple[Provider, ...]":
    """Return every provider in order; those without their variables are not configured, and say so.

    Without `writable` each gets a transport that cannot write.
    """

    def connect(name: str, account: object) -> object:
        return _part(name, "client").connect(account, pauses, writable=writable)

    built = (_part(name, "provider").build(values, handbook, partial(connect, name)) for name in ORDER)
    return cast("tuple[Provider, ...]", tuple(built))


def host(values: VariableValues) -> RepositoryHost:
    """Return where the repository is, and who we are there."""
    return cast("RepositoryHost", _part(_HOST, "variables").host(values))


class MergeRequestAccess(Struct, frozen=True):
    """The merge requests of a project: `connect` makes their client, unless `unusable` says why there is none."""

    connect: "Callable[[], MergeRequestApi]"
    unusable: str


def merge_requests(values: VariableValues, project: str, pauses: Pauses) -> MergeRequestAccess:
    """Return the access to the merge requests of a project, which is named by its number."""

    def connect() -> "MergeRequestApi":
        client = _part(_HOST, "merge_requests_client")
        return cast("MergeRequestApi", client.connect(values, project, pauses))

    return MergeRequestAccess(connect, cast("str", _part(_HOST, "variables").merge_requests_unusable(values, project)))


def review_text(incident: "Incident", handbook: "Handbook") -> str:
    """Return the incident review as Markdown, as its issue has it."""
    return cast("str", _part(_HOST, "documents").review_text(incident, handbook))


def _part(name: str, part: str) -> ModuleType:
    return import_module(f"{__package__}.{name}.{part}")
