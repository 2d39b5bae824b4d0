"""GitLab as a service of the sandbox."""

import re
from collections.abc import Mapping
from datetime import datetime

from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.graphql import graphql_route
from incidentops.sandbox.gitlab.http import rate_headers
from incidentops.sandbox.gitlab.pages import page_routes
from incidentops.sandbox.gitlab.rest import rest_routes
from incidentops.sandbox.service import READS, Incoming, NavLink, PageMaker, Values
from incidentops.sandbox.store import Store

NAME = "gitlab"
_GRAPHQL = "/api/graphql"
_MUTATION = re.compile(rb"\bmutation\b")
_RESOURCE_LOCK = "409 Conflict: Resource lock"
_TOO_MANY = "This endpoint has been requested too many times. Try again later."


class GitLabService:
    """`/api/`: REST and GraphQL, 409 locks, two kinds of 429, headers of limits, the pages of issues."""

    logs = ((NAME, "GitLab"),)
    stylesheets = ("/labels.css",)
    card = "issues_card.html"

    def __init__(self, store: Store, faults: Faults, retry_after: int) -> None:
        self._store, self._faults, self._retry_after = store, faults, retry_after
        self.links = (NavLink("issues", f"/{store.seed.project}/-/issues", "Issues"),)

    def log_of(self, path: str) -> str:
        """Everything under `/api/`."""
        return NAME if path.startswith("/api/") else ""

    def gap_of(self, _: str) -> float | None:
        """It takes any number at any time."""
        return None

    def writes(self, method: str, path: str, body: bytes) -> bool:
        """By the method; of GraphQL, by the word mutation."""
        return method not in READS and (path != _GRAPHQL or bool(_MUTATION.search(body)))

    def too_many(self, hit: int) -> Response:
        """Its two kinds in turn: the plain one with Retry-After, and the application limit's without."""
        if hit % 2:
            return PlainTextResponse("Retry later\n", status_code=429, headers={"retry-after": str(self._retry_after)})
        return JSONResponse({"message": {"error": _TOO_MANY}}, status_code=429)

    def refusal(self, request: Incoming) -> tuple[Response | None, str]:
        """A write may find that somebody else is writing."""
        if request.write and self._faults.hits("409", NAME, request.key):
            return JSONResponse({"message": _RESOURCE_LOCK}, status_code=409), "409"
        return None, ""

    def headers(self, request: Incoming) -> Mapping[str, str]:
        """The limits, on every answer."""
        seen = self._store.number("SELECT count(*) FROM requests WHERE service = ?", request.log) + 1
        return rate_headers(seen, int(datetime.fromisoformat(self._store.now()).timestamp()))

    def routes(self) -> list[BaseRoute]:
        """GraphQL and REST."""
        gate = Gate(self._store, self._faults)
        return [graphql_route(gate), *rest_routes(gate)]

    def pages(self, pages: PageMaker) -> list[BaseRoute]:
        """Issues and merge requests."""
        return page_routes(self._store, pages)

    def overview(self) -> Values:
        """How many issues there are."""
        count = self._store.number
        return {
            "project": self._store.seed.project,
            "open": count("SELECT count(*) FROM items WHERE kind = 'Issue' AND state = 'opened'"),
            "closed": count("SELECT count(*) FROM items WHERE kind = 'Issue' AND state = 'closed'"),
        }
