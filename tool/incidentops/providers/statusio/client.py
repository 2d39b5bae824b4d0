"""The only door to Status.io: one request at a time, a pause after each, no POST sent twice blindly.

docs/services.md has the facts: Calls (envelope, errors, pace), Incidents (nothing makes a POST safe to repeat).
"""

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

import requests
from urllib3.exceptions import ConnectTimeoutError, NewConnectionError

from incidentops.core.errors import BadConfiguration, Failed, IncidentError, Refused, Unknown
from incidentops.core.text import quoted
from incidentops.providers.statusio.api import ADDRESS, ID, KEY, PAGE_KEY, StatusIoAccount, StatusIoRejected

_CONNECT, _READ = 5.0, 15.0  # seconds
_TRIES = 4
_LONGEST_PAUSE = 60.0
_SAID = 200

_VARIABLES = f"{ID} and {KEY}"


@dataclass(frozen=True, slots=True)
class CallPacing:
    """`gap` is the pause in seconds between the end of a request and the start of the next: one second by rule."""

    gap: float = 1.0
    monotonic: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    random: Callable[[], float] = random.random


class _ReadOnlyStatusIo(requests.Session):
    """A transport that cannot write: what a plan is given."""

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        if request.method != "GET":
            raise Refused(f"a plan only reads: {request.method} was not sent to Status.io")
        return super().send(request, **kwargs)


