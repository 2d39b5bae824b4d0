"""Labels of the project and of its group (docs/services.md: Labels)."""

import re
import sqlite3

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.entities import Entities
from incidentops.sandbox.gitlab.http import Call, bad, message, page_of
from incidentops.sandbox.store import DatabaseRow

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_NAMED = {
    "black": "#000000",
    "blue": "#0000ff",
    "gray": "#808080",
    "green": "#008000",
    "orange": "#ffa500",
    "purple": "#800080",
    "red": "#ff0000",
    "teal": "#008080",
    "white": "#ffffff",
    "yellow": "#ffff00",
}


def label_routes(gate: Gate) -> list[Route]:
    """Everything under `/labels`."""
    return [
        gate.route("/projects/{id}/labels", get=_list, post=_create, put=_update_by_body, delete=_delete_by_body),
        gate.route("/projects/{id}/labels/{name}", get=_show, put=_update, delete=_delete),
        gate.route("/groups/{id}/labels", get=_list_of_group),
        gate.route("/groups/{id}/labels/{name}", get=_show_of_group),
    ]


def _list(call: Call) -> Response:
    rows = call.store.all("SELECT * FROM labels ORDER BY name")
    if call.flag("include_ancestor_groups") is False:
        rows = [row for row in rows if not row["inherited"]]
    return page_of(call, _searched(call, rows), _entities(call).project_label)


def _list_of_group(call: Call) -> Response:
    rows = call.store.all("SELECT * FROM labels WHERE inherited ORDER BY name")
    return page_of(call, _searched(call, rows), _entities(call).group_label)


def _searched(call: Call, rows: list[DatabaseRow]) -> list[DatabaseRow]:
    wanted = (call.text("search") or "").lower()
    return [row for row in rows if wanted in row["name"].lower()]


def _show(call: Call) -> Response:
    return JSONResponse(_entities(call).project_label(_named(call, call.path("name"))))


def _show_of_group(call: Call) -> Response:
    row = _named(call, call.path("name"))
    if not row["inherited"]:
        raise message(404, "404 Label Not Found")
    return JSONResponse(_entities(call).group_label(row))


def _create(call: Call) -> Response:
    call.required("name", "color")
    _may_admin(call)
    name, color = _title(call.text("name") or ""), _color(call.text("color") or "")
    if call.store.number("SELECT id FROM labels WHERE name = ?", name):
        raise message(409, "Label already exists")
    label = call.store.run(
        "INSERT INTO labels (name, color, description, inherited, priority) VALUES (?, ?, ?, 0, ?)",
        name,
        color,
        call.text("description"),
        _priority(call),
    )
    row = call.store.one("SELECT * FROM labels WHERE id = ?", label) or {}
    return JSONResponse(_entities(call).project_label(row), status_code=201)


def _update(call: Call) -> Response:
    return _change(call, call.path("name"))


def _update_by_body(call: Call) -> Response:
    return _change(call, _addressed(call))


def _delete(call: Call) -> Response:
    return _remove(call, call.path("name"))


def _delete_by_body(call: Call) -> Response:
    return _remove(call, _addressed(call))


def _addressed(call: Call) -> str:
    """The label that the body names: `label_id`, or `name`."""
    found = call.text("label_id") or call.text("name")
    if not found:
        raise bad("label_id, name", "are missing, exactly one parameter must be provided")
    return found


def _change(call: Call, which: str) -> Response:
    row = _own(call, which)
    if not {"new_name", "color", "description", "priority", "archived"} & set(call.params):
        said = "are missing, at least one parameter must be provided"
        raise bad("new_name, color, description, priority, archived", said)
    name = _title(call.text("new_name") or row["name"])
    color = _color(call.text("color") or row["color"])
    try:
        call.store.run(
            "UPDATE labels SET name = ?, color = ?, description = ?, priority = ? WHERE id = ?",
            name,
            color,
            call.params.get("description", row["description"]),
            _priority(call) if "priority" in call.params else row["priority"],
            row["id"],
        )
    except sqlite3.IntegrityError:
        raise message(400, {"title": ["has already been taken"]}) from None
    return JSONResponse(
        _entities(call).project_label(call.store.one("SELECT * FROM labels WHERE id = ?", row["id"]) or {})
    )


def _remove(call: Call, which: str) -> Response:
    row = _own(call, which)
    call.store.run("DELETE FROM item_labels WHERE label = ?", row["id"])
    call.store.run("DELETE FROM labels WHERE id = ?", row["id"])
    return Response(status_code=204)


def _named(call: Call, which: str) -> DatabaseRow:
    """A label by name, or by id. Raises ApiError when there is none."""
    row = call.store.one("SELECT * FROM labels WHERE name = ?", which)
    if row is None and which.isdecimal():
        row = call.store.one("SELECT * FROM labels WHERE id = ?", int(which))
    if row is None:
        raise message(404, "404 Label Not Found")
    return row


def _own(call: Call, which: str) -> DatabaseRow:
    """A label that the project may change: an inherited one is not found."""
    _may_admin(call)
    row = _named(call, which)
    if row["inherited"]:
        raise message(404, "404 Label Not Found")
    return row


def _may_admin(call: Call) -> None:
    if not call.actor.is_reporter:
        raise message(403, "403 Forbidden")


def _title(name: str) -> str:
    clean = name.strip()
    if not clean or "," in clean or len(clean) > 255:
        raise message(400, {"title": ["can't be blank" if not clean else "is invalid"]})
    return clean


def _color(color: str) -> str:
    """The colour as `#rrggbb`, from hex or a CSS name. Raises ApiError."""
    known = _NAMED.get(color.strip().lower(), color.strip())
    if not _HEX.fullmatch(known):
        raise message(400, {"color": ["must be a valid color code"]})
    return known if len(known) == 7 else "#" + "".join(digit * 2 for digit in known[1:])


def _priority(call: Call) -> int | None:
    value = call.params.get("priority")
    return None if value in (None, "", "null") else call.number("priority")


def _entities(call: Call) -> Entities:
    return Entities(call.store, call.base)
