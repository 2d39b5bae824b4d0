"""The sandbox's own routes, `/sandbox/…`: the seed, the log of requests, the active faults."""

import msgspec
from msgspec.structs import asdict
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.store import Store
from incidentops.sandbox.traffic import Logged


class FaultSwitch(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The body of `POST /sandbox/faults`; None leaves a setting alone."""

    on: list[str] = []
    off: list[str] = []
    lose_reply_of: int | None = None
    slow_seconds: float | None = None


def control_routes(store: Store, faults: Faults) -> list[BaseRoute]:
    """Seed, faults and the log as JSON."""

    async def seed(request: Request) -> Response:
        return JSONResponse(store.seed.describe(f"{request.url.scheme}://{request.url.netloc}"))

    async def show_faults(_: Request) -> Response:
        return JSONResponse(faults.describe())

    async def switch_faults(request: Request) -> Response:
        try:
            _switch(faults, await request.body())
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
    rows = store.all("SELECT * FROM requests WHERE id > ? ORDER BY id", since)
    return tuple(Logged(**(row | {"write": bool(row["write"])})) for row in rows)


def _switch(faults: Faults, body: bytes) -> None:
    """Apply the body of a request. Raises ValueError."""
    try:
        wanted = msgspec.json.decode(body, type=FaultSwitch, strict=False)
    except msgspec.DecodeError as error:
        allowed = ", ".join(FaultSwitch.__struct_fields__)
        raise ValueError(f"{error}: allowed are {allowed}") from None
    faults.switch(wanted.on, wanted.off)
    if wanted.lose_reply_of is not None:
        faults.lose_reply_of(wanted.lose_reply_of)
    if wanted.slow_seconds is not None:
        faults.slow_seconds = wanted.slow_seconds
