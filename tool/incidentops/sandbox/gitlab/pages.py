"""GitLab's pages: issues, merge requests, the colours of labels."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from incidentops.sandbox.gitlab.entities import Entities, text_color
from incidentops.sandbox.gitlab.markup import rendered
from incidentops.sandbox.service import HEADERS, PageMaker, Values
from incidentops.sandbox.store import DatabaseRow, Store


def page_routes(store: Store, pages: PageMaker) -> list[BaseRoute]:
    """Every page, and the stylesheet of the labels."""
    own = IssuePages(store)
    pages.templates.filters["markdown"] = rendered
    pages.templates.globals["project"] = store.seed.project
    project = f"/{store.seed.project}"
    return [
        pages.route(f"{project}/-/issues", "issues.html", own.issues),
        pages.route(f"{project}/-/issues/{{iid:int}}", "issue.html", own.issue),
        pages.route(f"{project}/-/merge_requests/{{iid:int}}", "issue.html", own.merge_request),
        Route("/labels.css", own.label_colors, methods=["GET"]),
    ]


class IssuePages:
    """What the pages show, from the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def issues(self, request: Request) -> Values:
        """The list, newest first; `?state=opened`, `closed` or `all`."""
        state = request.query_params.get("state", "opened")
        rows = self._store.all("SELECT * FROM items WHERE kind = 'Issue' ORDER BY iid DESC")
        counts = {name: sum(row["state"] == name for row in rows) for name in ("opened", "closed")}
        shown = [self._item(row) for row in rows if state in ("all", row["state"])]
        return {"issues": shown, "state": state, "counts": counts | {"all": len(rows)}}

    def issue(self, request: Request) -> Values | None:
        """One issue with its links, comments and activity."""
        return self._one("Issue", request)

    def merge_request(self, request: Request) -> Values | None:
        """One merge request."""
        return self._one("MergeRequest", request)

    async def label_colors(self, _: Request) -> Response:
        """The colours of the labels as classes: the policy of the pages allows no style attributes."""
        rows = self._store.all("SELECT id, color FROM labels ORDER BY id")
        lines = [f".label-{row['id']}{{background:{row['color']};color:{text_color(row['color'])}}}" for row in rows]
        return Response("\n".join(lines), media_type="text/css", headers=HEADERS)

    def _one(self, kind: str, request: Request) -> Values | None:
        row = self._store.one("SELECT * FROM items WHERE kind = ? AND iid = ?", kind, request.path_params["iid"])
        if row is None:
            return None
        notes = [
            note | {"who": self._user(note["author"])}
            for note in self._store.all("SELECT * FROM notes WHERE item = ? ORDER BY id", row["id"])
        ]
        return {
            "issue": self._item(row),
            "comments": [note for note in notes if not note["system"]],
            "activity": self._activity(row, [note for note in notes if note["system"]]),
            "links": self._links(row),
        }

    def _item(self, row: DatabaseRow) -> Values:
        entities = Entities(self._store, "")
        return row | {
            "labels": entities.labels_of(row["id"]),
            "assignees": entities.assignees_of(row["id"]),
            "who": self._user(row["author"]),
            "mark": "#" if row["kind"] == "Issue" else "!",
            "comments": self._store.number("SELECT count(*) FROM notes WHERE item = ? AND NOT system", row["id"]),
        }

    def _activity(self, row: DatabaseRow, notes: list[DatabaseRow]) -> list[Values]:
        """System notes, label events and changes of state in one list, oldest first."""
        said = [{"at": note["created_at"], "who": note["who"], "text": note["body"]} for note in notes]
        for event in self._store.all("SELECT * FROM events WHERE item = ? ORDER BY id", row["id"]):
            label = self._store.one("SELECT name FROM labels WHERE id = ?", event["label"])
            verb = {"add": "added", "remove": "removed"}.get(event["action"], event["action"])
            text = f"{verb} the label {label['name'] if label else '(deleted)'}" if event["kind"] == "label" else verb
            said.append({"at": event["at"], "who": self._user(event["author"]), "text": text})
        return sorted(said, key=lambda item: str(item["at"]))

    def _links(self, row: DatabaseRow) -> list[DatabaseRow]:
        return self._store.all(
            "SELECT items.iid, items.title, items.state, links.type FROM links"
            " JOIN items ON items.id = CASE WHEN source = ? THEN target ELSE source END"
            " WHERE ? IN (source, target) ORDER BY items.iid",
            row["id"],
            row["id"],
        )

    def _user(self, user: int) -> str:
        found = self._store.one("SELECT username FROM users WHERE id = ?", user)
        return str(found["username"]) if found else "somebody"
