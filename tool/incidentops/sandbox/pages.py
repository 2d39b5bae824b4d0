"""Pages for people: the overview, the log of requests and those of each service, without scripts."""

import json
from collections.abc import Sequence
from datetime import datetime
from importlib import resources

from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from incidentops.sandbox.control import logged
from incidentops.sandbox.faults import Faults
from incidentops.sandbox.service import HEADERS, SandboxService, Values, WebPage, file_route
from incidentops.sandbox.store import Store

_SHOWN_REQUESTS = 200
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b5cad"/>'
    '<path d="M3 9h2.5L7 4.5l2.5 7L11 9h2" fill="none" stroke="#fff" stroke-width="1.5"/></svg>'
)


class WebPages:
    """Renders the pages; the templates escape every value."""

    def __init__(self, store: Store, faults: Faults, services: Sequence[SandboxService]) -> None:
        self._store, self._faults, self._services = store, faults, services
        folders = [__package__, *(type(service).__module__.rpartition(".")[0] for service in services)]
        self.templates = Environment(
            loader=ChoiceLoader([PackageLoader(folder) for folder in folders]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
        )
        self.templates.filters |= {"when": _when, "pretty": _pretty}
        self.templates.globals |= {
            "navigation": [link for service in services for link in service.links],
            "stylesheets": [sheet for service in services for sheet in service.stylesheets],
        }
        for service in services:
            self.templates.globals |= service.constants

    def routes(self) -> list[BaseRoute]:
        """Every page, the stylesheet, the icon."""
        pages = [WebPage("/", "overview.html", self.overview), WebPage("/log", "log.html", self.log)]
        pages += [page for service in self._services for page in service.pages]
        css = resources.files(__package__).joinpath("static.css").read_text(encoding="utf-8")
        style = file_route("/static.css", "text/css", lambda: css)
        icon = file_route("/icon.svg", "image/svg+xml", lambda: _ICON)
        return [*map(self._route, pages), style, icon]

    def _route(self, page: WebPage) -> BaseRoute:
        async def endpoint(request: Request) -> Response:
            values = page.look_up(request)
            name, status = (page.template, 200) if values is not None else ("missing.html", 404)
            html = self.templates.get_template(name).render(values or {})
            return HTMLResponse(html, status_code=status, headers=HEADERS)

        return Route(page.path, endpoint, methods=["GET"])

    def overview(self, request: Request) -> Values:
        """The address, the environment, the faults and the card of each service."""
        url = f"{request.url.scheme}://{request.url.netloc}"
        count = self._store.count
        return {
            "url": url,
            "environment": self._store.seed.environment(url),
            "faults": self._faults.active(),
            "waiting": self._faults.lose_in,
            "cards": [self._card(service) for service in self._services],
            "requests": count("requests"),
            "writes": count("requests", write=True),
        }

    def _card(self, service: SandboxService) -> Markup:
        """A service's part of the overview, from its own template."""
        return Markup(self.templates.get_template(service.card).render(service.overview()))  # noqa: S704

    def log(self, request: Request) -> Values:
        """The newest requests first; `?service=` narrows."""
        service = request.query_params.get("service", "")
        rows = [row for row in logged(self._store) if service in ("", row.service)]
        return {
            "requests": rows[::-1][:_SHOWN_REQUESTS],
            "total": len(rows),
            "service": service,
            "tabs": [("", "All"), *(log for one in self._services for log in one.logs)],
        }


def _when(moment: str) -> str:
    """A moment for people, in UTC."""
    return f"{datetime.fromisoformat(moment):%d %b %Y, %H:%M:%S} UTC"


def _pretty(body: str) -> str:
    """A JSON body with one field a line; anything else as it is."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body
