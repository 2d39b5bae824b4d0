"""Issues, their links and their events (docs/services.md: Issues)."""

from functools import partial

from msgspec.structs import replace
from starlette.responses import Response

from incidentops.sandbox.gitlab.access import RouteTable
from incidentops.sandbox.gitlab.filters import TYPES, matching
from incidentops.sandbox.gitlab.http import Call, bad, found, message, page_of
from incidentops.sandbox.gitlab.quick_actions import run_commands
from incidentops.sandbox.gitlab.text import extract
from incidentops.sandbox.gitlab.tracker import IssueChanges, Tracker, find_item
from incidentops.sandbox.seed import PROJECT_ID
from incidentops.sandbox.store import DatabaseRow

_UPDATABLE = """
    title description state_event labels add_labels remove_labels assignee_ids assignee_id confidential
    discussion_locked due_date issue_type milestone_id weight epic_id epic_iid created_at updated_at
""".split()  # noqa: SIM905 - one word a name reads better than a column of quotes
_MIRRORED = {"relates_to": "relates_to", "blocks": "is_blocked_by", "is_blocked_by": "blocks"}


def requested_changes(call: Call) -> IssueChanges:
    """The changes that the parameters request. Raises ApiError for a value of the wrong type."""
    return IssueChanges(
        title=call.text("title"),
        description=call.text("description"),
        state_event=call.choice("state_event", ("close", "reopen")) or None,
        labels=call.words("labels"),
        add_labels=call.words("add_labels") or (),
        remove_labels=call.words("remove_labels") or (),
        assignees=_assignees(call),
        confidential=call.flag("confidential"),
        locked=call.flag("discussion_locked"),
        due_date=call.text("due_date"),
        type=call.choice("issue_type", TYPES) or None,
    )


def with_commands(call: Call, item: DatabaseRow | None, changes: IssueChanges) -> IssueChanges:
    """The same with the quick actions of the description carried out and taken out of it."""
    if changes.description is None:
        return changes
    stored, commands = extract(changes.description)
    return run_commands(call, item, commands, replace(changes, description=stored))


def _assignees(call: Call) -> tuple[int, ...] | None:
    """`assignee_ids`, or the old `assignee_id`; `[0]` and the empty value mean nobody, `[]` changes nothing."""
    name = "assignee_ids" if call.params.get("assignee_ids") is not None else "assignee_id"
    users = call.numbers(name)
    return None if users is None or call.params[name] == [] else tuple(user for user in users if user)


def _list(call: Call, scope: str = "all") -> Response:
    details = call.flag("with_labels_details") or False
    return page_of(call, matching(call, "Issue", scope), partial(call.entities.issue, label_details=details))


def _create(call: Call) -> object:
    call.required("title")
    changes = replace(requested_changes(call), state_event=None)
    return call.entities.issue(Tracker(call).create("Issue", with_commands(call, None, changes)))


def _update(call: Call) -> object:
    row = _issue(call)
    if not set(_UPDATABLE) & set(call.params):
        raise bad(", ".join(_UPDATABLE), "are missing, at least one parameter must be provided")
    if not call.actor.is_reporter and row["author"] != call.actor.id:
        raise message(403, "403 Forbidden")
    return call.entities.issue(Tracker(call).update(row, with_commands(call, row, requested_changes(call))))


def _links(call: Call) -> object:
    row, tracker = _issue(call), Tracker(call)
    links = call.store.all("SELECT * FROM links WHERE ? IN (source, target) ORDER BY id", row["id"])

    def show(link: DatabaseRow) -> object:
        outward = link["source"] == row["id"]
        other = tracker.item(link["target"] if outward else link["source"])
        return call.entities.issue(other) | {
            "issue_link_id": link["id"],
            "link_type": link["type"] if outward else _MIRRORED[link["type"]],
            "link_created_at": link["created_at"],
            "link_updated_at": link["created_at"],
        }

    hit = call.faults.hits("empty-list", "gitlab", f"GET {call.request.url.path}")
    return [] if hit else [show(link) for link in links]


def _link(call: Call) -> object:
    call.required("target_project_id", "target_issue_iid")
    row = _issue(call)
    if call.text("target_project_id") not in (str(PROJECT_ID), call.store.seed.project):
        raise message(404, "404 Project Not Found")
    target = find_item(call, "Issue", call.number("target_issue_iid"))
    kind = call.choice("link_type", tuple(_MIRRORED), "relates_to")
    if kind != "relates_to" and call.free_tier:
        raise message(403, "Blocked issues not available for current license")
    if not call.actor.is_reporter or target["id"] == row["id"]:
        raise message(404, "No matching issue found. Make sure that you are adding a valid issue URL.")
    ends = {"source": row["id"], "target": target["id"]}
    if call.store.find("links", **ends) or call.store.find("links", source=target["id"], target=row["id"]):
        raise message(409, "Issue(s) already assigned")
    link = call.store.insert("links", **ends, type=kind, created_at=call.store.now())
    tracker = Tracker(call)
    tracker.system_note(row["id"], f"marked this issue as related to #{target['iid']}")
    tracker.system_note(target["id"], f"marked this issue as related to #{row['iid']}")
    return call.entities.link({"id": link, "type": kind}, row, target)


def _link_row(call: Call) -> DatabaseRow:
    row = _issue(call)
    link = call.store.find("links", id=call.path_number("issue_link_id"))
    return found(link if link and row["id"] in (link["source"], link["target"]) else None, "No Issue Link found")


def _show_link(call: Call) -> object:
    link, tracker = _link_row(call), Tracker(call)
    return call.entities.link(link, tracker.item(link["source"]), tracker.item(link["target"]))


def _unlink(call: Call) -> None:
    call.store.run("DELETE FROM links WHERE id = ?", _link_row(call)["id"])


def _events(call: Call, kind: str) -> Response:
    return page_of(call, call.store.rows("events", item=_issue(call)["id"], kind=kind), call.entities.event)


def _issue(call: Call) -> DatabaseRow:
    return find_item(call, "Issue", call.path_number("issue_iid"))


ISSUE_ROUTES: RouteTable = {
    "/issues": {"GET": partial(_list, scope="created_by_me")},
    "/groups/{id}/issues": {"GET": _list},
    "/projects/{id}/issues": {"GET": _list, "POST": _create},
    "/projects/{id}/issues/{issue_iid}": {"GET": lambda call: call.entities.issue(_issue(call)), "PUT": _update},
    "/projects/{id}/issues/{issue_iid}/links": {"GET": _links, "POST": _link},
    "/projects/{id}/issues/{issue_iid}/links/{issue_link_id}": {"GET": _show_link, "DELETE": _unlink},
    "/projects/{id}/issues/{issue_iid}/resource_label_events": {"GET": partial(_events, kind="label")},
    "/projects/{id}/issues/{issue_iid}/resource_state_events": {"GET": partial(_events, kind="state")},
}
