"""The whole sandbox as one ASGI application: both services, the control door, the pages."""

from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from incidentops.sandbox.control import control_routes
from incidentops.sandbox.faults import Faults
from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.graphql import graphql_route
from incidentops.sandbox.gitlab.rest import rest_routes
from incidentops.sandbox.pages import page_routes
from incidentops.sandbox.statusio.api import StatusIoService
from incidentops.sandbox.store import Store
from incidentops.sandbox.traffic import Traffic

HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""Names the sandbox answers to: a web page elsewhere cannot make a browser talk to it under its own name."""


@dataclass(frozen=True, slots=True)
class SandboxOptions:
    """How a sandbox behaves. `statusio_gap` and `slow_seconds` are seconds, `retry_after` whole seconds."""

    faults: tuple[str, ...] = ()
    statusio_gap: float = 1.0
    slow_seconds: float = 2.0
    retry_after: int = 1
    users: tuple[str, ...] = field(default=())


def build(store: Store, faults: Faults, options: SandboxOptions) -> ASGIApp:
    """Put the application together."""
    gate = Gate(store, faults)
    routes = [
        graphql_route(gate),
        *rest_routes(gate),
        *StatusIoService(store, faults).routes(),
        *control_routes(store, faults),
        *page_routes(store, faults),
    ]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    traffic = Traffic(app, store, faults, options.statusio_gap, options.retry_after)
    return TrustedHostMiddleware(traffic, allowed_hosts=list(HOSTS), www_redirect=False)
