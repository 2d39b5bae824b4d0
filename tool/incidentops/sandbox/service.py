"""The base of a service of the sandbox: its part in the log, the faults and the pages."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.store import Store

READS = ("GET", "HEAD", "OPTIONS")
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
"""The headers of every page."""

Values = dict[str, Any]
"""The variables of a template."""


class Incoming(msgspec.Struct, frozen=True):
    """One complete request. `service` is its name in the log; `gap` is the seconds since the request before it."""

    service: str
    method: str
    path: str
    query: str
    body: bytes
    write: bool
    gap: float | None = None

    @property
    def key(self) -> str:
        """The key of the counts of faults."""
        return f"{self.method} {self.path}"


class NavLink(msgspec.Struct, frozen=True):
    """A link of the navigation; `here` is the name that its pages use for themselves."""

    here: str
    path: str
    title: str


class WebPage(msgspec.Struct, frozen=True):
    """A page of a template. `look_up` returns its variables, or None for an answer of 404."""

    path: str
    template: str
    look_up: Callable[[Request], Values | None]


def file_route(path: str, media_type: str, content: Callable[[], str]) -> BaseRoute:
    """The route of a file that pages use."""

    async def endpoint(_: Request) -> Response:
        return Response(content(), media_type=media_type, headers=HEADERS)

    return Route(path, endpoint, methods=["GET"])


class SandboxService(ABC):
    """One service: its routes, faults, pacing, log and pages."""

    logs: tuple[tuple[str, str], ...]
    """The names of its requests in the log, each with the title of its tab."""
    links: tuple[NavLink, ...]
    """Its links in the navigation."""
    stylesheets: tuple[str, ...] = ()
    """The paths of its own stylesheets."""
    card: str
    """The template of its part of the overview."""
    routes: Sequence[BaseRoute]
    """Its API, and the stylesheets of its pages."""
    pages: Sequence[WebPage]
    """Its pages for people."""
    constants: Values
    """What all its templates use: values and functions."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self.store = store
        self.faults = faults

    @abstractmethod
    def log_of(self, path: str) -> str:
        """Return the name of a request in the log; empty for a path of another service."""

    def gap_of(self, _log: str, /) -> float | None:
        """Return the seconds required between two requests, one at a time; None without such a limit."""
        return None

    def writes(self, method: str, _path: str, _body: bytes, /) -> bool:
        """Return whether a request changes something."""
        return method not in READS

    @abstractmethod
    def too_many(self, hit: int, /) -> Response:
        """Return the answer 429; `hit` counts them."""

    def refusal(self, _request: Incoming, /) -> tuple[Response | None, str]:
        """Return the answer of a fault that only this service has, and the fault's name."""
        return None, ""

    def headers(self, _request: Incoming, /) -> Mapping[str, str]:
        """Return the headers of every answer."""
        return {}

    @abstractmethod
    def overview(self) -> Values:
        """Return the variables of its card."""
