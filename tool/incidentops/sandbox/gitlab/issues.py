"""Issues, their links and their events (docs/services.md: Issues)."""

from dataclasses import replace

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from incidentops.sandbox.gitlab.access import Gate
from incidentops.sandbox.gitlab.entities import Entities
from incidentops.sandbox.gitlab.filters import TYPES, matching
from incidentops.sandbox.gitlab.http import Call, bad, message, page_of
from incidentops.sandbox.gitlab.quick_actions import run_commands
from incidentops.sandbox.gitlab.text import extract
from incidentops.sandbox.gitlab.tracker import IssueChanges, Tracker, find_item
from incidentops.sandbox.seed import PROJECT_ID
from incidentops.sandbox.store import DatabaseRow

_UPDATABLE = """
    title description state_event labels add_labels remove_labels assignee_ids assignee_id confidential
    discussion_locked due_date issue_type milestone_id weight epic_id epic_iid created_at updated_at
""".split()  # noqa: SIM905 - one word a name reads better than a column of quotes
_LINK_TYPES = ("relates_to", "blocks", "is_blocked_by")
_MIRRORED = {"relates_to": "relates_to", "blocks": "is_blocked_by", "is_blocked_by": "blocks"}


def issue_routes(gate: Gate) -> list[Route]:
    """Everything about issues but their notes."""
    one = "/projects/{id}/issues/{issue_iid}"
    return [
        gate.route("/issues", get=_list_global),
        gate.route("/groups/{id}/issues", get=_list),
        gate.route("/projects/{id}/issues", get=_list, post=_create),
        gate.route(one, get=_show, put=_update),
        gate.route(f"{one}/links", get=_links, post=_link),
        gate.route(f"{one}/links/{{issue_link_id}}", get=_show_link, delete=_unlink),
        gate.route(f"{one}/resource_label_events", get=_label_events),
        gate.route(f"{one}/resource_state_events", get=_state_events),
    ]


def tracker_of(call: Call) -> Tracker:
    """The tracker that acts for the caller."""
    return Tracker(call.store, call.actor, call.project_url, call.free_tier)


def asked_changes(call: Call) -> IssueChanges:
    """What the parameters ask to change. Raises ApiError for a value of the wrong type."""
    return IssueChanges(
        title=call.text("title"),
        description=call.text("description"),
        state_event=call.choice("state_event", ("close", "reopen"), "close") if call.text("state_event") else None,
        labels=call.words("labels"),
        add_labels=call.words("add_labels") or (),
        remove_labels=call.words("remove_labels") or (),
        assignees=_assignees(call),
        confidential=call.flag("confidential"),
        locked=call.flag("discussion_locked"),
        due_date=call.text("due_date"),
        type=call.choice("issue_type", TYPES, "issue") if call.text("issue_type") else None,
    )


def with_commands(call: Call, item: DatabaseRow | None, asked: IssueChanges) -> IssueChanges:
    """The same with the quick actions of the description carried out and taken out of it."""
    if asked.description is None:
        return asked
    stored, commands = extract(asked.description)
    return run_commands(tracker_of(call), item, commands, replace(asked, description=stored))


def _assignees(call: Call) -> tuple[int, ...] | None:
    """`assignee_ids`, or the old `assignee_id`; `[0]` and the empty value mean nobody, `[]` changes nothing."""
    many = call.numbers("assignee_ids")
    if many is not None:
        return None if call.params["assignee_ids"] == [] else tuple(user for user in many if user)
    return call.numbers("assignee_id") and tuple(user for user in call.numbers("assignee_id") or () if user)


def _list(call: Call) -> Response:
    return _page(call, matching(call, "Issue", "all"))


def _list_global(call: Call) -> Response:
    return _page(call, matching(call, "Issue", "created_by_me"))


def _page(call: Call, rows: list[DatabaseRow]) -> Response:
    details = call.flag("with_labels_details") or False
    entities = _entities(call)
    return page_of(call, rows, lambda row: entities.issue(row, label_details=details))


def _create(call: Call) -> Response:
    call.required("title")
    asked = asked_changes(call)
    row = tracker_of(call).create("Issue", with_commands(call, None, replace(asked, state_event=None)))
    return JSONResponse(_entities(call).issue(row), status_code=201)


