"""What GitLab does when an issue or a merge request is made, changed, commented on."""

from dataclasses import dataclass, replace
from typing import Any

from incidentops.sandbox.gitlab.http import Actor, message
from incidentops.sandbox.gitlab.mentions import record_mentions
from incidentops.sandbox.store import DatabaseRow, Store

MAX_TITLE = 255
MAX_DESCRIPTION = 1_048_576
_NEW_LABEL_COLOR = "#6699cc"


@dataclass(frozen=True, slots=True)
class IssueChanges:
    """What is asked to change; None leaves a field alone. Parameters and quick actions both end up here."""

    title: str | None = None
    description: str | None = None
    state_event: str | None = None
    labels: tuple[str, ...] | None = None
    add_labels: tuple[str, ...] = ()
    remove_labels: tuple[str, ...] = ()
    assignees: tuple[int, ...] | None = None
    confidential: bool | None = None
    locked: bool | None = None
    due_date: str | None = None
    type: str | None = None
    severity: str | None = None


@dataclass(frozen=True, slots=True)
class Tracker:
    """Carries out changes on behalf of one actor. `project_url` tells our own addresses in text from others."""

    store: Store
    actor: Actor
    project_url: str
    free_tier: bool = False

    def create(self, kind: str, changes: IssueChanges, branches: tuple[str, str] | None = None) -> DatabaseRow:
        """Make an issue or a merge request. Raises ApiError when the title or the description is refused."""
        _check(changes)
        now, store = self.store.now(), self.store
        iid = store.number("SELECT max(iid) FROM items WHERE kind = ?", kind) + 1
        source, target = branches or (None, None)
        item = store.run(
            "INSERT INTO items (kind, iid, title, description, type, confidential, due_date, author, created_at,"
            " updated_at, source_branch, target_branch) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            kind,
            iid,
            (changes.title or "").strip(),
            changes.description,
            changes.type or "issue",
            bool(changes.confidential),
            changes.due_date or None,
            self.actor.id,
            now,
            now,
            source,
            target,
        )
        self._fields(self.item(item), IssueChanges(locked=changes.locked))
        rest = replace(changes, title=None, description=None, type=None, confidential=None, due_date=None)
        self._metadata(self.item(item), rest)
        record_mentions(self, self.item(item), changes.description or "", None)
        return self.item(item)

    def update(self, item: DatabaseRow, changes: IssueChanges) -> DatabaseRow:
        """Change an issue or a merge request; what is equal already is not touched. Raises ApiError."""
        _check(changes)
        self._fields(item, changes)
        self._metadata(item, changes)
        if changes.description is not None and changes.description != item["description"]:
            record_mentions(self, item, changes.description, None, before=item["description"] or "")
        return self.item(item["id"])

    def item(self, item: int) -> DatabaseRow:
        """An issue or merge request by its id."""
        found = self.store.one("SELECT * FROM items WHERE id = ?", item)
        if found is None:
            raise message(404, "404 Not found")
        return found

    def note(self, item: DatabaseRow, body: str, *, internal: bool = False) -> DatabaseRow:
        """Write a comment; it moves the issue's `updated_at`."""
        now = self.store.now()
        note = self.store.run(
            "INSERT INTO notes (item, body, author, system, internal, created_at, updated_at)"
            " VALUES (?, ?, ?, 0, ?, ?, ?)",
            item["id"],
            body,
            self.actor.id,
            internal,
            now,
            now,
        )
        self.touch(item)
        record_mentions(self, item, body, note)
        return self.store.one("SELECT * FROM notes WHERE id = ?", note) or {}

    def system_note(self, item: int, body: str) -> None:
        """Write what GitLab itself has to say about a change."""
        now = self.store.now()
        self.store.run(
            "INSERT INTO notes (item, body, author, system, internal, created_at, updated_at)"
            " VALUES (?, ?, ?, 1, 0, ?, ?)",
            item,
            body,
            self.actor.id,
            now,
            now,
        )

    def touch(self, item: DatabaseRow) -> None:
        """Move `updated_at`."""
        self.store.run("UPDATE items SET updated_at = ? WHERE id = ?", self.store.now(), item["id"])

    def _fields(self, item: DatabaseRow, changes: IssueChanges) -> None:
        """Title, description, confidentiality, lock, due date, type, severity."""
        title = changes.title.strip() if changes.title is not None else None
        if title is not None and title != item["title"]:
            self._set(item, "title", title, f"changed title from **{item['title']}** to **{title}**")
        if changes.description is not None and changes.description != item["description"]:
            self._set(item, "description", changes.description, "changed the description")
        if changes.confidential is not None and changes.confidential != bool(item["confidential"]):
            what = "confidential" if changes.confidential else "visible to everyone"
            self._set(item, "confidential", changes.confidential, f"made the issue {what}")
        if changes.locked is not None and changes.locked != bool(item["locked"]):
            what = "locked" if changes.locked else "unlocked"
            self._set(item, "locked", changes.locked, f"{what} the discussion in this issue")
        if changes.due_date is not None and (changes.due_date or None) != item["due_date"]:
            what = f"changed due date to {changes.due_date}" if changes.due_date else "removed due date"
            self._set(item, "due_date", changes.due_date or None, what)
        if changes.type is not None and changes.type != item["type"]:
            self._set(item, "type", changes.type, f"changed type from {item['type']} to {changes.type}")

    def _metadata(self, item: DatabaseRow, changes: IssueChanges) -> None:
        """State, severity, assignees and labels; a guest's wishes about them are dropped in silence."""
        if not self.actor.is_reporter:
            return
        self._state(item, changes.state_event)
        severity = changes.severity
        current = self.item(item["id"])
        if severity is not None and current["type"] == "incident" and severity != current["severity"]:
            self._set(item, "severity", severity, f"changed the severity to **{severity.title()}**")
        if changes.assignees is not None:
            self._assign(item, changes.assignees)
        self._labels(item, changes)

    def _state(self, item: DatabaseRow, event: str | None) -> None:
        wanted = {"close": "closed", "reopen": "opened"}.get(event or "", item["state"])
        if wanted == item["state"]:
            return
        closed = wanted == "closed"
        now = self.store.now()
        self.store.run(
            "UPDATE items SET state = ?, closed_at = ?, closed_by = ?, updated_at = ? WHERE id = ?",
            wanted,
            now if closed else None,
            self.actor.id if closed else None,
            now,
            item["id"],
        )
        self._event(item, "state", "closed" if closed else "reopened")

    def _assign(self, item: DatabaseRow, wanted: tuple[int, ...]) -> None:
        """Set the assignees. Unknown ones are dropped; if none is left of some, nothing is changed (facts 0.8)."""
        store = self.store
        known = [user for user in dict.fromkeys(wanted) if store.number("SELECT level FROM users WHERE id = ?", user)]
        if not known and any(wanted):
            return
        known = known[:1] if self.free_tier else known
        before = [
            row["user"]
            for row in store.all("SELECT user FROM item_assignees WHERE item = ? ORDER BY position", item["id"])
        ]
        if set(before) == set(known):
            return
        store.run("DELETE FROM item_assignees WHERE item = ?", item["id"])
        for position, user in enumerate(known):
            store.run("INSERT INTO item_assignees (item, user, position) VALUES (?, ?, ?)", item["id"], user, position)
        self._tell_assignees(item, [user for user in known if user not in before])
        parts = [("assigned to", [user for user in known if user not in before])]
        parts.append(("unassigned", [user for user in before if user not in known]))
        self.system_note(item["id"], " and ".join(f"{verb} {self._names(who)}" for verb, who in parts if who))
        self.touch(item)

    def _tell_assignees(self, item: DatabaseRow, users: list[int]) -> None:
        for user in users:
            if user != self.actor.id:
                self.todo(item, user, None, "assigned")

    def todo(self, item: DatabaseRow, user: int, note: int | None, action: str) -> None:
        """Put an item on somebody's to-do list."""
        self.store.run(
            "INSERT INTO todos (user, item, note, author, action, at) VALUES (?, ?, ?, ?, ?, ?)",
            user,
            item["id"],
            note,
            self.actor.id,
            action,
            self.store.now(),
        )

    def _names(self, users: list[int]) -> str:
        rows = [self.store.one("SELECT username FROM users WHERE id = ?", user) or {} for user in users]
        return " ".join(f"@{row.get('username')}" for row in rows)

    def _labels(self, item: DatabaseRow, changes: IssueChanges) -> None:
        """`labels` sets, then `add_labels` and `remove_labels` are applied; names that are unknown become labels."""
        store = self.store
        before = {
            row["label"]: row["name"]
            for row in store.all(
                "SELECT label, name FROM item_labels JOIN labels ON labels.id = label WHERE item = ? ORDER BY name",
                item["id"],
            )
        }
        named = tuple(before.values()) if changes.labels is None else changes.labels
        named = tuple(name for name in (*named, *changes.add_labels) if name not in changes.remove_labels)
        wanted = {self._label_id(name): name for name in dict.fromkeys(named)}
        if not self.free_tier:
            wanted = _exclusive(wanted)
        if set(wanted) == set(before):
            if changes.labels is not None:
                self.touch(item)
            return
        for label in [label for label in before if label not in wanted]:
            store.run("DELETE FROM item_labels WHERE item = ? AND label = ?", item["id"], label)
            self._event(item, "label", "remove", label)
        for label in [label for label in wanted if label not in before]:
            store.run("INSERT INTO item_labels (item, label) VALUES (?, ?)", item["id"], label)
            self._event(item, "label", "add", label)
        self.touch(item)

    def _label_id(self, name: str) -> int:
        found = self.store.number("SELECT id FROM labels WHERE name = ?", name)
        return found or self.store.run(
            "INSERT INTO labels (name, color, description, inherited) VALUES (?, ?, NULL, 0)", name, _NEW_LABEL_COLOR
        )

    def _event(self, item: DatabaseRow, kind: str, action: str, label: int | None = None) -> None:
        self.store.run(
            "INSERT INTO events (item, author, kind, label, action, at) VALUES (?, ?, ?, ?, ?, ?)",
            item["id"],
            self.actor.id,
            kind,
            label,
            action,
            self.store.now(),
        )

    def _set(self, item: DatabaseRow, field: str, value: Any, said: str) -> None:
        self.store.run(_SETTERS[field], value, self.store.now(), item["id"])
        self.system_note(item["id"], said)


