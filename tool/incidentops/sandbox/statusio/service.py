"""Status.io as a service of the sandbox, with its public feed and the status page."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.service import NavLink, SandboxService, Values, WebPage
from incidentops.sandbox.statusio.api import api_routes
from incidentops.sandbox.statusio.board import OPERATIONAL, STATES, STATUSES, Board
from incidentops.sandbox.store import Store

NAME, FEED = "statusio", "feed"
_TOO_FAST = {"status": {"error": "yes", "message": "Too many requests: one at a time, a second apart"}}
_TONES = {100: "calm", 200: "info", 300: "warn", 400: "warn", 500: "bad", 600: "bad"}


class StatusPageService(SandboxService):
    """`/statusio/v2` and the public feed: one request at a time, a pause after each, the page as customers see it."""

    logs = ((NAME, "Status.io"), (FEED, "Public feed"))
    links = (NavLink("status", "/status/", "Status page"),)
    card = "status_card.html"

    def __init__(self, store: Store, faults: Faults, gap: float) -> None:
        super().__init__(store, faults)
        self.gap, self.board = gap, Board(store)
        self.routes = api_routes(self.board, faults)
        self.pages = (WebPage("/status/", "status.html", self._status),)
        self.constants = {"states": STATES, "statuses": STATUSES, "tones": _TONES}

    def log_of(self, path: str) -> str:
        """The API, or the feed."""
        if path.startswith("/statusio/v2"):
            return NAME
        return FEED if path.startswith(("/1.0/", "/statusio/1.0/")) else ""

    def gap_of(self, log: str) -> float | None:
        """The API takes one request at a time, the feed any number."""
        return self.gap if log == NAME else None

    def too_many(self, _: int, /) -> Response:
        """The envelope of an error."""
        return JSONResponse(_TOO_FAST, status_code=429)

    def _status(self, _: Request) -> Values:
        board = self.board
        shown = {resolved: [board.incident(row) for row in board.rows(resolved=resolved)] for resolved in (False, True)}
        return {"summary": board.summary(), "active": shown[False], "past": shown[True], "operational": OPERATIONAL}

    def overview(self) -> Values:
        """The worst status, and how many incidents there are."""
        worst = max(self.board.statuses().values())
        counts = {"open": len(self.board.rows(resolved=False)), "resolved": len(self.board.rows(resolved=True))}
        return counts | {"worst": worst, "status": STATUSES[worst]}