def _show(call: Call) -> Response:
    return JSONResponse(_entities(call).issue(_issue(call)))


def _update(call: Call) -> Response:
    row = _issue(call)
    if not set(_UPDATABLE) & set(call.params):
        raise bad(", ".join(_UPDATABLE), "are missing, at least one parameter must be provided")
    if not call.actor.is_reporter and row["author"] != call.actor.id:
        raise message(403, "403 Forbidden")
    changed = tracker_of(call).update(row, with_commands(call, row, asked_changes(call)))
    return JSONResponse(_entities(call).issue(changed))


def _links(call: Call) -> Response:
    row, entities = _issue(call), _entities(call)
    found = call.store.all("SELECT * FROM links WHERE ? IN (source, target) ORDER BY id", row["id"])
    tracker = tracker_of(call)

    def show(link: DatabaseRow) -> object:
        outward = link["source"] == row["id"]
        other = tracker.item(link["target"] if outward else link["source"])
        return entities.issue(other) | {
            "issue_link_id": link["id"],
            "link_type": link["type"] if outward else _MIRRORED[link["type"]],
            "link_created_at": link["created_at"],
            "link_updated_at": link["created_at"],
        }

    return page_of(call, found, show) if call.text("page") else _whole(call, [show(link) for link in found])


def _whole(call: Call, shown: list[object]) -> Response:
    """A list that GitLab does not page."""
    hit = call.faults.hits("empty-list", "gitlab", f"GET {call.request.url.path}")
    return JSONResponse([] if hit else shown)


def _link(call: Call) -> Response:
    call.required("target_project_id", "target_issue_iid")
    row = _issue(call)
    if call.text("target_project_id") not in (str(PROJECT_ID), call.store.seed.project):
        raise message(404, "404 Project Not Found")
    target = find_item(call.store, "Issue", call.number("target_issue_iid"), call.actor)
    kind = call.choice("link_type", _LINK_TYPES, "relates_to")
    if kind != "relates_to" and call.free_tier:
        raise message(403, "Blocked issues not available for current license")
    if not call.actor.is_reporter or target["id"] == row["id"]:
        raise message(404, "No matching issue found. Make sure that you are adding a valid issue URL.")
    pair = (row["id"], target["id"])
    if call.store.number(
        "SELECT id FROM links WHERE (source = ? AND target = ?) OR (source = ? AND target = ?)", *pair, *pair[::-1]
    ):
        raise message(409, "Issue(s) already assigned")
    link = call.store.run(
        "INSERT INTO links (source, target, type, created_at) VALUES (?, ?, ?, ?)", *pair, kind, call.store.now()
    )
    tracker = tracker_of(call)
    tracker.system_note(row["id"], f"marked this issue as related to #{target['iid']}")
    tracker.system_note(target["id"], f"marked this issue as related to #{row['iid']}")
    shown = _entities(call).link({"id": link, "type": kind}, row, target)
    return JSONResponse(shown, status_code=201)


def _link_row(call: Call) -> DatabaseRow:
    row = _issue(call)
    link = call.store.one(
        "SELECT * FROM links WHERE id = ? AND ? IN (source, target)", call.path_number("issue_link_id"), row["id"]
    )
    if link is None:
        raise message(404, "No Issue Link found")
    return link


def _show_link(call: Call) -> Response:
    link, tracker = _link_row(call), tracker_of(call)
    return JSONResponse(_entities(call).link(link, tracker.item(link["source"]), tracker.item(link["target"])))


def _unlink(call: Call) -> Response:
    call.store.run("DELETE FROM links WHERE id = ?", _link_row(call)["id"])
    return Response(status_code=204)


def _label_events(call: Call) -> Response:
    return _events(call, "label")


def _state_events(call: Call) -> Response:
    return _events(call, "state")


def _events(call: Call, kind: str) -> Response:
    rows = call.store.all("SELECT * FROM events WHERE item = ? AND kind = ? ORDER BY id", _issue(call)["id"], kind)
    return page_of(call, rows, _entities(call).event)


def _issue(call: Call) -> DatabaseRow:
    return find_item(call.store, "Issue", call.path_number("issue_iid"), call.actor)


def _entities(call: Call) -> Entities:
    return Entities(call.store, call.base)