class StatusIoClient:
    """Talks to one status page. Raises Failed, Rejected, Unknown and BadConfiguration; shows no credential."""

    def __init__(self, account: StatusIoAccount, *, writable: bool, pace: CallPacing | None = None) -> None:
        self.page = account.page
        self._account = account
        self._session = requests.Session() if writable else _ReadOnlyStatusIo()
        self._pace = pace or CallPacing()
        self._ended: float | None = None
        self._turn = Lock()

    def get(self, path: str, **query: str | int) -> object:
        """Return the `result` of a read; asked again, a few times, when the service is busy or out of reach."""
        return self._last_of_tries(lambda: self._read(path, query))

    def post(self, path: str, body: Mapping[str, object]) -> object:
        """Return the `result` of a write. Sent again only after an answer that says it was not done (429).

        Raises Failed when nothing was done, Unknown when nobody can tell.
        """
        return self._last_of_tries(lambda: self._write(path, body))

    def _last_of_tries(self, once: Callable[[], object]) -> object:
        for attempt in range(_TRIES - 1):
            try:
                return once()
            except _Retry as again:
                self._pace.sleep(self._pause(attempt, again.after))
        try:
            return once()
        except _Retry as again:
            raise again.trouble from None

    def _pause(self, attempt: int, told: float | None) -> float:
        """Seconds to wait: what the service asked for, else doubling, with up to half of it added at random."""
        longest = _LONGEST_PAUSE
        if told is not None:
            return min(told, longest)
        usual: float = max(self._pace.gap, 0.01) * 2.0**attempt
        return min(usual * (1 + self._pace.random() / 2), longest)

    def _read(self, path: str, query: Mapping[str, str | int]) -> object:
        try:
            response = self._exchange("GET", path, query=query)
        except requests.RequestException as error:
            raise _Retry(self._unreachable(error)) from None
        if response.status_code == 429 or response.status_code >= 500 or _is_block(response):
            raise _Retry(self._busy(response), _retry_after(response))
        data = _data(response)
        if data is None:
            raise self._not_json(response)
        return self._result(response, data)

    def _write(self, path: str, body: Mapping[str, object]) -> object:
        try:
            response = self._exchange("POST", path, body=body)
        except requests.RequestException as error:
            if _never_sent(error):
                raise self._unreachable(error) from None
            raise Unknown(f"Status.io took {path} and did not answer: {self._told(_kind(error))}") from None
        if response.status_code == 429:
            raise _Retry(self._busy(response), _retry_after(response))
        if response.status_code >= 500:
            raise Unknown(f"Status.io answered {path} with HTTP {response.status_code}")
        data = _data(response)
        if data is None and response.ok and not response.is_redirect:
            raise Unknown(f"Status.io answered {path} with something that is not JSON")
        if data is None:
            raise self._not_json(response)
        return self._result(response, data)

    def _exchange(
        self,
        method: str,
        path: str,
        query: Mapping[str, str | int] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> requests.Response:
        """Send one request when it is its turn. Each has a connection of its own: an idle one may be cut unnoticed."""
        headers = {
            "x-api-id": self._account.id.reveal(),
            "x-api-key": self._account.key.reveal(),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Connection": "close",
        }
        with self._turn:
            self._wait()
            try:
                return self._session.request(
                    method,
                    f"{self._account.url}/{path}",
                    params=query,
                    data=None if body is None else json.dumps(body).encode("ascii"),
                    headers=headers,
                    timeout=(_CONNECT, _READ),
                    allow_redirects=False,
                )
            except ValueError as error:  # requests' own words for an address or a header that cannot be one
                raise self._unsendable(error) from None
            finally:
                self._ended = self._pace.monotonic()

    def _wait(self) -> None:
        if self._ended is not None:
            left = self._ended + self._pace.gap - self._pace.monotonic()
            if left > 0:
                self._pace.sleep(left)

    def _result(self, response: requests.Response, data: Mapping[str, Any]) -> object:
        """Return what the envelope holds, once code and envelope both say that all is well."""
        status = data.get("status")
        said = str(status.get("message", "")) if isinstance(status, dict) else str(data.get("message", ""))
        if response.status_code in (401, 403) or said.strip().lower().startswith("authentication failed"):
            raise self._not_let_in(response, said)
        if not isinstance(status, dict) or status.get("error") != "no" or not response.ok or response.is_redirect:
            raise self._rejection(response, said)
        return data.get("result")

    def _not_let_in(self, response: requests.Response, said: str) -> IncidentError:
        if response.status_code == 403:
            return BadConfiguration(
                f"Status.io forbids this address: HTTP 403 {self._told(said)}",
                f"check {ADDRESS}; https://api.status.io/v2 is the usual one",
            )
        return BadConfiguration(
            f"{_VARIABLES} are not accepted by Status.io: it said {self._told(said)}",
            "copy both from the Status.io dashboard (API, of a team member who manages this page)",
        )

    def _rejection(self, response: requests.Response, said: str) -> IncidentError:
        told = self._told(said or f"HTTP {response.status_code}")
        words = said.lower()
        if "page" in words and any(word in words for word in ("not found", "not exist", "invalid", "unknown")):
            return BadConfiguration(
                f"Status.io knows no page {quoted(self.page)} for these credentials: it said {told}",
                f"check {PAGE_KEY}",
            )
        return StatusIoRejected(f"Status.io said no: {told}")

    def _busy(self, response: requests.Response) -> Failed:
        return Failed(f"Status.io does not serve us now: HTTP {response.status_code}, {_TRIES} times", outage=True)

    def _not_json(self, response: requests.Response) -> BadConfiguration:
        return BadConfiguration(
            f"{ADDRESS} answers with HTTP {response.status_code} and something that is not Status.io's JSON",
            "check the address, and whether a proxy stands in between",
        )

    def _unsendable(self, error: ValueError) -> BadConfiguration:
        if isinstance(error, requests.exceptions.InvalidHeader):
            return BadConfiguration(
                f"{_VARIABLES} hold characters that no key has", "set them again, without line breaks"
            )
        return BadConfiguration(
            f"{ADDRESS} is {self._told(self._account.url)}, which is no address",
            "it looks like https://api.status.io/v2",
        )

    def _unreachable(self, error: requests.RequestException) -> Failed:
        return Failed(
            f"Status.io cannot be reached at {self._told(self._account.url)}: {_kind(error)}",
            f"check {ADDRESS} and the network of this machine",
            outage=True,
        )

    def _told(self, text: str) -> str:
        """Foreign words for a message: without credentials, escaped, cut."""
        return quoted(self._account.key.redact(self._account.id.redact(text)), _SAID)


class _Retry(Exception):
    """The request was not carried out; `after` is how many seconds the service asked for, `trouble` the last word."""

    def __init__(self, trouble: IncidentError, after: float | None = None) -> None:
        super().__init__(trouble.message)
        self.trouble = trouble
        self.after = after


def _data(response: requests.Response) -> Mapping[str, Any] | None:
    """The JSON object of an answer; None when it is anything else."""
    try:
        data = json.loads(response.content)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _is_block(response: requests.Response) -> bool:
    """Whether something in front of Status.io turned us away: 403 with a page instead of JSON."""
    return response.status_code == 403 and _data(response) is None


def _retry_after(response: requests.Response) -> float | None:
    """Seconds that the service asks us to wait; a date, or nothing sensible, is as good as none."""
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdecimal() else None


def _never_sent(error: requests.RequestException) -> bool:
    """Whether the connection never came to be, so that nothing can have been done."""
    if isinstance(error, requests.exceptions.ConnectTimeout) or _distrusts(error):
        return True
    cause = error.args[0] if error.args else None
    return isinstance(getattr(cause, "reason", None), NewConnectionError | ConnectTimeoutError)


def _distrusts(error: requests.RequestException) -> bool:
    return isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error)


def _kind(error: requests.RequestException) -> str:
    """What went wrong, in words that quote nothing of the request."""
    if _distrusts(error):
        return "its certificate is not trusted"
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    return "no connection" if _never_sent(error) else "the connection broke"
