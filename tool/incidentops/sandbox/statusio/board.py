"""The state of the status page: incidents, their messages, every component's status (docs/services.md: Status.io)."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

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


class Post(Struct, frozen=True):
    """One message to customers with its codes; `flags` are the channels it is sent to."""

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
        """Open an incident and set its pairs to the status of the message. Returns its id."""
        opened, number = self.store.now(), self.store.number("SELECT max(number) FROM incidents") + 1
        incident, touched = _object_id("incident", number, opened), json.dumps(list(dict.fromkeys(pairs)))
        self.store.insert("incidents", id=incident, name=name.strip(), opened=opened, pairs=touched)
        self._post(incident, post)
        self.set_pairs(pairs, post.status)
        return incident

    def update(self, incident: DatabaseRow, post: Post) -> None:
        """Add a message to an open incident and set its pairs to the status of the message."""
        self._post(incident["id"], post)
        self.set_pairs(json.loads(incident["pairs"]), post.status)

    def resolve(self, incident: DatabaseRow, post: Post) -> None:
        """Close an incident. Its pairs become operational, even when another open incident has them too."""
        self._post(incident["id"], post)
        self.store.update("incidents", incident["number"], resolved=self.store.now())
        self.set_pairs(json.loads(incident["pairs"]), OPERATIONAL)

    def delete(self, incident: DatabaseRow) -> None:
        """Remove an incident and its messages."""
        self.store.run("DELETE FROM messages WHERE incident = ?", incident["id"])
        self.store.run("DELETE FROM incidents WHERE id = ?", incident["id"])

    def set_pairs(self, pairs: Sequence[str], status: int) -> None:
        """Set the status of pairs; unknown ones are ignored."""
        for pair in pairs:
            self.store.run("UPDATE pairs SET status = ?, updated = ? WHERE pair = ?", status, self.store.now(), pair)

    def rows(self, *, resolved: bool) -> list[DatabaseRow]:
        """Open or resolved incidents, newest first."""
        query = "SELECT * FROM incidents WHERE (resolved IS NOT NULL) = ? ORDER BY number DESC"
        return self.store.all(query, resolved)

    def statuses(self) -> dict[str, int]:
        """Pair to status code."""
        return {row["pair"]: row["status"] for row in self.store.rows("pairs", "pair")}

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
            "messages": [self.message(message) for message in self.store.rows("messages", incident=row["id"])],
            "components_affected": [_component(component) for component in touched],
            "containers_affected": [_container(component) for component in touched],
            "infrastructure_affected": pairs,
            "post_mortem_url": "",
            "__v": 0,
        }

    def message(self, row: DatabaseRow) -> PageJson:
        """A message as the API shows it, without its flags and its subject."""
        found = self.store.find("incidents", id=row["incident"])
        pairs = json.loads(found["pairs"]) if found else []
        return _only("incident details state status", row) | {
            "_id": row["id"],
            "statuspage": STATUSIO_PAGE,
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
        rows = {row["pair"]: row for row in self.store.rows("pairs")}
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
        """An open incident as the public feed shows it, with the newest message first."""
        full = self.incident(row)
        return _only("_id name datetime_open", full) | {
            "current_active": True,
            "messages": [_only("details state status datetime", item) for item in reversed(full["messages"])],
            "components_affected": [_only("_id name", item) for item in full["components_affected"]],
            "containers_affected": [_only("_id name", item) for item in full["containers_affected"]],
        }

    def _post(self, incident: str, post: Post) -> None:
        now, number = self.store.now(), self.store.number("SELECT max(number) FROM messages") + 1
        self.store.insert(
            "messages",
            id=_object_id("message", number, now),
            incident=incident,
            details=post.details.strip(),
            state=post.state,
            status=post.status,
            at=now,
            flags=json.dumps(dict(post.flags), sort_keys=True),
            subject=post.subject,
        )


def _only(names: str, shown: PageJson) -> PageJson:
    return {name: shown[name] for name in names.split()}


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
