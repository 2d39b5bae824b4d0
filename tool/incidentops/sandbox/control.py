"""The sandbox's own routes, `/sandbox/…`: what it holds, the requests it got, the faults that are on."""

import json
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.store import Store
from incidentops.sandbox.traffic import Logged


def control_routes(store: Store, faults: Faults) -> list[BaseRoute]:
    """Seed, faults and the log as JSON."""

    async def seed(request: Request) -> Response:
        return JSONResponse(store.seed.describe(f"{request.url.scheme}://{request.url.netloc}"))

    async def show_faults(_: Request) -> Response:
        return JSONResponse(faults.describe())

    async def switch_faults(request: Request) -> Response:
        try:
            _switch(faults, json.loads(await request.body()))
        except ValueError as error:
            return JSONResponse({"error": str(error)}, status_code=400)
        return JSONResponse(faults.describe())

    async def requests(request: Request) -> Response:
        since = request.query_params.get("since", "0")
        rows = logged(store, int(since) if since.isdecimal() else 0)
        return JSONResponse([asdict(row) for row in rows])

    async def forget_requests(_: Request) -> Response:
        store.run("DELETE FROM requests")
        return Response(status_code=204)

    return [
        Route("/sandbox/seed.json", seed, methods=["GET"]),
        Route("/sandbox/faults", show_faults, methods=["GET"]),
        Route("/sandbox/faults", switch_faults, methods=["POST"]),
        Route("/sandbox/requests.json", requests, methods=["GET"]),
        Route("/sandbox/requests", forget_requests, methods=["DELETE"]),
    ]


def logged(store: Store, since: int = 0) -> tuple[Logged, ...]:
    """The requests with an id above `since`, oldest first."""
    return tuple(Logged.of(row) for row in store.all("SELECT * FROM requests WHERE id > ? ORDER BY id", since))


def _switch(faults: Faults, wanted: Any) -> None:
    """Do what `{"on": […], "off": […], "lose_reply_of": n, "slow_seconds": s}` asks. Raises ValueError."""
    if not isinstance(wanted, dict):
        raise ValueError("a JSON object is expected")  # noqa: TRY004 - answered like any other bad value
    unknown = sorted(set(wanted) - {"on", "off", "lose_reply_of", "slow_seconds"})
    if unknown:
        raise ValueError(f"unknown key {unknown[0]!r}: allowed are on, off, lose_reply_of, slow_seconds")
    faults.switch(_names(wanted, "on"), _names(wanted, "off"))
    if "lose_reply_of" in wanted:
        faults.lose_reply_of(int(wanted["lose_reply_of"]))
    if "slow_seconds" in wanted:
        faults.slow_seconds = float(wanted["slow_seconds"])


def _names(wanted: dict[str, Any], key: str) -> list[str]:
    names = wanted.get(key, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{key} must be a list of fault names")
    return names
