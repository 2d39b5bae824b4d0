"""Comments on issues and merge requests (docs/services.md: Comments and links)."""

from collections.abc import Callable, Mapping

from starlette.responses import JSONResponse, Response

from incidentops.sandbox.gitlab.access import Handler, RouteTable
from incidentops.sandbox.gitlab.http import ApiError, Call, found, message, page_of
from incidentops.sandbox.gitlab.quick_actions import run_commands
from incidentops.sandbox.gitlab.text import QuickAction, extract
from incidentops.sandbox.gitlab.tracker import IssueChanges, Tracker, find_item
from incidentops.sandbox.seed import DEVELOPER
from incidentops.sandbox.store import DatabaseRow

MAX_NOTE = 1_000_000
NoteHandler = Callable[[Call, DatabaseRow], object]
_FILTERS = ("all_notes", "only_comments", "only_activity")


def _list(call: Call, item: DatabaseRow) -> Response:
    rows = [row for row in call.store.rows("notes", item=item["id"]) if _visible(call, row)]
    activity = call.choice("activity_filter", _FILTERS, "all_notes")
    if activity != "all_notes":
        rows = [row for row in rows if bool(row["system"]) is (activity == "only_activity")]
    order = call.choice("order_by", ("created_at", "updated_at"), "created_at")
    down = call.choice("sort", ("asc", "desc"), "desc") == "desc"
    rows.sort(key=lambda row: (row[order], row["id"]), reverse=down)
    return page_of(call, rows, lambda row: call.entities.note(row, item))


def _create(call: Call, item: DatabaseRow) -> object:
    body, commands, done = _sent(call, item)
    if not body and commands:
        return _only_commands(commands, done)
    if not body:
        raise _invalid("can't be blank")
    internal = bool(call.flag("internal") or call.flag("confidential")) and call.actor.is_reporter
    return call.entities.note(Tracker(call).note(item, body, internal=internal), item)


def _sent(call: Call, item: DatabaseRow) -> tuple[str, tuple[QuickAction, ...], IssueChanges]:
    """The text that was sent, its quick actions, which are carried out, and what they changed."""
    call.required("body")
    text = call.text("body") or ""
    if len(text) > MAX_NOTE:
        raise _invalid(f"is too long (maximum is {MAX_NOTE} characters)")
    body, commands = extract(text)
    changes = run_commands(call, item, commands, IssueChanges())
    if changes != IssueChanges():
        Tracker(call).update(item, changes)
    return body, commands, changes


def _only_commands(commands: tuple[QuickAction, ...], done: IssueChanges) -> Response:
    """The answer to a note of quick actions alone: 202, or 400 when none of them could be applied."""
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


def _show(call: Call, item: DatabaseRow) -> object:
    return call.entities.note(_note(call, item), item)


def _update(call: Call, item: DatabaseRow) -> object:
    call.required("body")
    note = _own(call, item)
    body, commands, _ = _sent(call, item)
    if body:
        return call.entities.note(Tracker(call).edit_note(item, note, body), item)
    if not commands:
        raise _invalid("can't be blank")
    call.store.run("DELETE FROM notes WHERE id = ?", note["id"])
    return None


def _delete(call: Call, item: DatabaseRow) -> None:
    call.store.run("DELETE FROM notes WHERE id = ?", _own(call, item)["id"])


def _note(call: Call, item: DatabaseRow) -> DatabaseRow:
    row = found(call.store.find("notes", id=call.path_number("note_id"), item=item["id"]))
    return found(row if _visible(call, row) else None)


def _own(call: Call, item: DatabaseRow) -> DatabaseRow:
    """A comment that the caller may change: their own, any for a maintainer. Raises ApiError."""
    row = _note(call, item)
    if row["system"] or (row["author"] != call.actor.id and call.actor.level <= DEVELOPER):
        raise message(403, "403 Forbidden")
    return row


def _visible(call: Call, row: DatabaseRow) -> bool:
    return not row["internal"] or call.actor.is_reporter


def _invalid(why: str) -> ApiError:
    return message(400, f'400 Bad request - Note {{:note=>["{why}"]}}')


def _bind(handler: NoteHandler, kind: str) -> Handler:
    """Look up the item of the note, then handle the call."""
    return lambda call: handler(call, find_item(call, kind, call.path_number("noteable_id")))


_HANDLERS: Mapping[str, Mapping[str, NoteHandler]] = {
    "": {"GET": _list, "POST": _create},
    "/{note_id}": {"GET": _show, "PUT": _update, "DELETE": _delete},
}
NOTE_ROUTES: RouteTable = {
    f"/projects/{{id}}/{items}/{{noteable_id}}/notes{part}": {
        method: _bind(handler, kind) for method, handler in handlers.items()
    }
    for items, kind in (("issues", "Issue"), ("merge_requests", "MergeRequest"))
    for part, handlers in _HANDLERS.items()
}
