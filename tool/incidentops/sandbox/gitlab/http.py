"""One call to GitLab: the actor, the parameters, pages of lists, errors (docs/services.md: Repeats and errors)."""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl, unquote, urlencode

from msgspec import Struct
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from incidentops.sandbox.faults import Faults
from incidentops.sandbox.gitlab.entities import Entities
from incidentops.sandbox.seed import GUEST
from incidentops.sandbox.store import DatabaseRow, Store

Params = dict[str, Any]
MAX_PER_PAGE = 100
_NO_TOTALS_ABOVE = 10_000
_TRUE, _FALSE = ("true", "1", "t", "yes", "on"), ("false", "0", "f", "no", "off")


class ApiError(Exception):
    """An error answer: the status and the JSON body, in one of GitLab's shapes."""

    def __init__(self, status: int, body: Mapping[str, Any]) -> None:
        super().__init__(f"{status} {body}")
        self.status = status
        self.body = dict(body)


def message(status: int, text: object) -> ApiError:
    """An error of the shape `{"message": …}`."""
    return ApiError(status, {"message": text})


def bad(name: str, why: str = "is invalid") -> ApiError:
    """An error of the parameter check: 400 `{"error": "name is invalid"}`."""
    return ApiError(400, {"error": f"{name} {why}"})


def found(row: DatabaseRow | None, text: str = "404 Not found") -> DatabaseRow:
    """The row. Raises ApiError (404, with this text) when there is none."""
    if row is None:
        raise message(404, text)
    return row


class Actor(Struct, frozen=True):
    """The user of a token, with the access level in the project and the scope of the token."""

    id: int
    username: str
    level: int
    scope: str

    @property
    def is_reporter(self) -> bool:
        """Whether they may see confidential issues and set labels, assignees and dates."""
        return self.level > GUEST


class Call(Struct, frozen=True):
    """One authenticated request. `params` holds query and body together, as GitLab's API does."""

    request: Request
    store: Store
    faults: Faults
    actor: Actor
    params: Params

    @property
    def base(self) -> str:
        """Scheme and host that the client used; addresses in answers start with it."""
        return f"{self.request.url.scheme}://{self.request.url.netloc}"

    @property
    def entities(self) -> Entities:
        """The JSON shapes, with the addresses of this call."""
        return Entities(self.store, self.base)

    @property
    def free_tier(self) -> bool:
        """Whether the project is on the Free tier: one assignee, scoped labels not exclusive."""
        return self.faults.is_on("free-tier", "gitlab")

    def path(self, name: str) -> str:
        """A part of the path, percent-decoded once."""
        return unquote(str(self.request.path_params[name]))

    def path_number(self, name: str) -> int:
        """A part of the path that must be a whole number."""
        text = self.path(name)
        if not text.isdecimal():
            raise bad(name)
        return int(text)

    def text(self, name: str) -> str | None:
        """A parameter as text; None when it was not sent."""
        value = self.params.get(name)
        return None if value is None else str(value)

    def required(self, *names: str) -> None:
        """Refuse the call unless all of these were sent."""
        missing = [f"{name} is missing" for name in names if name not in self.params]
        if missing:
            raise ApiError(400, {"error": ", ".join(missing)})

    def flag(self, name: str) -> bool | None:
        """A boolean parameter; None when it was not sent. Raises ApiError for any other value."""
        value = self.params.get(name)
        word = str(value).lower()
        if value is not None and word not in (*_TRUE, *_FALSE):
            raise bad(name)
        return None if value is None else word in _TRUE

    def number(self, name: str, default: int = 0) -> int:
        """A whole-number parameter."""
        value = self.params.get(name, default)
        if isinstance(value, bool) or not str(value).isdecimal():
            raise bad(name)
        return int(value)

    def numbers(self, name: str) -> tuple[int, ...] | None:
        """A list of whole numbers; None when it was not sent."""
        words = self.words(name)
        if not all(word.isdecimal() for word in words or ()):
            raise bad(name)
        return None if words is None else tuple(int(word) for word in words)

    def choice(self, name: str, allowed: Sequence[str], default: str = "") -> str:
        """One of a few words. Raises ApiError for any other."""
        value = self.text(name) or default
        if value and value not in allowed:
            raise bad(name, "does not have a valid value")
        return value

    def words(self, name: str) -> tuple[str, ...] | None:
        """A list: separated by commas, or an array whose elements are split on commas too; each word once."""
        value = self.params.get(name)
        if value is None:
            return None
        parts = value if isinstance(value, list) else [value]
        split = (word.strip() for part in parts for word in str(part).split(","))
        return tuple(dict.fromkeys(word for word in split if word))


async def read_params(request: Request) -> Params:
    """Query and body in one; the body may be JSON or a form, lists may be spelled `name[]`."""
    params = _pairs(request.url.query)
    body = await request.body()
    if not body:
        return params
    if request.headers.get("content-type", "").startswith("application/json"):
        try:
            sent = json.loads(body)
        except ValueError:
            raise ApiError(400, {"error": "Problems parsing JSON"}) from None
        return params | (sent if isinstance(sent, dict) else {})
    return params | _pairs(body.decode("utf-8", "replace"))


def _pairs(encoded: str) -> Params:
    params: Params = {}
    for name, value in parse_qsl(encoded, keep_blank_values=True):
        if name.endswith("[]"):
            params.setdefault(name[:-2], []).append(value)
        else:
            params[name] = value
    return params


def page_of(call: Call, rows: Sequence[DatabaseRow], show: Callable[[DatabaseRow], object]) -> Response:
    """One page of a list, with GitLab's headers: `x-total` and friends, and `Link`."""
    if call.faults.hits("empty-list", "gitlab", f"{call.request.method} {call.request.url.path}"):
        rows = ()
    page, size = call.number("page", 1), min(call.number("per_page", 20), MAX_PER_PAGE)
    if call.text("pagination") == "keyset":
        page = call.number("cursor", 1)
    if page < 1 or size < 1:
        raise bad("page" if page < 1 else "per_page", "does not have a valid value")
    shown = [show(row) for row in rows[(page - 1) * size : page * size]]
    return JSONResponse(shown, headers=_page_headers(call, page, size, len(rows)))


def _page_headers(call: Call, page: int, size: int, total: int) -> dict[str, str]:
    pages = max(1, -(-total // size))
    links = {"next": page + 1} if page < pages else {}
    headers = {}
    if call.text("pagination") != "keyset":
        links |= ({"prev": page - 1} if page > 1 else {}) | {"first": 1}
        headers = {
            "x-page": str(page),
            "x-per-page": str(size),
            "x-prev-page": str(links.get("prev", "")),
            "x-next-page": str(links.get("next", "")),
        }
        if total <= _NO_TOTALS_ABOVE:
            links["last"] = pages
            headers |= {"x-total": str(total), "x-total-pages": str(pages)}
    return headers | {"link": ", ".join(_link(call, number, name) for name, number in links.items())}


def _link(call: Call, page: int, relation: str) -> str:
    where = "cursor" if call.text("pagination") == "keyset" else "page"
    pairs = [pair for pair in parse_qsl(call.request.url.query, keep_blank_values=True) if pair[0] != where]
    return f'<{call.base}{call.request.url.path}?{urlencode([*pairs, (where, str(page))])}>; rel="{relation}"'
