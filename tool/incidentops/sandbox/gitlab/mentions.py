"""What text does to others: to-dos for those it mentions, a note on what it refers to (docs/services.md: Text)."""

from typing import Protocol

from incidentops.sandbox.gitlab.text import Reference, mentions, references
from incidentops.sandbox.store import DatabaseRow, Store


class Writer(Protocol):
    """The part of the tracker that is needed here."""

    @property
    def store(self) -> Store:
        """The rows."""

    @property
    def project_url(self) -> str:
        """Where the project's pages are."""

    def todo(self, item: DatabaseRow, user: int, note: int | None, action: str) -> None:
        """Put an item on somebody's to-do list."""

    def system_note(self, item: int, body: str) -> None:
        """Write a system note."""


def record_mentions(writer: Writer, item: DatabaseRow, text: str, note: int | None, before: str = "") -> None:
    """Carry out what the mentions and references of a text cause; those that stood in `before` cause nothing again."""
    known = set(mentions(before))
    for name in mentions(text):
        if name not in known:
            for user in _reached(writer.store, name):
                writer.todo(item, user, note, "mentioned")
    for reference in references(text):
        target = _target(writer, reference)
        if target and target["id"] != item["id"]:
            _refer(writer, item, target)


def _reached(store: Store, name: str) -> list[int]:
    """Who a mention reaches: the person, or every member when it names the group, the project or everybody."""
    seed = store.seed
    if name.lower() in ("all", seed.group.lower(), seed.project.lower()):
        return [row["id"] for row in store.all("SELECT id FROM users WHERE level > 0 AND NOT bot")]
    return [row["id"] for row in store.all("SELECT id FROM users WHERE lower(username) = lower(?)", name)]


def _target(writer: Writer, reference: Reference) -> DatabaseRow | None:
    if reference.project not in ("", writer.store.seed.project, writer.project_url):
        return None
    return writer.store.one("SELECT * FROM items WHERE kind = ? AND iid = ?", reference.kind, reference.iid)


def _refer(writer: Writer, item: DatabaseRow, target: DatabaseRow) -> None:
    what = "issue #" if item["kind"] == "Issue" else "merge request !"
    said = f"mentioned in {what}{item['iid']}"
    if not writer.store.number("SELECT count(*) FROM notes WHERE item = ? AND system AND body = ?", target["id"], said):
        writer.system_note(target["id"], said)
