"""The status page's own state: incidents, their messages, every component's status (docs/services.md: Status.io)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from incidentops.sandbox.seed import COMPONENTS, STATUSIO_PAGE, Component
from incidentops.sandbox.store import DatabaseRow, Store

PageJson = dict[str, Any]
OPERATIONAL, RESOLVED = 100, 400
STATUSES = {
    100: "Operational",
    200: "Planned Maintenance",
    300: "Degraded Performance",
    400: "Partial Service Disruption",
    500: "Service Disruption",
    600: "Security Event",
}
STATES = {100: "Investigating", 200: "Identified", 300: "Monitoring", 400: "Resolved"}
PAGE_SIZE = 25
LEGACY_CAP = 100


@dataclass(frozen=True, slots=True)
class Post:
    """One message to customers with the codes it carries; `flags` say who was told and how."""

    details: str
    state: int
    status: int
    flags: Mapping[str, str]
    subject: str


class Board:
    """Reads and changes the one status page."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def create(self, name: str, pairs: Sequence[str], post: Post) -> str:
        """Open an incident and set what it touches to the status sent. Returns its id."""
        opened, number = self.store.now(), self.store.number("SELECT max(number) FROM incidents") + 1
        incident = _object_id("incident", number, opened)
        self.store.run(
            "INSERT INTO incidents (id, name, opened, pairs) VALUES (?, ?, ?, ?)",
            incident,
            name.strip(),
            opened,
            json.dumps(list(dict.fromkeys(pairs))),
        )
        self._say(incident, post)
        self.set_pairs(pairs, post.status)
        return incident

    def update(self, incident: DatabaseRow, post: Post) -> None:
        """Say more about an open incident and set what it touches to the status sent."""
        self._say(incident["id"], post)
        self.set_pairs(json.loads(incident["pairs"]), post.status)

    def resolve(self, incident: DatabaseRow, post: Post) -> None:
        """Close an incident. Everything it touched turns operational, whatever else is open on it."""
        self._say(incident["id"], post)
        self.store.run("UPDATE incidents SET resolved = ? WHERE id = ?", self.store.now(), incident["id"])
        self.set_pairs(json.loads(incident["pairs"]), OPERATIONAL)

    def delete(self, incident: DatabaseRow) -> None:
        """Remove an incident and its messages for good."""
        self.store.run("DELETE FROM messages WHERE incident = ?", incident["id"])
        self.store.run("DELETE FROM incidents WHERE id = ?", incident["id"])

    def set_pairs(self, pairs: Sequence[str], status: int) -> None:
        """Give pairs a status; unknown ones are passed over in silence."""
        for pair in pairs:
            self.store.run("UPDATE pairs SET status = ?, updated = ? WHERE pair = ?", status, self.store.now(), pair)

    def find(self, incident: str) -> DatabaseRow | None:
        """An incident by id."""
        return self.store.one("SELECT * FROM incidents WHERE id = ?", incident)

    def rows(self, *, resolved: bool) -> list[DatabaseRow]:
        """Open or resolved incidents, newest first."""
        query = "SELECT * FROM incidents WHERE (resolved IS NOT NULL) = ? ORDER BY number DESC"
        return self.store.all(query, resolved)

    def messages(self, incident: str) -> list[DatabaseRow]:
        """What was said about an incident, oldest first."""
        return self.store.all("SELECT * FROM messages WHERE incident = ? ORDER BY number", incident)

    def statuses(self) -> dict[str, int]:
        """Pair to status code."""
        return {row["pair"]: row["status"] for row in self.store.all("SELECT * FROM pairs ORDER BY pair")}

    def incident(self, row: DatabaseRow) -> PageJson:
        """An incident as the API shows it; its messages are oldest first."""
        pairs = json.loads(row["pairs"])
        touched = [component for component in COMPONENTS if component.pair in pairs]
        return {
            "_id": row["id"],
            "name": row["name"],
            "statuspage": STATUSIO_PAGE,
            "kind": "incident",
            "datetime_open": row["opened"],
            "messages": [self.message(message) for message in self.messages(row["id"])],
            "components_affected": [_component(component) for component in touched],
            "containers_affected": [_container(component) for component in touched],
            "infrastructure_affected": pairs,
            "post_mortem_url": "",
            "__v": 0,
        }

    def message(self, row: DatabaseRow) -> PageJson:
        """A message as the API shows it: neither its flags nor its subject come back."""
        found = self.find(row["incident"])
        pairs = json.loads(found["pairs"]) if found else []
        return {
            "_id": row["id"],
            "incident": row["incident"],
            "statuspage": STATUSIO_PAGE,
            "details": row["details"],
            "state": row["state"],
            "status": row["status"],
            "datetime": row["at"],
            "source": "api",
            "ip": "127.0.0.1",
            "components": [pair.partition("-")[0] for pair in pairs],
            "containers": [pair.partition("-")[2] for pair in pairs],
            "__v": 0,
        }

    def components(self) -> list[PageJson]:
        """Every component with its containers."""
        return [
            _component(component)
            | {"description": "", "hook_key": "", "history": [], "containers": [_container(component)]}
            for component in COMPONENTS
        ]

    def summary(self) -> PageJson:
        """The state of the page: overall, by component, and the open incidents."""
        rows = {row["pair"]: row for row in self.store.all("SELECT * FROM pairs")}
        parts = [_status_of(component, rows[component.pair]) for component in COMPONENTS]
        worst = max(part["status_code"] for part in parts)
        return {
            "status_overall": {
                "updated": max(part["updated"] for part in parts),
                "status": STATUSES[worst],
                "status_code": worst,
            },
            "status": parts,
            "incidents": [self._public(row) for row in self.rows(resolved=False)],
            "maintenance": {"active": [], "upcoming": []},
        }

    def _public(self, row: DatabaseRow) -> PageJson:
        """An open incident as the public feed shows it; the newest message comes first there."""
        full = self.incident(row)
        said = [
            {"details": item["details"], "state": item["state"], "status": item["status"], "datetime": item["datetime"]}
            for item in reversed(full["messages"])
        ]
        return {
            "_id": full["_id"],
            "name": full["name"],
            "datetime_open": full["datetime_open"],
            "current_active": True,
            "messages": said,
            "components_affected": [{"_id": item["_id"], "name": item["name"]} for item in full["components_affected"]],
            "containers_affected": [{"_id": item["_id"], "name": item["name"]} for item in full["containers_affected"]],
        }

    def _say(self, incident: str, post: Post) -> None:
        now, number = self.store.now(), self.store.number("SELECT max(number) FROM messages") + 1
        self.store.run(
            "INSERT INTO messages (id, incident, details, state, status, at, flags, subject)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            _object_id("message", number, now),
            incident,
            post.details.strip(),
            post.state,
            post.status,
            now,
            json.dumps(dict(post.flags), sort_keys=True),
            post.subject,
        )


def _component(component: Component) -> PageJson:
    return {
        "_id": component.id,
        "name": component.name,
        "position": COMPONENTS.index(component),
        "statuspage": STATUSIO_PAGE,
        "containers": [component.container],
        "__v": 0,
    }


def _container(component: Component) -> PageJson:
    return {"_id": component.container, "name": component.container_name, "location": "United States", "__v": 0}


def _status_of(component: Component, row: DatabaseRow) -> PageJson:
    shown = {"updated": row["updated"], "status": STATUSES[row["status"]], "status_code": row["status"]}
    container = {"id": component.container, "name": component.container_name} | shown
    return {"id": component.id, "name": component.name} | shown | {"containers": [container]}


def _object_id(kind: str, number: int, moment: str) -> str:
    """An id of 24 hex digits, as the service's database makes them."""
    return hashlib.sha256(f"{kind} {number} {moment}".encode()).hexdigest()[:24]