_SETTERS = {
    "title": "UPDATE items SET title = ?, updated_at = ? WHERE id = ?",
    "description": "UPDATE items SET description = ?, updated_at = ? WHERE id = ?",
    "confidential": "UPDATE items SET confidential = ?, updated_at = ? WHERE id = ?",
    "locked": "UPDATE items SET locked = ?, updated_at = ? WHERE id = ?",
    "due_date": "UPDATE items SET due_date = ?, updated_at = ? WHERE id = ?",
    "type": "UPDATE items SET type = ?, updated_at = ? WHERE id = ?",
    "severity": "UPDATE items SET severity = ?, updated_at = ? WHERE id = ?",
}


def _check(changes: IssueChanges) -> None:
    """The model's own checks: 400 with a dict of lists."""
    faults: dict[str, list[str]] = {}
    if changes.title is not None and not changes.title.strip():
        faults["title"] = ["can't be blank"]
    if changes.title is not None and len(changes.title.strip()) > MAX_TITLE:
        faults["title"] = [f"is too long (maximum is {MAX_TITLE} characters)"]
    if changes.description is not None and len(changes.description.encode()) > MAX_DESCRIPTION:
        faults["description"] = [f"is too long ({len(changes.description.encode())} bytes, maximum is 1 MiB)"]
    if faults:
        raise message(400, faults)


def _exclusive(wanted: dict[int, str]) -> dict[int, str]:
    """Of labels of one scope the one that was named last stays; the scope is what stands before the last `::`."""
    last = {name.rpartition("::")[0]: label for label, name in wanted.items() if "::" in name}
    return {label: name for label, name in wanted.items() if last.get(name.rpartition("::")[0], label) == label}


def find_item(store: Store, kind: str, iid: int, actor: Actor) -> DatabaseRow:
    """An issue or merge request by iid, as far as the actor may see it; 404 otherwise. Raises ApiError."""
    row = store.one("SELECT * FROM items WHERE kind = ? AND iid = ?", kind, iid)
    if row is None or not may_see(store, row, actor):
        raise message(404, "404 Not found")
    return row


def may_see(store: Store, row: DatabaseRow, actor: Actor) -> bool:
    """Confidential issues are for reporters and up, the author, and those assigned."""
    if not row["confidential"] or actor.is_reporter or row["author"] == actor.id:
        return True
    return bool(store.number("SELECT count(*) FROM item_assignees WHERE item = ? AND user = ?", row["id"], actor.id))
