"""How GitLab creates, changes and comments on issues and merge requests."""

from msgspec import Struct

from incidentops.sandbox.gitlab.http import Call, found, message
from incidentops.sandbox.gitlab.text import mentions, references
from incidentops.sandbox.store import DatabaseRow

MAX_TITLE = 255
MAX_DESCRIPTION = 1_048_576
_NEW_COLOR = "#6699cc"


class IssueChanges(Struct, frozen=True):
    """The requested changes, of parameters and of quick actions; None leaves a field alone."""

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


class Tracker:
    """Carries out changes on behalf of the actor of a call."""

    def __init__(self, call: Call) -> None:
        self.call = call
        self.store = call.store
        self.actor = call.actor

    def create(self, kind: str, changes: IssueChanges, source: str = "", target: str = "") -> DatabaseRow:
        """Create an issue, or a merge request of two branches. Raises ApiError for an invalid title or description."""
        _check(changes)
        now = self.store.now()
        item = self.store.insert(
            "items",
            kind=kind,
            iid=self.store.number("SELECT max(iid) FROM items WHERE kind = ?", kind) + 1,
            title=(changes.title or "").strip(),
            description=changes.description,
            type=changes.type or "issue",
            confidential=bool(changes.confidential),
            due_date=changes.due_date or None,
            author=self.actor.id,
            created_at=now,
            updated_at=now,
            source_branch=source or None,
            target_branch=target or None,
        )
        self._fields(self.item(item), IssueChanges(locked=changes.locked))
        self._metadata(self.item(item), changes)
        self._record_mentions(self.item(item), changes.description or "", None)
        return self.item(item)

    def update(self, item: DatabaseRow, changes: IssueChanges) -> DatabaseRow:
        """Change an issue or a merge request; a field with an equal value is left alone. Raises ApiError."""
        _check(changes)
        self._fields(item, changes)
        self._metadata(item, changes)
        if changes.description is not None and changes.description != item["description"]:
            self._record_mentions(item, changes.description, None, before=item["description"] or "")
        return self.item(item["id"])

    def item(self, item: int) -> DatabaseRow:
        """An issue or merge request by its id. Raises ApiError (404) when there is none."""
        return found(self.store.find("items", id=item))

    def note(self, item: DatabaseRow, body: str, *, internal: bool = False) -> DatabaseRow:
        """Write a comment; it moves the issue's `updated_at`."""
        note = self._note(item["id"], body, internal=internal)
        self.touch(item)
        self._record_mentions(item, body, note)
        return found(self.store.find("notes", id=note))

    def edit_note(self, item: DatabaseRow, note: DatabaseRow, body: str) -> DatabaseRow:
        """Change the text of a comment."""
        self.store.update("notes", note["id"], body=body, updated_at=self.store.now())
        self.touch(item)
        self._record_mentions(item, body, note["id"], before=note["body"])
        return found(self.store.find("notes", id=note["id"]))

    def system_note(self, item: int, body: str) -> None:
        """Write the note that GitLab itself adds for a change."""
        self._note(item, body, system=True)

    def touch(self, item: DatabaseRow) -> None:
        """Move `updated_at`."""
        self.store.update("items", item["id"], updated_at=self.store.now())

    def _note(self, item: int, body: str, *, system: bool = False, internal: bool = False) -> int:
        now, author = self.store.now(), self.actor.id
        kind = {"system": system, "internal": internal}
        return self.store.insert("notes", item=item, body=body, author=author, created_at=now, updated_at=now, **kind)

    def _fields(self, item: DatabaseRow, changes: IssueChanges) -> None:
        """Title, description, confidentiality, lock, due date, type."""
        title, due = changes.title.strip() if changes.title is not None else None, changes.due_date
        visible = "confidential" if changes.confidential else "visible to everyone"
        lock = "locked" if changes.locked else "unlocked"
        for column, before, after, note in (
            ("title", item["title"], title, f"changed title from **{item['title']}** to **{title}**"),
            ("description", item["description"], changes.description, "changed the description"),
            ("confidential", bool(item["confidential"]), changes.confidential, f"made the issue {visible}"),
            ("locked", bool(item["locked"]), changes.locked, f"{lock} the discussion in this issue"),
            ("due_date", item["due_date"] or "", due, f"changed due date to {due}" if due else "removed due date"),
            ("type", item["type"], changes.type, f"changed type from {item['type']} to {changes.type}"),
        ):
            if after is not None and after != before:
                self._set(item, column, None if column == "due_date" and not due else after, note)

    def _metadata(self, item: DatabaseRow, changes: IssueChanges) -> None:
        """State, severity, assignees and labels; those of a guest are ignored."""
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
        state = {"close": "closed", "reopen": "opened"}.get(event or "", item["state"])
        if state == item["state"]:
            return
        closed, now = state == "closed", self.store.now()
        by = {"closed_at": now, "closed_by": self.actor.id} if closed else {"closed_at": None, "closed_by": None}
        self.store.update("items", item["id"], state=state, updated_at=now, **by)
        self._event(item, "state", "closed" if closed else "reopened")

    def _assign(self, item: DatabaseRow, users: tuple[int, ...]) -> None:
        """Set the assignees. Unknown ones are dropped; when all of them are unknown, nothing changes."""
        store = self.store
        known = [user for user in dict.fromkeys(users) if store.number("SELECT level FROM users WHERE id = ?", user)]
        if not known and any(users):
            return
        known = known[:1] if self.call.free_tier else known
        before = [row["user"] for row in store.rows("item_assignees", "position", item=item["id"])]
        if set(before) == set(known):
            return
        store.run("DELETE FROM item_assignees WHERE item = ?", item["id"])
        for position, user in enumerate(known):
            store.insert("item_assignees", item=item["id"], user=user, position=position)
        added = [user for user in known if user not in before]
        for user in added:
            if user != self.actor.id:
                self._todo(item, user, None, "assigned")
        parts = [("assigned to", added), ("unassigned", [user for user in before if user not in known])]
        self.system_note(item["id"], " and ".join(f"{verb} {self._names(who)}" for verb, who in parts if who))
        self.touch(item)

    def _todo(self, item: DatabaseRow, user: int, note: int | None, action: str) -> None:
        author, now = self.actor.id, self.store.now()
        self.store.insert("todos", user=user, item=item["id"], note=note, author=author, action=action, at=now)

    def _names(self, users: list[int]) -> str:
        rows = [self.store.find("users", id=user) or {} for user in users]
        return " ".join(f"@{row.get('username')}" for row in rows)

    def _labels(self, item: DatabaseRow, changes: IssueChanges) -> None:
        """`labels` sets, then `add_labels` and `remove_labels` are applied; an unknown name becomes a label."""
        store = self.store
        before = {row["id"]: row["name"] for row in self.call.entities.labels_of(item["id"])}
        named = tuple(before.values()) if changes.labels is None else changes.labels
        named = tuple(name for name in (*named, *changes.add_labels) if name not in changes.remove_labels)
        after = {self._label_id(name): name for name in dict.fromkeys(named)}
        if not self.call.free_tier:
            after = _exclusive(after)
        if set(after) == set(before):
            if changes.labels is not None:
                self.touch(item)
            return
        for label in [label for label in before if label not in after]:
            store.run("DELETE FROM item_labels WHERE item = ? AND label = ?", item["id"], label)
            self._event(item, "label", "remove", label)
        for label in [label for label in after if label not in before]:
            store.insert("item_labels", item=item["id"], label=label)
            self._event(item, "label", "add", label)
        self.touch(item)

    def _label_id(self, name: str) -> int:
        row = self.store.find("labels", name=name)
        return int(row["id"]) if row else self.store.insert("labels", name=name, color=_NEW_COLOR, inherited=False)

    def _event(self, item: DatabaseRow, kind: str, action: str, label: int | None = None) -> None:
        author, now = self.actor.id, self.store.now()
        self.store.insert("events", item=item["id"], author=author, kind=kind, label=label, action=action, at=now)

    def _set(self, item: DatabaseRow, column: str, value: object, note: str) -> None:
        self.store.update("items", item["id"], **{column: value, "updated_at": self.store.now()})
        self.system_note(item["id"], note)

    def _record_mentions(self, item: DatabaseRow, text: str, note: int | None, before: str = "") -> None:
        """To-dos for the mentions that `before` does not have, a system note on each issue the text refers to."""
        known = set(mentions(before))
        for name in mentions(text):
            for user in self._mentioned(name) if name not in known else ():
                self._todo(item, user, note, "mentioned")
        for reference in references(text):
            target = self.store.find("items", kind=reference.kind, iid=reference.iid)
            here = reference.project in ("", self.store.seed.project, self.call.entities.project_url)
            if here and target and target["id"] != item["id"]:
                self._refer(item, target)

    def _mentioned(self, name: str) -> list[int]:
        """The person, or every member when the name is that of the group, of the project or `all`."""
        seed = self.store.seed
        if name.lower() in ("all", seed.group.lower(), seed.project.lower()):
            return [row["id"] for row in self.store.all("SELECT id FROM users WHERE level > 0 AND NOT bot")]
        return [row["id"] for row in self.store.all("SELECT id FROM users WHERE lower(username) = lower(?)", name)]

    def _refer(self, item: DatabaseRow, target: DatabaseRow) -> None:
        what = "issue #" if item["kind"] == "Issue" else "merge request !"
        body = f"mentioned in {what}{item['iid']}"
        if not self.store.find("notes", item=target["id"], system=True, body=body):
            self.system_note(target["id"], body)


