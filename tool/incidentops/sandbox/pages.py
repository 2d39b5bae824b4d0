"""Pages for people: overview, issues, the status page as customers see it, the log of requests. No script at all."""

import json
from collections.abc import Callable
from datetime import datetime
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import BaseRoute, Route

from incidentops.sandbox.control import logged
from incidentops.sandbox.faults import Faults
from incidentops.sandbox.gitlab.entities import Entities, text_color
from incidentops.sandbox.markup import rendered
from incidentops.sandbox.statusio.board import OPERATIONAL, STATES, STATUSES, Board
from incidentops.sandbox.store import DatabaseRow, Store

_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none';"
        " frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
_SHOWN_REQUESTS = 200
_TONES = {100: "calm", 200: "info", 300: "warn", 400: "warn", 500: "bad", 600: "bad"}
_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16"><rect width="16" height="16" rx="3" fill="#0b5cad"/>'
    '<path d="M3 9h2.5L7 4.5l2.5 7L11 9h2" fill="none" stroke="#fff" stroke-width="1.5"/></svg>'
)

Values = dict[str, Any]


def page_routes(store: Store, faults: Faults) -> list[BaseRoute]:
    """Every page the stylesheets, the icon."""
    pages = WebPages(store, faults)
    project = f"/{store.seed.project}"
    return [
        pages.route("/", "overview.html", pages.overview),
        pages.route(f"{project}/-/issues", "issues.html", pages.issues),
        pages.route(f"{project}/-/issues/{{iid:int}}", "issue.html", pages.issue),
        pages.route(f"{project}/-/merge_requests/{{iid:int}}", "issue.html", pages.merge_request),
        pages.route("/status/", "status.html", pages.status),
        pages.route("/log", "log.html", pages.log),
        Route("/static.css", pages.stylesheet, methods=["GET"]),
        Route("/icon.svg", pages.icon, methods=["GET"]),
        Route("/labels.css", pages.label_colors, methods=["GET"]),
    ]


class WebPages:
    """Looks up what a page shows; the templates do the rest, with everything escaped."""

    def __init__(self, store: Store, faults: Faults) -> None:
        self._store, self._faults = store, faults
        self._templates = Environment(
            loader=PackageLoader("incidentops.sandbox"), autoescape=True, undefined=StrictUndefined, trim_blocks=True
        )
        self._templates.filters |= {"when": _when, "markdown": rendered, "tone": _tone, "pretty": _pretty}
        self._templates.globals |= {"states": STATES, "statuses": STATUSES, "project": store.seed.project}

    def route(self, path: str, template: str, look_up: Callable[[Request], Values | None]) -> Route:
        """A page; None from `look_up` is a page that says there is none."""

        async def endpoint(request: Request) -> Response:
            values = look_up(request)
            name, status = (template, 200) if values is not None else ("missing.html", 404)
            html = self._templates.get_template(name).render(values or {})
            return HTMLResponse(html, status_code=status, headers=_HEADERS)

        return Route(path, endpoint, methods=["GET"])

    def overview(self, request: Request) -> Values:
        """Where everything is, and how much of it there is."""
        url = f"{request.url.scheme}://{request.url.netloc}"
        count = self._store.number
        return {
            "environment": self._store.seed.environment(url),
            "faults": self._faults.active(),
            "waiting": self._faults.waiting_to_lose(),
            "open_issues": count("SELECT count(*) FROM items WHERE kind = 'Issue' AND state = 'opened'"),
            "closed_issues": count("SELECT count(*) FROM items WHERE kind = 'Issue' AND state = 'closed'"),
            "open_incidents": count("SELECT count(*) FROM incidents WHERE resolved IS NULL"),
            "resolved_incidents": count("SELECT count(*) FROM incidents WHERE resolved IS NOT NULL"),
            "requests": count("SELECT count(*) FROM requests"),
            "writes": count("SELECT count(*) FROM requests WHERE write"),
            "worst": max(Board(self._store).statuses().values()),
        }

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

    def status(self, _: Request) -> Values:
        """What customers see."""
        board = Board(self._store)
        shown = {resolved: [board.incident(row) for row in board.rows(resolved=resolved)] for resolved in (False, True)}
        return {"summary": board.summary(), "active": shown[False], "past": shown[True], "operational": OPERATIONAL}

    def log(self, request: Request) -> Values:
        """The newest requests first; `?service=` narrows."""
        service = request.query_params.get("service", "")
        rows = [row for row in logged(self._store) if service in ("", row.service)]
        return {"requests": rows[::-1][:_SHOWN_REQUESTS], "total": len(rows), "service": service}

    async def stylesheet(self, _: Request) -> Response:
        """The one stylesheet."""
        css = resources.files(__package__).joinpath("static.css").read_text(encoding="utf-8")
        return Response(css, media_type="text/css", headers=_HEADERS)

    async def icon(self, _: Request) -> Response:
        """What a browser shows in the tab."""
        return Response(_ICON, media_type="image/svg+xml", headers=_HEADERS)

    async def label_colors(self, _: Request) -> Response:
        """The colours of the labels as classes: the policy of the pages allows no style attributes."""
        rows = self._store.all("SELECT id, color FROM labels ORDER BY id")
        lines = [f".label-{row['id']}{{background:{row['color']};color:{text_color(row['color'])}}}" for row in rows]
        return Response("\n".join(lines), media_type="text/css", headers=_HEADERS)

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


def _when(moment: str) -> str:
    """A moment for people, in UTC."""
    return f"{datetime.fromisoformat(moment):%d %b %Y, %H:%M:%S} UTC"


def _tone(status: int) -> str:
    """The class that colours a status."""
    return _TONES[status]


def _pretty(body: str) -> str:
    """A JSON body with one field a line; anything else as it is."""
    try:
        return json.dumps(json.loads(body), indent=2, ensure_ascii=False)
    except ValueError:
        return body
