"""GitLab's pages: issues, merge requests, Markdown, the colours of labels."""

import re
from functools import partial
from html import escape

from markdown_it import MarkdownIt
from markupsafe import Markup
from starlette.requests import Request
from starlette.routing import BaseRoute

from incidentops.sandbox.gitlab.entities import Entities, text_color
from incidentops.sandbox.service import Values, WebPage, file_route
from incidentops.sandbox.store import DatabaseRow, Store

_COMMENT = re.compile(r"<!--.*?(?:-->|\Z)", re.DOTALL)
_FOLDING = re.compile(r"&lt;(/?(?:details|summary))&gt;")


def issue_pages(store: Store) -> list[WebPage]:
    """The list of issues, and the page of each issue and merge request."""
    own, project = IssuePages(store), f"/{store.seed.project}/-"
    return [
        WebPage(f"{project}/issues", "issues.html", own.issues),
        WebPage(f"{project}/issues/{{iid:int}}", "issue.html", partial(own.one, kind="Issue")),
        WebPage(f"{project}/merge_requests/{{iid:int}}", "issue.html", partial(own.one, kind="MergeRequest")),
    ]


def colors_route(store: Store) -> BaseRoute:
    """The colours of the labels as classes: the policy of the pages allows no style attributes."""

    def rule(row: DatabaseRow) -> str:
        return f".label-{row['id']}{{background:{row['color']};color:{text_color(row['color'])}}}"

    return file_route("/labels.css", "text/css", lambda: "\n".join(map(rule, store.rows("labels"))))


class IssuePages:
    """The variables of the pages, from the store."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def issues(self, request: Request) -> Values:
        """The list, newest first; `?state=opened`, `closed` or `all`."""
        state = request.query_params.get("state", "opened")
        rows = self._store.rows("items", "iid DESC", kind="Issue")
        counts = {name: sum(row["state"] == name for row in rows) for name in ("opened", "closed")}
        shown = [self._item(row) for row in rows if state in ("all", row["state"])]
        return {"issues": shown, "state": state, "counts": counts | {"all": len(rows)}}

    def one(self, request: Request, kind: str) -> Values | None:
        """An issue or a merge request with its links, comments and activity."""
        row = self._store.find("items", kind=kind, iid=request.path_params["iid"])
        if row is None:
            return None
        notes = [note | {"who": self._user(note["author"])} for note in self._store.rows("notes", item=row["id"])]
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
            "comments": self._store.count("notes", item=row["id"], system=False),
        }

    def _activity(self, row: DatabaseRow, notes: list[DatabaseRow]) -> list[Values]:
        """System notes, label events and changes of state in one list, oldest first."""
        lines = [{"at": note["created_at"], "who": note["who"], "text": note["body"]} for note in notes]
        for event in self._store.rows("events", item=row["id"]):
            label = self._store.find("labels", id=event["label"])
            verb = {"add": "added", "remove": "removed"}.get(event["action"], event["action"])
            text = f"{verb} the label {label['name'] if label else '(deleted)'}" if event["kind"] == "label" else verb
            lines.append({"at": event["at"], "who": self._user(event["author"]), "text": text})
        return sorted(lines, key=lambda item: str(item["at"]))

    def _links(self, row: DatabaseRow) -> list[DatabaseRow]:
        return self._store.all(
            "SELECT items.iid, items.title, items.state, links.type FROM links"
            " JOIN items ON items.id = CASE WHEN source = ? THEN target ELSE source END"
            " WHERE ? IN (source, target) ORDER BY items.iid",
            row["id"],
            row["id"],
        )

    def _user(self, user: int) -> str:
        row = self._store.find("users", id=user)
        return str(row["username"]) if row else "somebody"


def rendered(text: str) -> Markup:
    """The HTML of a text: raw HTML is shown as text, except `<details>` and `<summary>`; comments are left out."""
    parser = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    tokens = parser.parse(text)
    inner = [child for block in tokens for child in block.children or ()]
    for token in [*tokens, *inner]:
        if token.type in ("html_block", "html_inline"):
            token.content = _FOLDING.sub(r"<\1>", escape(_COMMENT.sub("", token.content)))
        if token.type == "image":
            token.attrs = {"src": "", "alt": ""}
    return Markup(parser.renderer.render(tokens, parser.options, {}))  # noqa: S704 - all HTML in it was made here
