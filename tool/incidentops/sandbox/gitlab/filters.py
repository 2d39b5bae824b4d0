"""Which issues a list holds, and in which order (docs/services.md: Lists)."""

from collections.abc import Callable
from datetime import datetime

from incidentops.sandbox.gitlab.entities import Entities
from incidentops.sandbox.gitlab.http import Call, bad
from incidentops.sandbox.gitlab.tracker import may_see
from incidentops.sandbox.store import DatabaseRow

TYPES = ("issue", "incident", "test_case", "requirement", "task", "ticket")
_ORDERS = (
    "created_at",
    "updated_at",
    "due_date",
    "title",
    "id",
    "priority",
    "label_priority",
    "relative_position",
    "weight",
)
_STATES = ("opened", "closed", "locked", "merged", "all")

Test = Callable[[DatabaseRow], bool]


def matching(call: Call, kind: str, scope: str) -> list[DatabaseRow]:
    """The issues or merge requests that the caller may see and that pass every filter, in the order asked for."""
    rows = call.store.all("SELECT * FROM items WHERE kind = ?", kind)
    tests = [*_plain(call), *_people(call, scope), *_labels(call), *_times(call), *_search(call)]
    kept = [row for row in rows if may_see(call.store, row, call.actor) and all(test(row) for test in tests)]
    return _ordered(call, kept)


def _plain(call: Call) -> list[Test]:
    """Filters on one column."""
    tests: list[Test] = []
    state = call.choice("state", _STATES, "all")
    if state != "all":
        tests.append(lambda row: row["state"] == state)
    wanted_type = call.text("issue_type")
    if wanted_type:
        call.choice("issue_type", TYPES, "issue")
        tests.append(lambda row: row["type"] == wanted_type)
    confidential = call.flag("confidential")
    if confidential is not None:
        tests.append(lambda row: bool(row["confidential"]) is confidential)
    iids = call.numbers("iids")
    if iids is not None:
        tests.append(lambda row: row["iid"] in iids)
    for name in ("source_branch", "target_branch"):
        tests += _equal(name, call.text(name))
    return tests


def _equal(column: str, wanted: str | None) -> list[Test]:
    return [] if wanted is None else [lambda row: row[column] == wanted]


def _people(call: Call, default_scope: str) -> list[Test]:
    """Filters on author and assignee."""
    tests: list[Test] = []
    scope = call.choice(
        "scope", ("created_by_me", "assigned_to_me", "all", "created-by-me", "assigned-to-me"), default_scope
    )
    if scope.startswith("created"):
        tests.append(lambda row: row["author"] == call.actor.id)
    if scope.startswith("assigned"):
        tests.append(lambda row: call.actor.id in _assignees(call, row))
    if call.text("author_id"):
        author = call.number("author_id")
        tests.append(lambda row: row["author"] == author)
    if call.text("author_username"):
        author = _user(call, call.text("author_username"))
        tests.append(lambda row: row["author"] == author)
    tests += [_assigned_to(call, _user(call, name)) for name in call.words("assignee_username") or ()]
    return tests + _assignee_id(call)


def _assignee_id(call: Call) -> list[Test]:
    wanted = call.text("assignee_id")
    if not wanted:
        return []
    if wanted.lower() in ("none", "any"):
        some = wanted.lower() == "any"
        return [lambda row: bool(_assignees(call, row)) is some]
    return [_assigned_to(call, call.number("assignee_id"))]


def _assigned_to(call: Call, user: int) -> Test:
    return lambda row: user in _assignees(call, row)


def _assignees(call: Call, row: DatabaseRow) -> set[int]:
    return {found["user"] for found in call.store.all("SELECT user FROM item_assignees WHERE item = ?", row["id"])}


def _user(call: Call, username: str | None) -> int:
    return call.store.number("SELECT id FROM users WHERE username = ?", username)


def _labels(call: Call) -> list[Test]:
    """All of the labels named; `None` and `Any` mean none and at least one."""
    wanted = call.words("labels")
    refused = call.params.get("not[labels]")
    tests: list[Test] = []
    if wanted:
        tests.append(lambda row: _carries(call, row, wanted))
    if refused:
        unwanted = {name.strip() for name in str(refused).split(",")}
        tests.append(lambda row: not unwanted & _label_names(call, row))
    return tests


def _carries(call: Call, row: DatabaseRow, wanted: tuple[str, ...]) -> bool:
    names = _label_names(call, row)
    if wanted[0].lower() in ("none", "any"):
        return bool(names) is (wanted[0].lower() == "any")
    return set(wanted) <= names


def _label_names(call: Call, row: DatabaseRow) -> set[str]:
    return {label["name"] for label in Entities(call.store, call.base).labels_of(row["id"])}


def _times(call: Call) -> list[Test]:
    tests: list[Test] = []
    for column in ("created", "updated"):
        after, before = _moment(call, f"{column}_after"), _moment(call, f"{column}_before")
        if after:
            tests.append(_since(f"{column}_at", after))
        if before:
            tests.append(_until(f"{column}_at", before))
    return tests


def _since(column: str, moment: datetime) -> Test:
    return lambda row: datetime.fromisoformat(row[column]) >= moment


def _until(column: str, moment: datetime) -> Test:
    return lambda row: datetime.fromisoformat(row[column]) <= moment


def _moment(call: Call, name: str) -> datetime | None:
    text = call.text(name)
    if not text:
        return None
    try:
        return datetime.fromisoformat(text if "T" in text else f"{text}T00:00:00Z")
    except ValueError:
        raise bad(name) from None


def _search(call: Call) -> list[Test]:
    """Every word of `search`, as part of a word, in the title or the description; not an exact match."""
    words = (call.text("search") or "").lower().split()
    fields = [
        field for field in (call.text("in") or "title,description").split(",") if field in ("title", "description")
    ]
    return [_holds(word, fields) for word in words]


def _holds(word: str, fields: list[str]) -> Test:
    return lambda row: any(word in (row[field] or "").lower() for field in fields)


def _ordered(call: Call, rows: list[DatabaseRow]) -> list[DatabaseRow]:
    order = call.choice("order_by", _ORDERS, "created_at")
    column = order if order in ("created_at", "updated_at", "due_date", "title", "id") else "id"
    down = call.choice("sort", ("asc", "desc"), "desc") == "desc"
    return sorted(rows, key=lambda row: (str(row[column] or "") if column != "id" else "", row["id"]), reverse=down)
