"""Status.io as a service of the sandbox, with the feed that it publishes."""

from collections.abc import Mapping

from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.service import READS, Incoming, NavLink, PageMaker, Values
from incidentops.sandbox.statusio.api import StatusIoService
from incidentops.sandbox.statusio.board import STATUSES, Board
from incidentops.sandbox.statusio.pages import page_routes
from incidentops.sandbox.store import Store

NAME, FEED = "statusio", "feed"
_TOO_FAST = {"status": {"error": "yes", "message": "Too many requests: one at a time, a second apart"}}


class StatusPageService:
    """`/statusio/v2` and the public feed: one request at a time, a pause after each, the page as customers see it."""

    logs = ((NAME, "Status.io"), (FEED, "Public feed"))
    links = (NavLink("status", "/status/", "Status page"),)
    stylesheets = ()
    card = "status_card.html"

    def __init__(self, store: Store, faults: Faults, gap: float) -> None:
        self._store, self._faults, self._gap = store, faults, gap

    def log_of(self, path: str) -> str:
        """The API, or the feed."""
        if path.startswith("/statusio/v2"):
            return NAME
        return FEED if path.startswith(("/1.0/", "/statusio/1.0/")) else ""

    def gap_of(self, log: str) -> float | None:
        """The API takes one at a time, the feed any number."""
        return self._gap if log == NAME else None

    def writes(self, method: str, _path: str, _body: bytes) -> bool:
        """By the method."""
        return method not in READS

    def too_many(self, _: int) -> Response:
        """Always the same words."""
        return JSONResponse(_TOO_FAST, status_code=429)

    def refusal(self, _: Incoming) -> tuple[Response | None, str]:
        """Nothing of its own."""
        return None, ""

    def headers(self, _: Incoming) -> Mapping[str, str]:
        """None."""
        return {}

    def routes(self) -> list[BaseRoute]:
        """The API and the feed."""
        return StatusIoService(self._store, self._faults).routes()

    def pages(self, pages: PageMaker) -> list[BaseRoute]:
        """The status page."""
        return page_routes(self._store, pages)

    def overview(self) -> Values:
        """The worst status, and how many incidents there are."""
        count = self._store.number
        worst = max(Board(self._store).statuses().values())
        return {
            "worst": worst,
            "status": STATUSES[worst],
            "open": count("SELECT count(*) FROM incidents WHERE resolved IS NULL"),
            "resolved": count("SELECT count(*) FROM incidents WHERE resolved IS NOT NULL"),
        }
