"""Starts and stops the sandbox: uvicorn in a thread, on loopback."""

import asyncio
import json
import socket
from contextlib import ExitStack, suppress
from threading import Thread
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from incidentops.sandbox.app import SERVICES, SandboxOptions, build
from incidentops.sandbox.control import logged
from incidentops.sandbox.faults import Faults
from incidentops.sandbox.gitlab.entities import Entities
from incidentops.sandbox.seed import PROJECT, Seed
from incidentops.sandbox.statusio.board import Board
from incidentops.sandbox.store import Store
from incidentops.sandbox.traffic import Logged

HOST = "127.0.0.1"


class _Protocol(H11Protocol):
    """Passes the connection to the application, which cuts it for the fault lost-reply."""

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self.app_state = {**self.app_state, "transport": transport}


class _Server(uvicorn.Server):
    """Stops at once: uvicorn itself checks ten times a second, which each test would wait for."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._stopping = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def main_loop(self) -> None:
        self._loop = asyncio.get_running_loop()
        while not self.should_exit:
            await self.on_tick(0)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), timeout=1)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for listener in sockets or ():
            listener.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        if self.server_state.tasks:
            await asyncio.wait(self.server_state.tasks, timeout=1)
        for _ in range(3):  # connections close in callbacks of their own
            await asyncio.sleep(0)

    def stop(self) -> None:
        """End the server, from another thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # the loop ended by itself in the meantime
                self._loop.call_soon_threadsafe(self._stopping.set)


class Sandbox:
    """GitLab and Status.io on loopback: `with Sandbox(port=0) as box: box.url, box.store, box.environment()`.

    Port 0 takes a free one. `db` is a file, or `:memory:`. Raises OSError when the port is taken.
    """

    def __init__(
        self, port: int = 0, db: str = ":memory:", options: SandboxOptions | None = None, project: str = PROJECT
    ) -> None:
        self._options = options or SandboxOptions()
        self._port = port
        self.seed = Seed(project, self._options.users)
        self.faults = Faults(self._options.faults, self._options.slow_seconds, SERVICES)
        self.store = Store(db, self.seed)
        self.url = ""
        self._exits = ExitStack()

    def __enter__(self) -> Self:
        with ExitStack() as exits:
            exits.callback(self.store.close)
            listener = exits.enter_context(socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP))
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((HOST, self._port))
            listener.listen(128)
            self.url = f"http://{HOST}:{listener.getsockname()[1]}"
            config = uvicorn.Config(
                build(self.store, self.faults, self._options),
                http=_Protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
            )
            server = _Server(config)
            thread = Thread(target=server.run, args=([listener],), name="sandbox", daemon=True)
            thread.start()
            exits.callback(_stop, server, thread)
            self._exits = exits.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._exits.close()

    def environment(self) -> dict[str, str]:
        """The variables that point the tool here."""
        return self.seed.environment(self.url)

    def requests(self, since: int = 0) -> tuple[Logged, ...]:
        """Every request to a service since the one with this id, oldest first."""
        return logged(self.store, since)

    def writes(self, since: int = 0) -> tuple[Logged, ...]:
        """The requests to change something."""
        return tuple(row for row in self.requests(since) if row.write)

    def pacing_violations(self) -> tuple[Logged, ...]:
        """The requests to Status.io too soon after, or during, another."""
        return tuple(row for row in self.requests() if row.fault == "pacing")

    def forget_requests(self) -> None:
        """Empty the log."""
        self.store.run("DELETE FROM requests")

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


def _stop(server: _Server, thread: Thread) -> None:
    """Finish the current requests, then end the thread."""
    server.stop()
    thread.join(10)
