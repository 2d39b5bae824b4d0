"""The nodes of GraphQL's answers, built from rows, and the connections that page them."""

import json
import re
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from typing import Any

from graphql import GraphQLResolveInfo, default_field_resolver

from incidentops.sandbox.gitlab.entities import text_color
from incidentops.sandbox.gitlab.filters import Filter, contains, filtered, searched
from incidentops.sandbox.gitlab.http import Call
from incidentops.sandbox.seed import PROJECT_ID
from incidentops.sandbox.store import DatabaseRow

MAX_PAGE = 100
GraphNode = dict[str, Any]


def resolve(source: object, info: GraphQLResolveInfo[Any], **arguments: object) -> object:
    """The value of a field: under its own name, or the column of that name in snake case."""
    name = info.field_name
    if isinstance(source, dict) and name not in source:
        return source.get(re.sub(r"[A-Z]", lambda capital: f"_{capital[0].lower()}", name))
    return default_field_resolver(source, info, **arguments)


class Nodes:
    """Builds nodes: the row with the fields that are no columns."""

    def __init__(self, call: Call) -> None:
        self.call, self.entities, self.store = call, call.entities, call.store

    def project(self) -> GraphNode:
        """The project; its issues and labels are looked up when they are requested."""
        path = self.store.seed.project
        name = path.rpartition("/")[2]
        return {
            "id": f"gid://gitlab/Project/{PROJECT_ID}",
            "fullPath": path,
            "path": name,
            "name": name.title(),
            "webUrl": self.entities.project_url,
            "issue": lambda _, iid="": self.issue(row) if (row := self.row(iid)) else None,
            "issues": self._issues,
            "labels": self._labels,
        }

    def row(self, iid: str) -> DatabaseRow | None:
        """The row of an issue that the actor may see."""
        return next(iter(filtered(self.call, "Issue", [("iid", json.dumps([iid]))])), None)

    def user(self, row: DatabaseRow) -> GraphNode:
        """A user."""
        return row | {"id": f"gid://gitlab/User/{row['id']}", "webUrl": f"{self.entities.base}/{row['username']}"}

    def label(self, row: DatabaseRow) -> GraphNode:
        """A label."""
        kind = "GroupLabel" if row["inherited"] else "ProjectLabel"
        own = {"id": f"gid://gitlab/{kind}/{row['id']}", "title": row["name"], "textColor": text_color(row["color"])}
        return row | own

    def issue(self, row: DatabaseRow) -> GraphNode:
        """An issue; a part that costs a query is looked up only when it is requested."""
        path = f"/{self.store.seed.project}/-/issues/{row['iid']}"
        short, key = f"#{row['iid']}", row["id"]
        return row | {
            "id": f"gid://gitlab/Issue/{key}",
            "type": row["type"].upper(),
            "discussionLocked": bool(row["locked"]),
            "webUrl": f"{self.entities.base}{path}",
            "webPath": path,
            "reference": lambda _, full=False: f"{self.store.seed.project}{short}" if full else short,
            "author": lambda _: self._author(row),
            "userNotesCount": lambda _: self.store.count("notes", item=key, system=False),
            "labels": lambda _, **page: connection([*map(self.label, self.entities.labels_of(key))], **page),
            "assignees": lambda _, **page: connection([*map(self.user, self.entities.assignees_of(key))], **page),
            "notes": lambda _, **page: connection([*map(self._note, self.store.rows("notes", item=key))], **page),
        }

    def _issues(self, _: object, first: int | None = None, after: str = "", **arguments: Any) -> GraphNode:
        """The issues that pass the filters, newest first unless sorted otherwise."""
        column, _, direction = str(arguments.pop("sort", None) or "created_desc").lower().rpartition("_")
        words = (arguments.pop("search", None) or "").lower().split()
        rows = [row for row in filtered(self.call, "Issue", _filters(arguments)) if contains(row, words)]
        rows.sort(key=lambda row: (row[f"{column}_at"], row["id"]), reverse=direction == "desc")
        return connection([self.issue(row) for row in rows], first, after)

    def _labels(self, _: object, searchTerm: str = "", first: int | None = None, after: str = "") -> GraphNode:  # noqa: N803
        rows = searched(self.store.rows("labels", "name"), searchTerm, "name")
        return connection([self.label(row) for row in rows], first, after)

    def _author(self, row: DatabaseRow) -> GraphNode:
        return self.user(self.store.find("users", id=row["author"]) or {})

    def _note(self, row: DatabaseRow) -> GraphNode:
        return row | {"id": f"gid://gitlab/Note/{row['id']}", "author": self._author(row)}


def connection(nodes: Sequence[GraphNode], first: int | None = None, after: str | None = None) -> GraphNode:
    """One page of nodes, at most 100, starting after the cursor; an invalid cursor starts at the first."""
    start = _position(after)
    size = MAX_PAGE if first is None else max(0, min(first, MAX_PAGE))
    shown = list(nodes[start : start + size])
    cursors = [b64encode(str(start + place).encode()).decode() for place in range(1, len(shown) + 1)]
    return {
        "nodes": shown,
        "edges": [{"node": node, "cursor": cursor} for node, cursor in zip(shown, cursors, strict=True)],
        "count": len(nodes),
        "pageInfo": {
            "hasNextPage": start + size < len(nodes),
            "hasPreviousPage": start > 0,
            "startCursor": cursors[0] if cursors else None,
            "endCursor": cursors[-1] if cursors else None,
        },
    }


def _position(cursor: str | None) -> int:
    try:
        return int(b64decode(cursor or "", validate=True) or b"0")
    except ValueError:
        return 0


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
