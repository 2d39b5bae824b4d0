"""Authentication: tokens, scopes, the project and the group in the path (docs/services.md: Tokens)."""

from collections.abc import Callable, Mapping

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.gitlab.http import Actor, ApiError, Call, message, read_params
from incidentops.sandbox.seed import GROUP_ID, PROJECT_ID
from incidentops.sandbox.service import READS
from incidentops.sandbox.store import Store

Handler = Callable[[Call], object]
"""Returns a response, the JSON of one, or None for 204."""
RouteTable = Mapping[str, Mapping[str, Handler]]
"""Path under `/api/v4` to method to handler."""


class Gate(Struct, frozen=True):
    """Authenticates a request, or answers it with GitLab's error."""

    store: Store
    faults: Faults

    def routes(self, table: RouteTable) -> list[Route]:
        """The routes of a table."""
        return [self._route(path, handlers) for path, handlers in table.items()]

    def _route(self, path: str, handlers: Mapping[str, Handler]) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                call = await self._enter(request)
                method = "GET" if request.method == "HEAD" else request.method
                with self.store.transaction():
                    return _response(request.method, handlers[method](call))
            except ApiError as error:
                return JSONResponse(error.body, status_code=error.status)

        return Route(f"/api/v4{path}", endpoint, methods=list(handlers))

    def actor(self, request: Request) -> Actor | None:
        """The user of the token; None without a token. Raises ApiError for an invalid one."""
        token = _token(request)
        if not token:
            return None
        username, scope = self.store.seed.tokens().get(token, ("", ""))
        row = self.store.find("users", username=username)
        if row is None:
            raise message(401, "401 Unauthorized")
        if scope == "expired":
            description = "Token is expired. You can either do re-authorization or token refresh."
            raise ApiError(401, {"error": "invalid_token", "error_description": description})
        return Actor(row["id"], row["username"], row["level"], scope)

    async def _enter(self, request: Request) -> Call:
        actor = self.actor(request)
        if actor is None:
            raise message(401, "401 Unauthorized")
        if request.method not in READS and actor.scope != "api":
            description = "The request requires higher privileges than provided by the access token."
            raise ApiError(403, {"error": "insufficient_scope", "error_description": description, "scope": "api"})
        call = Call(request, self.store, self.faults, actor, await read_params(request))
        _check_namespace(call)
        return call


def _response(method: str, answer: object) -> Response:
    if isinstance(answer, Response):
        return answer
    if answer is None:
        return Response(status_code=204)
    return JSONResponse(answer, status_code=201 if method == "POST" else 200)


def _token(request: Request) -> str:
    bearer = request.headers.get("authorization", "")
    if bearer.lower().startswith("bearer "):
        return bearer[7:].strip()
    query = request.query_params
    return request.headers.get("private-token") or query.get("private_token") or query.get("access_token") or ""


def _check_namespace(call: Call) -> None:
    """Raises ApiError (404) for another project or group, and for a caller without access."""
    path, seed = call.request.url.path, call.store.seed
    projects = (str(PROJECT_ID), seed.project) if call.actor.level else ()
    if path.startswith("/api/v4/projects/") and call.path("id") not in projects:
        raise message(404, "404 Project Not Found")
    if path.startswith("/api/v4/groups/") and call.path("id") not in (str(GROUP_ID), seed.group):
        raise message(404, "404 Group Not Found")
