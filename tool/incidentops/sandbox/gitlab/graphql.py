"""GitLab's GraphQL, `/api/graphql`: read issues in bulk, set an incident's severity (docs/services.md: GraphQL)."""

import json
from functools import cache
from importlib import resources
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync
from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.graphql_nodes import GraphNode, Nodes, resolve
from incidentops.sandbox.gitlab.http import ApiError, Call
from incidentops.sandbox.gitlab.rest import VERSION
from incidentops.sandbox.gitlab.tracker import IssueChanges, Tracker

MAX_QUERY = 10_000
_NO_ACCESS = (
    "The resource that you are attempting to access does not exist or you don't have permission to perform this action"
)


def graphql_route(gate: Gate) -> Route:
    """The one route. An invalid document is answered with HTTP 200 and `errors`."""
    schema = _schema()

    async def endpoint(request: Request) -> Response:
        try:
            actor = gate.actor(request)
        except ApiError:
            return JSONResponse({"errors": [{"message": "Invalid token"}]}, status_code=401)
        try:
            sent = json.loads(await request.body())
        except ValueError:
            sent = None
        if not isinstance(sent, dict | list):
            return JSONResponse({"errors": [{"message": "Unexpected end of document"}]})
        root = Root(Call(request, gate.store, gate.faults, actor, {}) if actor else None)
        with gate.store.transaction():
            answers = [_execute(schema, root, one) for one in (sent if isinstance(sent, list) else [sent])]
        return JSONResponse(answers if isinstance(sent, list) else answers[0])

    return Route("/api/graphql", endpoint, methods=["POST"])


@cache
def _schema() -> GraphQLSchema:
    return build_schema(resources.files(__package__).joinpath("schema.graphql").read_text(encoding="utf-8"))


def _execute(schema: GraphQLSchema, root: "Root", sent: Any) -> dict[str, Any]:
    """Carry out one document."""
    query = sent.get("query") if isinstance(sent, dict) else None
    if not isinstance(query, str) or not query.strip():
        return {"errors": [{"message": "No query string was present"}]}
    if len(query) > MAX_QUERY:
        return {"errors": [{"message": "Query too large"}]}
    done = graphql_sync(
        schema,
        query,
        root,
        variable_values=sent.get("variables") or None,
        operation_name=sent.get("operationName"),
        field_resolver=resolve,
    )
    return dict(done.formatted)


class Root(Struct, frozen=True):
    """The queries and mutations, for the actor of a call; None without a token."""

    call: Call | None

    def currentUser(self, _: object) -> GraphNode | None:  # noqa: N802 - GraphQL's name
        """The actor."""
        row = self.call and self.call.store.find("users", id=self.call.actor.id)
        return Nodes(self.call).user(row) if self.call and row else None

    def metadata(self, _: object) -> dict[str, Any]:
        """The version of the server."""
        return VERSION

    def project(self, _: object, fullPath: str) -> GraphNode | None:  # noqa: N803
        """The project; null without access to it."""
        if self.call is None or not self.call.actor.level or fullPath != self.call.store.seed.project:
            return None
        return Nodes(self.call).project()

    def issueSetSeverity(self, _: object, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        """Set the severity of an incident; without effect, and without an error, on an issue of another type."""
        nodes = Nodes(self.call) if self.call and self.project(_, input["projectPath"]) else None
        row = nodes.row(input["iid"]) if nodes else None
        if nodes is None or row is None or nodes.call.actor.scope != "api" or not nodes.call.actor.is_reporter:
            raise GraphQLError(_NO_ACCESS)
        changed = Tracker(nodes.call).update(row, IssueChanges(severity=input["severity"]))
        return {"issue": nodes.issue(changed), "errors": [], "clientMutationId": input.get("clientMutationId")}
