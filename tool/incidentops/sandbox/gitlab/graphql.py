"""GitLab's GraphQL, `/api/graphql`: read issues in bulk, set an incident's severity (docs/services.md: GraphQL)."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from graphql import GraphQLError, GraphQLSchema, build_schema, graphql_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.graphql_nodes import Nodes, connection
from incidentops.sandbox.gitlab.http import Actor, ApiError
from incidentops.sandbox.gitlab.rest import VERSION
from incidentops.sandbox.gitlab.tracker import IssueChanges, Tracker, may_see
from incidentops.sandbox.store import DatabaseRow, Store

MAX_QUERY = 10_000
_NO_ACCESS = (
    "The resource that you are attempting to access does not exist or you don't have permission to perform this action"
)


def graphql_route(gate: Gate) -> Route:
    """The one route. Faults of the document answer HTTP 200 with `errors`."""
    schema = _schema()

    async def endpoint(request: Request) -> Response:
        try:
            found = gate.actor(request)
        except ApiError:
            return JSONResponse({"errors": [{"message": "Invalid token"}]}, status_code=401)
        try:
            sent = json.loads(await request.body())
        except ValueError:
            sent = None
        if not isinstance(sent, dict | list):
            return JSONResponse({"errors": [{"message": "Unexpected end of document"}]})
        base = f"{request.url.scheme}://{request.url.netloc}"
        actor, scope = found or (None, "")
        root = Root(gate.store, actor, scope, base, free_tier=gate.faults.is_on("free-tier", "gitlab"))
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
    variables = sent.get("variables") or None
    done = graphql_sync(schema, query, root, variable_values=variables, operation_name=sent.get("operationName"))
    return dict(done.formatted)


@dataclass(frozen=True, slots=True)
class Root:
    """The queries and mutations, for one actor."""

    store: Store
    actor: Actor | None
    scope: str
    base: str
    free_tier: bool

    def currentUser(self, _: object) -> dict[str, Any] | None:  # noqa: N802 - GraphQL's name
        """Who asks."""
        if self.actor is None:
            return None
        row = self.store.one("SELECT * FROM users WHERE id = ?", self.actor.id) or {}
        return Nodes(self.store, self.base).user(row)

    def metadata(self, _: object) -> dict[str, Any]:
        """The version of the server."""
        return {"version": VERSION["version"], "enterprise": VERSION["enterprise"]}

    def project(self, _: object, fullPath: str) -> "ProjectNode | None":  # noqa: N803
        """The project; null for those who may not see it."""
        if self.actor is None or not self.actor.level or fullPath != self.store.seed.project:
            return None
        return ProjectNode(self.store, self.actor, Nodes(self.store, self.base))

    def issueSetSeverity(self, _: object, input: dict[str, Any]) -> dict[str, Any]:  # noqa: A002, N802
        """Set the severity; in silence without effect on what is no incident."""
        project = self.project(_, input["projectPath"])
        row = project.row(input["iid"]) if project else None
        if self.actor is None or row is None or self.scope != "api" or not self.actor.is_reporter:
            raise GraphQLError(_NO_ACCESS)
        tracker = Tracker(self.store, self.actor, f"{self.base}/{self.store.seed.project}", self.free_tier)
        changed = tracker.update(row, IssueChanges(severity=input["severity"]))
        shown = Nodes(self.store, self.base).issue(changed)
        return {"issue": shown, "errors": [], "clientMutationId": input.get("clientMutationId")}


class ProjectNode:
    """The project as a node; its fields are looked up when they are asked for."""

    def __init__(self, store: Store, actor: Actor, nodes: Nodes) -> None:
        self._store, self._actor, self._nodes = store, actor, nodes
        path = store.seed.project
        self.id, self.fullPath = "gid://gitlab/Project/1217", path
        self.path = path.rpartition("/")[2]
        self.name, self.webUrl = self.path.title(), nodes.entities.project_url

    def row(self, iid: str) -> DatabaseRow | None:
        """The row of an issue that the actor may see."""
        rows = self._store.all("SELECT * FROM items WHERE kind = 'Issue' AND iid = ?", iid)
        return next((row for row in rows if may_see(self._store, row, self._actor)), None)

    def issue(self, _: object, iid: str = "") -> dict[str, Any] | None:
        """One issue by iid."""
        row = self.row(iid)
        return self._nodes.issue(row) if row else None

    def issues(self, _: object, first: int | None = None, after: str = "", **filters: Any) -> dict[str, Any]:
        """The issues that pass the filters, newest first unless sorted otherwise."""
        sort = str(filters.pop("sort", None) or "created_desc").lower()
        column, _, direction = sort.rpartition("_")
        rows = self._store.all("SELECT * FROM items WHERE kind = 'Issue'")
        kept = [row for row in rows if may_see(self._store, row, self._actor) and self._passes(row, filters)]
        kept.sort(key=lambda row: (row[f"{column}_at"], row["id"]), reverse=direction == "desc")
        return connection([self._nodes.issue(row) for row in kept], first, after)

    def labels(self, _: object, searchTerm: str = "", first: int | None = None, after: str = "") -> dict[str, Any]:  # noqa: N803
        """The labels of the project and of its group."""
        rows = self._store.all("SELECT * FROM labels ORDER BY name")
        shown = [self._nodes.label(row) for row in rows if searchTerm.lower() in row["name"].lower()]
        return connection(shown, first, after)

    def _passes(self, row: DatabaseRow, filters: dict[str, Any]) -> bool:
        entities = self._nodes.entities
        labels = {label["name"] for label in entities.labels_of(row["id"])}
        assignees = {user["username"] for user in entities.assignees_of(row["id"])}
        author = (entities.user(row["author"]) or {}).get("username")
        tests: dict[str, Callable[[Any], bool]] = {
            "iid": lambda wanted: str(row["iid"]) == wanted,
            "iids": lambda wanted: str(row["iid"]) in wanted,
            "labelName": lambda wanted: set(wanted) <= labels,
            "state": lambda wanted: wanted in ("all", row["state"]),
            "types": lambda wanted: row["type"].upper() in wanted,
            "confidential": lambda wanted: bool(row["confidential"]) is wanted,
            "authorUsername": lambda wanted: author == wanted,
            "assigneeUsername": lambda wanted: wanted in assignees,
            "search": lambda wanted: _holds(row, wanted.lower().split()),
        }
        return all(tests[name](wanted) for name, wanted in filters.items() if wanted is not None)


def _holds(row: DatabaseRow, words: Sequence[str]) -> bool:
    text = f"{row['title']} {row['description'] or ''}".lower()
    return all(word in text for word in words)
