"""The status page as customers see it."""

from starlette.requests import Request
from starlette.routing import BaseRoute

from incidentops.sandbox.service import PageMaker, Values
from incidentops.sandbox.statusio.board import OPERATIONAL, STATES, STATUSES, Board
from incidentops.sandbox.store import Store

_TONES = {100: "calm", 200: "info", 300: "warn", 400: "warn", 500: "bad", 600: "bad"}


def page_routes(store: Store, pages: PageMaker) -> list[BaseRoute]:
    """The one page."""
    pages.templates.filters["tone"] = _tone
    pages.templates.globals |= {"states": STATES, "statuses": STATUSES}

    def status(_: Request) -> Values:
        board = Board(store)
        shown = {resolved: [board.incident(row) for row in board.rows(resolved=resolved)] for resolved in (False, True)}
        return {"summary": board.summary(), "active": shown[False], "past": shown[True], "operational": OPERATIONAL}

    return [pages.route("/status/", "status.html", status)]


def _tone(status: int) -> str:
    """The class that colours a status."""
    return _TONES[status]
