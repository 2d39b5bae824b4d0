"""What a service of the sandbox is to what all of them pass through: the log, the faults, the pages."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from jinja2 import Environment
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute

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
"""What every page is sent with."""

Values = dict[str, Any]
"""What a template shows."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request, read to its end. `log` is the name under which it is kept; `gap` is seconds since the one before."""

    log: str
    method: str
    path: str
    query: str
    body: bytes
    write: bool
    gap: float | None = None

    @property
    def key(self) -> str:
        """What the counts of a fault go by."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class NavLink:
    """A link of the navigation; `here` is what its pages call themselves."""

    here: str
    path: str
    title: str


class SandboxService(Protocol):
    """One service: its routes, what it does wrong on demand, how it is paced and logged, and its pages."""

    @property
    def logs(self) -> tuple[tuple[str, str], ...]:
        """The names under which its requests are kept, each with the title that the log shows."""
        ...

    @property
    def links(self) -> tuple[NavLink, ...]:
        """Its places in the navigation."""
        ...

    @property
    def stylesheets(self) -> tuple[str, ...]:
        """The paths of stylesheets that its pages need besides the common one."""
        ...

    @property
    def card(self) -> str:
        """The template of its part of the overview."""
        ...

    def log_of(self, path: str, /) -> str:
        """Return the name under which a request is kept; nothing when the path is none of this service's."""
        ...

    def gap_of(self, log: str, /) -> float | None:
        """Return the seconds that have to lie between two requests, one at a time; None when it takes any."""
        ...

    def writes(self, method: str, path: str, body: bytes, /) -> bool:
        """Return whether a request wants to change something."""
        ...

    def too_many(self, hit: int, /) -> Response:
        """Return how it turns a request away; `hit` counts how often it has done so."""
        ...

    def refusal(self, request: Incoming, /) -> tuple[Response | None, str]:
        """Return the answer of a fault that only this service has, and the fault's name."""
        ...

    def headers(self, request: Incoming, /) -> Mapping[str, str]:
        """Return the headers that stand on every answer."""
        ...

    def routes(self) -> list[BaseRoute]:
        """Return everything that it answers."""
        ...

    def pages(self, pages: "PageMaker") -> list[BaseRoute]:
        """Return its pages for people."""
        ...

    def overview(self) -> Values:
        """Return what its card shows."""
        ...


class PageMaker(Protocol):
    """What makes a page of a template."""

    @property
    def templates(self) -> Environment:
        """The templates; a service adds filters and words of its own."""
        ...

    def route(self, path: str, template: str, look_up: Callable[[Request], Values | None]) -> BaseRoute:
        """Return a page; None from `look_up` is a page that says there is none."""
        ...
