"""Comments on issues and merge requests (docs/services.md: Comments and links)."""

from collections.abc import Callable

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from incidentops.sandbox.gitlab.access import Gate, Handler
from incidentops.sandbox.gitlab.entities import Entities
from incidentops.sandbox.gitlab.http import NOT_FOUND, Call, message, page_of
from incidentops.sandbox.gitlab.issues import tracker_of
from incidentops.sandbox.gitlab.mentions import record_mentions
from incidentops.sandbox.gitlab.quick_actions import run_commands
from incidentops.sandbox.gitlab.text import QuickAction, extract
from incidentops.sandbox.gitlab.tracker import IssueChanges, find_item
from incidentops.sandbox.store import DatabaseRow

MAX_NOTE = 1_000_000
NoteHandler = Callable[[Call, DatabaseRow], Response]
_FILTERS = ("all_notes", "only_comments", "only_activity")


def note_routes(gate: Gate) -> list[Route]:
    """The notes of issues and of merge requests."""
    routes = []
    for kind, path in (("Issue", "issues"), ("MergeRequest", "merge_requests")):
        many = f"/projects/{{id}}/{path}/{{noteable_id}}/notes"
        routes.append(gate.route(many, get=_bind(_list, kind), post=_bind(_create, kind)))
        one = {"get": _bind(_show, kind), "put": _bind(_update, kind), "delete": _bind(_delete, kind)}
        routes.append(gate.route(f"{many}/{{note_id}}", **one))
    return routes


def _bind(handler: NoteHandler, kind: str) -> Handler:
    """Look up what the note is on, then handle the call."""

    def bound(call: Call) -> Response:
        return handler(call, find_item(call.store, kind, call.path_number("noteable_id"), call.actor))

    return bound


def _list(call: Call, item: DatabaseRow) -> Response:
    rows = [row for row in call.store.all("SELECT * FROM notes WHERE item = ?", item["id"]) if _visible(call, row)]
    wanted = call.choice("activity_filter", _FILTERS, "all_notes")
    if wanted != "all_notes":
        rows = [row for row in rows if bool(row["system"]) is (wanted == "only_activity")]
    order = call.choice("order_by", ("created_at", "updated_at"), "created_at")
    down = call.choice("sort", ("asc", "desc"), "desc") == "desc"
    rows.sort(key=lambda row: (row[order], row["id"]), reverse=down)
    entities = Entities(call.store, call.base)
    return page_of(call, rows, lambda row: entities.note(row, item))


def _create(call: Call, item: DatabaseRow) -> Response:
    call.required("body")
    body, commands = extract(_body(call))
    done = _run(call, item, commands)
    if not body and commands:
        return _only_commands(commands, done)
    if not body:
        raise message(400, '400 Bad request - Note {:note=>["can\'t be blank"]}')
    internal = bool(call.flag("internal") or call.flag("confidential")) and call.actor.is_reporter
    note = tracker_of(call).note(item, body, internal=internal)
    return JSONResponse(Entities(call.store, call.base).note(note, item), status_code=201)


def _run(call: Call, item: DatabaseRow, commands: tuple[QuickAction, ...]) -> IssueChanges:
    """Carry the quick actions out; returns what they changed."""
    tracker = tracker_of(call)
    changes = run_commands(tracker, item, commands, IssueChanges())
    if changes != IssueChanges():
        tracker.update(item, changes)
    return changes


def _only_commands(commands: tuple[QuickAction, ...], done: IssueChanges) -> Response:
    """A note of nothing but quick actions is none: 202, or 400 when none of them could be carried out."""
    if done == IssueChanges():
        names = ", ".join(command.name for command in commands)
        raise message(400, f"400 Bad request - Could not apply {names} command.")
    changed = {
        field: value
        for field in ("title", "state_event", "add_labels", "remove_labels", "confidential", "due_date", "severity")
        if (value := getattr(done, field))
    }
    summary = [f"Applied {command.name} command." for command in commands]
    return JSONResponse({"commands_changes": changed, "summary": summary}, status_code=202)


def _show(call: Call, item: DatabaseRow) -> Response:
    return JSONResponse(Entities(call.store, call.base).note(_note(call, item), item))


def _update(call: Call, item: DatabaseRow) -> Response:
    call.required("body")
    note = _own(call, item)
    body, commands = extract(_body(call))
    _run(call, item, commands)
    if not body:
        if not commands:
            raise message(400, '400 Bad request - Note {:note=>["can\'t be blank"]}')
        call.store.run("DELETE FROM notes WHERE id = ?", note["id"])
        return Response(status_code=204)
    now = call.store.now()
    call.store.run("UPDATE notes SET body = ?, updated_at = ? WHERE id = ?", body, now, note["id"])
    tracker = tracker_of(call)
    tracker.touch(item)
    record_mentions(tracker, item, body, note["id"], before=note["body"])
    return JSONResponse(Entities(call.store, call.base).note(note | {"body": body, "updated_at": now}, item))


def _delete(call: Call, item: DatabaseRow) -> Response:
    call.store.run("DELETE FROM notes WHERE id = ?", _own(call, item)["id"])
    return Response(status_code=204)


def _note(call: Call, item: DatabaseRow) -> DatabaseRow:
    row = call.store.one("SELECT * FROM notes WHERE id = ? AND item = ?", call.path_number("note_id"), item["id"])
    if row is None or not _visible(call, row):
        raise message(404, NOT_FOUND)
    return row


def _own(call: Call, item: DatabaseRow) -> DatabaseRow:
    """A comment that the caller may change: their own, or anybody's for a maintainer; never a system note."""
    row = _note(call, item)
    if row["system"] or (row["author"] != call.actor.id and not call.actor.is_maintainer):
        raise message(403, "403 Forbidden")
    return row


def _visible(call: Call, row: DatabaseRow) -> bool:
    return not row["internal"] or call.actor.is_reporter


def _body(call: Call) -> str:
    body = call.text("body") or ""
    if len(body) > MAX_NOTE:
        raise message(400, f'400 Bad request - Note {{:note=>["is too long (maximum is {MAX_NOTE} characters)"]}}')
    return body
