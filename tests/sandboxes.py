"""The sandbox as tests see it: with what its services hold, read from its store and not over HTTP."""

import json
import threading
from collections.abc import Iterable
from typing import Any, Self

from incidentops.providers.gitlab.section import Label
from incidentops.sandbox import server
from incidentops.sandbox.gitlab.entities import Entities
from incidentops.sandbox.statusio.board import Board
from incidentops.sandbox.traffic import Logged


class Sandbox(server.Sandbox):
    """The sandbox, and what tests ask of it."""

    measured = False
    """Whether coverage follows the server, which makes it twice as slow; tests/sandbox lets it."""

    def __enter__(self) -> Self:
        trace = threading.gettrace()
        threading.settrace(trace if self.measured else None)
        try:
            return super().__enter__()
        finally:
            threading.settrace(trace)

    def writes(self, since: int = 0) -> tuple[Logged, ...]:
        """The requests to change something."""
        return tuple(row for row in self.requests(since) if row.write)

    def pacing_violations(self) -> tuple[Logged, ...]:
        """The requests to Status.io too soon after, or during, another."""
        return tuple(row for row in self.requests() if row.fault == "pacing")

    def issues(self) -> list[dict[str, Any]]:
        """Every issue, confidential ones too, as the API shows it, by iid."""
        rows = self.store.rows("items", "iid", kind="Issue")
        return [Entities(self.store, self.url).issue(row) for row in rows]

    def notes(self, iid: int, *, system: bool = False) -> list[dict[str, Any]]:
        """The comments on an issue, oldest first, or GitLab's own notes on it."""
        item = self.store.find("items", kind="Issue", iid=iid) or {"id": 0}
        rows = self.store.rows("notes", item=item["id"], system=system)
        return [Entities(self.store, self.url).note(row, item) for row in rows]

    def labels(self) -> list[dict[str, Any]]:
        """Every label of the project and its group, by name."""
        return [Entities(self.store, self.url).project_label(row) for row in self.store.rows("labels", "name")]

    def links(self) -> list[tuple[int, int]]:
        """Every link between two issues, as a pair of iids, the smaller first."""
        query = (
            "SELECT a.iid AS one, b.iid AS two FROM links JOIN items a ON a.id = source JOIN items b ON b.id = target"
        )
        return sorted((min(row["one"], row["two"]), max(row["one"], row["two"])) for row in self.store.all(query))

    def todos(self, action: str = "mentioned") -> list[dict[str, Any]]:
        """To-do items made by mentions; with `assigned` those made by assignments."""
        return self.store.all(
            "SELECT username, items.iid, note, action FROM todos JOIN users ON users.id = user"
            " JOIN items ON items.id = item WHERE action = ? ORDER BY todos.id",
            action,
        )

    def quick_actions(self) -> list[dict[str, Any]]:
        """Every quick action that ran, with or without an effect."""
        return self.store.all("SELECT name, argument, applied FROM quick_actions ORDER BY id")

    def statusio_incidents(self) -> list[dict[str, Any]]:
        """Every Status.io incident, oldest first, as the API shows it, with `resolved` added."""
        board = Board(self.store)
        rows = self.store.rows("incidents")
        return [board.incident(row) | {"resolved": bool(row["resolved"])} for row in rows]

    def statusio_messages(self) -> list[dict[str, Any]]:
        """Every message to customers, oldest first, with the flags it was sent with."""
        return [row | {"flags": json.loads(row["flags"])} for row in self.store.rows("messages")]

    def component_statuses(self) -> dict[str, int]:
        """Pair to status code."""
        return Board(self.store).statuses()

    def plant_labels(self, labels: Iterable[Label]) -> None:
        """Let the project have labels, as one that has seen an incident has."""
        statement = "INSERT OR IGNORE INTO labels (name, color, description, inherited) VALUES (?, ?, ?, 0)"
        for label in labels:
            self.store.run(statement, label.name, label.color, label.description)

    def content(self) -> bytes:
        """All that the services hold, for `fill`."""
        return self.store._db.serialize()

    def fill(self, content: bytes) -> None:
        """Let the services hold what those of another sandbox held."""
        self.store._db.deserialize(content)

    def forget_requests(self) -> None:
        """Empty the log."""
        self.store.run("DELETE FROM requests")
