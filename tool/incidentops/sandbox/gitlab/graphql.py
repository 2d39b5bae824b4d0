"""GitLab's GraphQL, `/api/graphql`: read issues in bulk, set an incident's severity (docs/services.md: GraphQL)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.filters import Filter, contains, filtered
from incidentops.sandbox.gitlab.graphql_nodes import Nodes, connection, resolve
from incidentops.sandbox.gitlab.http import ApiError, Call
from incidentops.sandbox.gitlab.rest import VERSION
from incidentops.sandbox.gitlab.tracker import IssueChanges, Tracker
from incidentops.sandbox.store import DatabaseRow

MAX_QUERY = 10_000
_NO_ACCESS = (
    "The resource that you are attempting to access does not exist or you don't have permission to perform this action"
)


def graphql_route(gate: Gate) -> Route:
    """The one route. An invalid document is answered with HTTP 200 and `errors`."""
    schema = _schema()

    async def endpoint(request: Request) -> Response:
        try:
            user = gate.actor(request)
        except ApiError:
            return JSONResponse({"errors": [{"message": "Invalid token"}]}, status_code=401)
        try:
            sent = json.loads(await request.body())
        except ValueError:
            sent = None
        if not isinstance(sent, dict | list):
            return JSONResponse({"errors": [{"message": "Unexpected end of document"}]})
        root = Root(Call(request, gate.store, gate.faults, user[0], {}), user[1]) if user else Root()
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


@dataclass(frozen=True, slots=True)
class Root:
    """The queries and mutations, for the actor of a call and the scope of its token; without a call for nobody."""

    call: Call | None = None
    scope: str = ""

    def currentUser(self, _: object) -> dict[str, Any] | None:  # noqa: N802 - GraphQL's name
        """The actor."""
        row = self.call and self.call.store.find("users", id=self.call.actor.id)
        return Nodes(self.call.entities).user(row) if self.call and row else None

    def metadata(self, _: object) -> dict[str, Any]:
        """The version of the server."""
        return VERSION

    def project(self, _: object, fullPath: str) -> "ProjectNode | None":  # noqa: N803
        """The project; null without access to it."""
        if self.call is None or not self.call.actor.level or fullPath != self.call.store.seed.project:
            return None
        return ProjectNode(self.call)

    def issueSetSeverity(self, _: object, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        """Set the severity of an incident; without effect, and without an error, on an issue of another type."""
        project = self.project(_, input["projectPath"])
        row = project.row(input["iid"]) if project else None
        if self.call is None or row is None or self.scope != "api" or not self.call.actor.is_reporter:
            raise GraphQLError(_NO_ACCESS)
        changed = Tracker(self.call).update(row, IssueChanges(severity=input["severity"]))
        shown = Nodes(self.call.entities).issue(changed)
        return {"issue": shown, "errors": [], "clientMutationId": input.get("clientMutationId")}


class ProjectNode:
    """The project as a node; its fields are looked up when they are requested."""

    def __init__(self, call: Call) -> None:
        self._call, self._nodes = call, Nodes(call.entities)
        self.id, self.fullPath = "gid://gitlab/Project/1217", call.store.seed.project
        self.path = self.fullPath.rpartition("/")[2]
        self.name, self.webUrl = self.path.title(), call.project_url

    def row(self, iid: str) -> DatabaseRow | None:
        """The row of an issue that the actor may see."""
        return next(iter(filtered(self._call, "Issue", [("iid", json.dumps([iid]))])), None)

    def issue(self, _: object, iid: str = "") -> dict[str, Any] | None:
        """One issue by iid."""
        row = self.row(iid)
        return self._nodes.issue(row) if row else None

    def issues(self, _: object, first: int | None = None, after: str = "", **arguments: Any) -> dict[str, Any]:
        """The issues that pass the filters, newest first unless sorted otherwise."""
        column, _, direction = str(arguments.pop("sort", None) or "created_desc").lower().rpartition("_")
        words = (arguments.pop("search", None) or "").lower().split()
        rows = [row for row in filtered(self._call, "Issue", _filters(arguments)) if contains(row, words)]
        rows.sort(key=lambda row: (row[f"{column}_at"], row["id"]), reverse=direction == "desc")
        return connection([self._nodes.issue(row) for row in rows], first, after)

    def labels(self, _: object, searchTerm: str = "", first: int | None = None, after: str = "") -> dict[str, Any]:  # noqa: N803
        """The labels of the project and of its group."""
        rows = self._call.store.rows("labels", "name")
        shown = [self._nodes.label(row) for row in rows if searchTerm.lower() in row["name"].lower()]
        return connection(shown, first, after)


def _filters(arguments: dict[str, Any]) -> Iterator[Filter]:
    """The arguments of `issues` as filters; null is no filter."""
    names = {"authorUsername": "author name", "assigneeUsername": "assignee name"}
    for name, value in arguments.items():
        match name:
            case _ if value is None or (name, value) == ("state", "all"):
                continue
            case "labelName":
                yield from (("label", label) for label in value)
            case "iid" | "iids":
                yield "iid", json.dumps([value] if name == "iid" else value)
            case "types":
                yield "type", json.dumps([one.lower() for one in value])
            case _:
                yield names.get(name, name), value
