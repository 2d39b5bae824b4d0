"""What GraphQL's answers are made of: rows in, nodes out, and the connections that page them."""

from base64 import b64decode, b64encode
from collections.abc import Sequence
from typing import Any

from incidentops.sandbox.gitlab.entities import Entities, text_color
from incidentops.sandbox.store import DatabaseRow, Store

MAX_PAGE = 100
GraphNode = dict[str, Any]


class Nodes:
    """Builds nodes with addresses under `base`."""

    def __init__(self, store: Store, base: str) -> None:
        self.store = store
        self.entities = Entities(store, base)

    def user(self, row: DatabaseRow) -> GraphNode:
        """A user."""
        return {
            "id": f"gid://gitlab/User/{row['id']}",
            "username": row["username"],
            "name": row["name"],
            "bot": bool(row["bot"]),
            "webUrl": f"{self.entities.base}/{row['username']}",
        }

    def label(self, row: DatabaseRow) -> GraphNode:
        """A label."""
        kind = "GroupLabel" if row["inherited"] else "ProjectLabel"
        return {
            "id": f"gid://gitlab/{kind}/{row['id']}",
            "title": row["name"],
            "description": row["description"],
            "color": row["color"],
            "textColor": text_color(row["color"]),
        }

    def issue(self, row: DatabaseRow) -> GraphNode:
        """An issue; the parts that cost a query each are looked up only when they are asked for."""
        path = f"/{self.store.seed.project}/-/issues/{row['iid']}"
        full = f"{self.store.seed.project}#{row['iid']}"
        return {
            "id": f"gid://gitlab/Issue/{row['id']}",
            "iid": str(row["iid"]),
            "title": row["title"],
            "description": row["description"],
            "state": row["state"],
            "type": row["type"].upper(),
            "severity": row["severity"],
            "confidential": bool(row["confidential"]),
            "discussionLocked": bool(row["locked"]),
            "dueDate": row["due_date"],
            "createdAt": row["created_at"],
            "updatedAt": row["updated_at"],
            "closedAt": row["closed_at"],
            "webUrl": f"{self.entities.base}{path}",
            "webPath": path,
            "reference": lambda _, **asked: full if asked.get("full") else f"#{row['iid']}",
            "author": lambda _: self._author(row),
            "userNotesCount": lambda _: sum(not note["system"] for note in self._notes(row)),
            "labels": lambda _, **page: connection(
                [self.label(label) for label in self.entities.labels_of(row["id"])], **page
            ),
            "assignees": lambda _, **page: connection(
                [self.user(user) for user in self.entities.assignees_of(row["id"])], **page
            ),
            "notes": lambda _, **page: connection([self._note(note) for note in self._notes(row)], **page),
        }

    def _author(self, row: DatabaseRow) -> GraphNode:
        return self.user(self.store.one("SELECT * FROM users WHERE id = ?", row["author"]) or {})

    def _notes(self, row: DatabaseRow) -> list[DatabaseRow]:
        return self.store.all("SELECT * FROM notes WHERE item = ? ORDER BY id", row["id"])

    def _note(self, row: DatabaseRow) -> GraphNode:
        return {
            "id": f"gid://gitlab/Note/{row['id']}",
            "body": row["body"],
            "system": bool(row["system"]),
            "internal": bool(row["internal"]),
            "author": self._author(row),
            "createdAt": row["created_at"],
            "updatedAt": row["updated_at"],
        }


def connection(nodes: Sequence[GraphNode], first: int | None = None, after: str | None = None) -> GraphNode:
    """One page of nodes, at most 100, starting behind the cursor `after`; a cursor that is none starts at the front."""
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
