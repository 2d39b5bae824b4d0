"""The whole sandbox as one ASGI application: the services, the control routes, the pages."""

from msgspec import Struct
from starlette.applications import Starlette
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.types import ASGIApp

from incidentops.sandbox.control import control_routes
from incidentops.sandbox.faults import Faults
from incidentops.sandbox.gitlab.service import NAME as GITLAB
from incidentops.sandbox.gitlab.service import GitLabService
from incidentops.sandbox.pages import WebPages
from incidentops.sandbox.service import SandboxService
from incidentops.sandbox.statusio.service import NAME as STATUSIO
from incidentops.sandbox.statusio.service import StatusPageService
from incidentops.sandbox.store import Store
from incidentops.sandbox.traffic import Traffic

SERVICES = (GITLAB, STATUSIO)
"""The names of the services in faults."""

HOSTS = ("127.0.0.1", "localhost", "[::1]")
"""The allowed Host headers: a web page elsewhere cannot reach the sandbox under its own name."""


class SandboxOptions(Struct, frozen=True):
    """How a sandbox behaves. `statusio_gap` and `slow_seconds` are seconds, `retry_after` whole seconds."""

    faults: tuple[str, ...] = ()
    statusio_gap: float = 1.0
    slow_seconds: float = 2.0
    retry_after: int = 1
    users: tuple[str, ...] = ()


def services_of(store: Store, faults: Faults, options: SandboxOptions) -> tuple[SandboxService, ...]:
    """Return every service of the sandbox: adding one is a line here."""
    return (GitLabService(store, faults, options.retry_after), StatusPageService(store, faults, options.statusio_gap))


def build(store: Store, faults: Faults, options: SandboxOptions) -> ASGIApp:
    """Build the application."""
    services = services_of(store, faults, options)
    routes = [route for service in services for route in service.routes]
    routes += [*control_routes(store, faults), *WebPages(store, faults, services).routes()]
    app = Starlette(routes=routes)
    app.router.redirect_slashes = False
    traffic = Traffic(app, store, faults, services)
    return TrustedHostMiddleware(traffic, allowed_hosts=list(HOSTS), www_redirect=False)
