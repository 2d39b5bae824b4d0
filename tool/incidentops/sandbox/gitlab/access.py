"""Who may call what: tokens, scopes, the project and the group in the path (docs/services.md: Tokens)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.gitlab.http import Actor, ApiError, Call, message, read_params
from incidentops.sandbox.seed import GROUP_ID, PROJECT_ID
from incidentops.sandbox.store import Store

Handler = Callable[[Call], Response]
_READS = ("GET", "HEAD")


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets a request in, or answers what GitLab answers to those it keeps out."""

    store: Store
    faults: Faults

    def route(self, path: str, **handlers: Handler) -> Route:
        """A route under `/api/v4`; `handlers` maps a method in lower case to what answers it."""
        by_method = {method.upper(): handler for method, handler in handlers.items()}

        async def endpoint(request: Request) -> Response:
            try:
                call = await self._enter(request)
                with self.store.transaction():
                    return _find(by_method, request.method)(call)
            except ApiError as error:
                return JSONResponse(error.body, status_code=error.status)

        return Route(f"/api/v4{path}", endpoint, methods=list(by_method))

    def actor(self, request: Request) -> tuple[Actor, str] | None:
        """Who asks and the scope of the token; None for nobody. Raises ApiError for a token that does not hold."""
        token = _token(request)
        if not token:
            return None
        known = self.store.seed.tokens().get(token)
        if known is None:
            raise message(401, "401 Unauthorized")
        username, scope = known
        if scope == "expired":
            said = "Token is expired. You can either do re-authorization or token refresh."
            raise ApiError(401, {"error": "invalid_token", "error_description": said})
        row = self.store.one("SELECT * FROM users WHERE username = ?", username)
        if row is None:
            raise message(401, "401 Unauthorized")
        return Actor(row["id"], row["username"], row["level"]), scope

    async def _enter(self, request: Request) -> Call:
        found = self.actor(request)
        if found is None:
            raise message(401, "401 Unauthorized")
        actor, scope = found
        if request.method not in _READS and scope != "api":
            said = "The request requires higher privileges than provided by the access token."
            raise ApiError(403, {"error": "insufficient_scope", "error_description": said, "scope": "api"})
        call = Call(request, self.store, self.faults, actor, await read_params(request))
        _check_namespace(call)
        return call


def _find(handlers: Mapping[str, Handler], method: str) -> Handler:
    return handlers["GET" if method == "HEAD" else method]


def _token(request: Request) -> str:
    bearer = request.headers.get("authorization", "")
    if bearer.lower().startswith("bearer "):
        return bearer[7:].strip()
    query = request.query_params
    return request.headers.get("private-token") or query.get("private_token") or query.get("access_token") or ""


def _check_namespace(call: Call) -> None:
    """404 for a project or a group that is not here, and for those who are no members."""
    path = call.request.url.path
    seed = call.store.seed
    if path.startswith("/api/v4/projects/") and (
        call.path("id") not in (str(PROJECT_ID), seed.project) or not call.actor.level
    ):
        raise message(404, "404 Project Not Found")
    if path.startswith("/api/v4/groups/") and call.path("id") not in (str(GROUP_ID), seed.group):
        raise message(404, "404 Group Not Found")
