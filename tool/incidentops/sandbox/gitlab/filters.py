"""The filters and the order of a list of issues (docs/services.md: Lists)."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from incidentops.sandbox.gitlab.http import Call, bad
from incidentops.sandbox.gitlab.tracker import may_see
from incidentops.sandbox.store import DatabaseRow

TYPES = ("issue", "incident", "test_case", "requirement", "task", "ticket")
_SORTED = ("created_at", "updated_at", "due_date", "title")
_ORDERS = (*_SORTED, "id", "priority", "label_priority", "relative_position", "weight")
_STATES = ("opened", "closed", "locked", "merged", "all")
_SCOPES = ("created_by_me", "assigned_to_me", "all", "created-by-me", "assigned-to-me")

_ASSIGNED = "SELECT item FROM item_assignees"
_LABELLED = "SELECT item FROM item_labels"
CONDITIONS = {
    "type": "type IN (SELECT value FROM json_each(?))",
    "iid": "iid IN (SELECT value FROM json_each(?))",
    "author name": "author = (SELECT id FROM users WHERE username = ?)",
    "assignee": f"id IN ({_ASSIGNED} WHERE user = ?)",
    "assignee name": f"id IN ({_ASSIGNED} JOIN users ON users.id = user WHERE username = ?)",
    "has assignee": f"(id IN ({_ASSIGNED})) = ?",
    "label": f"id IN ({_LABELLED} JOIN labels ON labels.id = label WHERE name = ?)",
    "other label": f"id NOT IN ({_LABELLED} JOIN labels ON labels.id = label WHERE name = ?)",
    "has label": f"(id IN ({_LABELLED})) = ?",
    "created_after": "substr(created_at, 1, 23) || '000' >= ?",
    "created_before": "substr(created_at, 1, 23) || '000' <= ?",
    "updated_after": "substr(updated_at, 1, 23) || '000' >= ?",
    "updated_before": "substr(updated_at, 1, 23) || '000' <= ?",
}
"""Name of a filter to its condition on `items`, with one value; any other filter is the name of a column."""

Filter = tuple[str, object]


def matching(call: Call, kind: str, scope: str) -> list[DatabaseRow]:
    """The issues or merge requests that the caller may see and that pass every filter, in the requested order."""
    words = (call.text("search") or "").lower().split()
    fields = {"title", "description"} & set((call.text("in") or "title,description").split(","))
    rows = filtered(call, kind, [*_columns(call), *_people(call, scope), *_labels(call), *_times(call)])
    column, descending = call.choice("order_by", _ORDERS, "created_at"), call.choice("sort", ("asc", "desc")) != "asc"
    return sorted(
        (row for row in rows if contains(row, words, fields)),
        key=lambda row: (str(row[column] or "") if column in _SORTED else "", row["id"]),
        reverse=descending,
    )


def filtered(call: Call, kind: str, filters: Iterable[Filter]) -> list[DatabaseRow]:
    """The issues or merge requests that the caller may see and that pass the filters."""
    pairs = [("kind", kind), *filters]
    query = f"SELECT * FROM items WHERE {' AND '.join(CONDITIONS.get(name, f'{name} = ?') for name, _ in pairs)}"  # noqa: S608 - no value
    return [row for row in call.store.all(query, *(value for _, value in pairs)) if may_see(call, row)]


def contains(row: DatabaseRow, words: Iterable[str], fields: Iterable[str] = ("title", "description")) -> bool:
    """Whether each word stands in one of the fields, as part of a word and in any case."""
    texts = [(row[field] or "").lower() for field in fields]
    return all(any(word in text for text in texts) for word in words)


def searched(rows: Iterable[DatabaseRow], text: str | None, *fields: str) -> list[DatabaseRow]:
    """The rows that have a text in one of these fields, in any case."""
    return [row for row in rows if contains(row, [(text or "").lower()], fields)]


def _columns(call: Call) -> Iterator[Filter]:
    """Filters on one column."""
    state, kind, iids = call.choice("state", _STATES, "all"), call.choice("issue_type", TYPES), call.numbers("iids")
    values = {
        "state": None if state == "all" else state,
        "type": json.dumps([kind]) if kind else None,
        "confidential": call.flag("confidential"),
        "iid": None if iids is None else json.dumps(iids),
        "source_branch": call.text("source_branch"),
        "target_branch": call.text("target_branch"),
    }
    yield from ((name, value) for name, value in values.items() if value is not None)


def _people(call: Call, default_scope: str) -> Iterator[Filter]:
    """Filters on author and assignee."""
    scope = call.choice("scope", _SCOPES, default_scope)
    if scope != "all":
        yield "author" if scope.startswith("created") else "assignee", call.actor.id
    if call.text("author_id"):
        yield "author", call.number("author_id")
    if call.text("author_username"):
        yield "author name", call.text("author_username")
    for name in call.words("assignee_username") or ():
        yield "assignee name", name
    assignee = (call.text("assignee_id") or "").lower()
    if assignee in ("none", "any"):
        yield "has assignee", assignee == "any"
    elif assignee:
        yield "assignee", call.number("assignee_id")


def _labels(call: Call) -> Iterator[Filter]:
    """All of the named labels; `None` and `Any` mean no label and at least one."""
    labels = call.words("labels") or ()
    if labels and labels[0].lower() in ("none", "any"):
        yield "has label", labels[0].lower() == "any"
    else:
        yield from (("label", name) for name in labels)
    yield from (("other label", name) for name in call.words("not[labels]") or ())


def _times(call: Call) -> Iterator[Filter]:
    for name in ("created_after", "created_before", "updated_after", "updated_before"):
        text = call.text(name)
        if not text:
            continue
        try:
            moment = datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00Z")
        except ValueError:
            raise bad(name) from None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        yield name, moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds")