def _check(changes: IssueChanges) -> None:
    """The model's own checks: 400 with a dict of lists."""
    errors: dict[str, list[str]] = {}
    if changes.title is not None and not changes.title.strip():
        errors["title"] = ["can't be blank"]
    if changes.title is not None and len(changes.title.strip()) > MAX_TITLE:
        errors["title"] = [f"is too long (maximum is {MAX_TITLE} characters)"]
    if changes.description is not None and len(changes.description.encode()) > MAX_DESCRIPTION:
        errors["description"] = [f"is too long ({len(changes.description.encode())} bytes, maximum is 1 MiB)"]
    if errors:
        raise message(400, errors)


def _exclusive(labels: dict[int, str]) -> dict[int, str]:
    """Of labels of one scope the last one stays; the scope is everything before the last `::`."""
    last = {name.rpartition("::")[0]: label for label, name in labels.items() if "::" in name}
    return {label: name for label, name in labels.items() if last.get(name.rpartition("::")[0], label) == label}


def find_item(call: Call, kind: str, iid: int) -> DatabaseRow:
    """An issue or merge request by iid. Raises ApiError (404), also when it is hidden from the actor."""
    row = found(call.store.find("items", kind=kind, iid=iid))
    return found(row if may_see(call, row) else None)


def may_see(call: Call, row: DatabaseRow) -> bool:
    """Confidential issues are for reporters and up, the author, and the assignees."""
    if not row["confidential"] or call.actor.is_reporter or row["author"] == call.actor.id:
        return True
    return bool(call.store.find("item_assignees", item=row["id"], user=call.actor.id))
