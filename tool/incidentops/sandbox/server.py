"""Starts and stops the sandbox: uvicorn in a thread, on loopback."""

import asyncio
import socket
from contextlib import ExitStack, suppress
from threading import Thread
from typing import Any, Self

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from incidentops.sandbox.app import SERVICES, SandboxOptions, build
from incidentops.sandbox.control import logged
from incidentops.sandbox.faults import Faults
from incidentops.sandbox.seed import PROJECT, Seed
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
    """The services on loopback: `with Sandbox(port=0) as box: box.url, box.store, box.environment()`.

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


def _stop(server: _Server, thread: Thread) -> None:
    """Finish the current requests, then end the thread."""
    server.stop()
    thread.join(10)
