"""GitLab as a service of the sandbox."""

import re
from collections.abc import Mapping
from datetime import datetime

from starlette.responses import JSONResponse, PlainTextResponse, Response

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.graphql import graphql_route
from incidentops.sandbox.gitlab.pages import colors_route, issue_pages, rendered
from incidentops.sandbox.gitlab.rest import rest_routes
from incidentops.sandbox.service import READS, Incoming, NavLink, SandboxService, Values
from incidentops.sandbox.store import Store

NAME = "gitlab"
_LIMIT = 2000
_GRAPHQL = "/api/graphql"
_MUTATION = re.compile(rb"\bmutation\b")
_RESOURCE_LOCK = "409 Conflict: Resource lock"
_TOO_MANY = "This endpoint has been requested too many times. Try again later."


class GitLabService(SandboxService):
    """`/api/`: REST and GraphQL, 409 locks, two kinds of 429, headers of limits, the pages of issues."""

    logs = ((NAME, "GitLab"),)
    stylesheets = ("/labels.css",)
    card = "issues_card.html"

    def __init__(self, store: Store, faults: Faults, retry_after: int) -> None:
        super().__init__(store, faults)
        self.retry_after = retry_after
        self.links = (NavLink("issues", f"/{store.seed.project}/-/issues", "Issues"),)
        gate = Gate(store, faults)
        self.routes = [graphql_route(gate), *rest_routes(gate), colors_route(store)]
        self.pages = issue_pages(store)
        self.constants = {"project": store.seed.project, "markdown": rendered}

    def log_of(self, path: str) -> str:
        """Everything under `/api/`."""
        return NAME if path.startswith("/api/") else ""

    def writes(self, method: str, path: str, body: bytes) -> bool:
        """By the method; of GraphQL, by the word mutation."""
        return method not in READS and (path != _GRAPHQL or bool(_MUTATION.search(body)))

    def too_many(self, hit: int) -> Response:
        """Its two kinds in turn: the plain one with Retry-After, and the application limit's without."""
        if hit % 2:
            return PlainTextResponse("Retry later\n", status_code=429, headers={"retry-after": str(self.retry_after)})
        return JSONResponse({"message": {"error": _TOO_MANY}}, status_code=429)

    def refusal(self, request: Incoming) -> tuple[Response | None, str]:
        """A write may meet a lock."""
        if request.write and self.faults.hits("409", NAME, request.key):
            return JSONResponse({"message": _RESOURCE_LOCK}, status_code=409), "409"
        return None, ""

    def headers(self, request: Incoming) -> Mapping[str, str]:
        """The RateLimit headers of every answer; the window is a minute."""
        observed = (self.store.count("requests", service=request.service) + 1) % _LIMIT
        epoch = int(datetime.fromisoformat(self.store.now()).timestamp())
        return {
            "ratelimit-limit": str(_LIMIT),
            "ratelimit-name": "throttle_authenticated_api",
            "ratelimit-observed": str(observed),
            "ratelimit-remaining": str(_LIMIT - observed),
            "ratelimit-reset": str(epoch - epoch % 60 + 60),
        }

    def overview(self) -> Values:
        """How many issues there are."""
        states = {"open": "opened", "closed": "closed"}
        counts = {name: self.store.count("items", kind="Issue", state=state) for name, state in states.items()}
        return counts | {"project": self.store.seed.project}
