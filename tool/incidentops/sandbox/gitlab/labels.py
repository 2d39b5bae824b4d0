"""Labels of the project and of its group (docs/services.md: Labels)."""

import re
import sqlite3

from starlette.responses import Response

from incidentops.sandbox.gitlab.access import RouteTable
from incidentops.sandbox.gitlab.filters import searched
from incidentops.sandbox.gitlab.http import Call, bad, found, message, page_of
from incidentops.sandbox.store import DatabaseRow

_NOT_FOUND = "404 Label Not Found"
_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_NAMED = {
    "black": "#000000", "blue": "#0000ff", "gray": "#808080", "green": "#008000", "orange": "#ffa500",
    "purple": "#800080", "red": "#ff0000", "teal": "#008080", "white": "#ffffff", "yellow": "#ffff00",
}  # fmt: skip


def _list(call: Call) -> Response:
    own = {"inherited": False} if call.flag("include_ancestor_groups") is False else {}
    rows = searched(call.store.rows("labels", "name", **own), call.text("search"), "name")
    return page_of(call, rows, call.entities.project_label)


def _list_of_group(call: Call) -> Response:
    rows = searched(call.store.rows("labels", "name", inherited=True), call.text("search"), "name")
    return page_of(call, rows, call.entities.group_label)


def _show(call: Call) -> object:
    return call.entities.project_label(_addressed(call))


def _show_of_group(call: Call) -> object:
    row = _addressed(call)
    return call.entities.group_label(found(row if row["inherited"] else None, _NOT_FOUND))


def _create(call: Call) -> object:
    call.required("name", "color")
    _may_admin(call)
    name, color = _title(call.text("name") or ""), _color(call.text("color") or "")
    if call.store.find("labels", name=name):
        raise message(409, "Label already exists")
    own = {"description": call.text("description"), "priority": _priority(call), "inherited": False}
    return _shown(call, call.store.insert("labels", name=name, color=color, **own))


def _update(call: Call) -> object:
    row = _own(call)
    if not {"new_name", "color", "description", "priority", "archived"} & set(call.params):
        why = "are missing, at least one parameter must be provided"
        raise bad("new_name, color, description, priority, archived", why)
    changes = {
        "name": _title(call.text("new_name") or row["name"]),
        "color": _color(call.text("color") or row["color"]),
        "description": call.params.get("description", row["description"]),
        "priority": _priority(call) if "priority" in call.params else row["priority"],
    }
    try:
        call.store.update("labels", row["id"], **changes)
    except sqlite3.IntegrityError:
        raise message(400, {"title": ["has already been taken"]}) from None
    return _shown(call, row["id"])


def _delete(call: Call) -> None:
    row = _own(call)
    call.store.run("DELETE FROM item_labels WHERE label = ?", row["id"])
    call.store.run("DELETE FROM labels WHERE id = ?", row["id"])


def _shown(call: Call, label: int) -> object:
    return call.entities.project_label(found(call.store.find("labels", id=label)))


def _addressed(call: Call) -> DatabaseRow:
    """The label that the path names, or else the body, by name or by id. Raises ApiError."""
    in_path = "name" in call.request.path_params
    which = call.path("name") if in_path else call.text("label_id") or call.text("name")
    if not which:
        raise bad("label_id, name", "are missing, exactly one parameter must be provided")
    row = call.store.find("labels", name=which)
    if row is None and which.isdecimal():
        row = call.store.find("labels", id=int(which))
    return found(row, _NOT_FOUND)


def _own(call: Call) -> DatabaseRow:
    """The label, when the project may change it. Raises ApiError, also for an inherited label."""
    _may_admin(call)
    row = _addressed(call)
    return found(None if row["inherited"] else row, _NOT_FOUND)


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


LABEL_ROUTES: RouteTable = {
    "/projects/{id}/labels": {"GET": _list, "POST": _create, "PUT": _update, "DELETE": _delete},
    "/projects/{id}/labels/{name}": {"GET": _show, "PUT": _update, "DELETE": _delete},
    "/groups/{id}/labels": {"GET": _list_of_group},
    "/groups/{id}/labels/{name}": {"GET": _show_of_group},
}
