"""The client of Status.io: one request at a time, a pause after each, no POST sent twice blindly.

Nothing makes a POST safe to repeat there; refusals come with HTTP 200 too, and the envelope tells (docs/services.md:
Calls, Incidents).
"""

import json
import random
from collections.abc import Callable, Mapping

import requests

from incidentops.core.errors import BadConfiguration, Failed, IncidentError, Unknown
from incidentops.core.pauses import Pauses
from incidentops.core.text import quoted
from incidentops.providers.decode import json_object
from incidentops.providers.http import HttpRules, NoAnswer, Transport, only_reads, too_many
from incidentops.providers.statusio.mapping import StatusIoRejected
from incidentops.providers.statusio.variables import ADDRESS, ID, KEY, PAGE_KEY, StatusIoAccount

GAP = 1.0
"""Seconds between the end of a request and the start of the next; one request at a time (checked 2026-11-21)."""

_LONGEST = 200
_VARIABLES = f"{ID.name} and {KEY.name}"


def _not_done(request: requests.PreparedRequest, response: requests.Response) -> bool:
    """Whether an answer says that nothing was done: 429, or a read that something in front turned away with a page."""
    blocked = response.status_code == 403 and json_object(response.content) is None
    return too_many(request, response) or (blocked and only_reads(request))


_HTTP = HttpRules("Status.io", not_done=_not_done, gap=GAP, tries=4, first_pause=GAP, read=15.0)


class StatusIoClient:
    """Talks to one status page. Raises Failed, StatusIoRejected, Unknown, BadConfiguration; shows no credential."""

    def __init__(
        self, account: StatusIoAccount, pauses: Pauses, *, writable: bool, jitter: Callable[[], float] = random.random
    ) -> None:
        self.page = account.page
        self._account = account
        self._session = Transport(_HTTP, pauses, writable=writable, jitter=jitter).session()

    def get(self, path: str, **query: str | int) -> object:
        """Return the `result` of a read; asked again, a few times, when the service is busy or out of reach."""
        response = self._send("GET", path, params=query)
        data = json_object(response.content)
        blocked = response.status_code == 403 and data is None
        if blocked or response.status_code >= 500:
            raise _busy(response)
        return self._result(response, data)

    def post(self, path: str, body: Mapping[str, object]) -> object:
        """Return the `result` of a write. Sent again only after an answer that says it was not done (429).

        Raises Failed when nothing was done, Unknown when that is not known.
        """
        response = self._send("POST", path, data=json.dumps(body).encode("ascii"))
        data = json_object(response.content)
        if response.status_code >= 500:
            raise Unknown(f"Status.io answered {path} with HTTP {response.status_code}")
        if data is None and 200 <= response.status_code < 300:
            raise Unknown(f"Status.io answered {path} with something that is not JSON")
        return self._result(response, data)

    def _send(
        self, method: str, path: str, params: Mapping[str, str | int] | None = None, data: bytes | None = None
    ) -> requests.Response:
        """Send one request. Each has a connection of its own: an idle one may be cut unnoticed."""
        headers = {
            "x-api-id": self._account.id.reveal(),
            "x-api-key": self._account.key.reveal(),
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Connection": "close",
        }
        url = f"{self._account.url}/{path}"
        try:
            response = self._session.request(method, url, params=params, data=data, headers=headers)
        except NoAnswer as lost:
            raise self._unanswered(method, path, lost) from None
        except ValueError as error:  # requests' own words for an address or a header that cannot be one
            raise self._unsendable(error) from None
        if response.status_code == 429:
            raise _busy(response)
        return response

    def _unanswered(self, method: str, path: str, lost: NoAnswer) -> IncidentError:
        if method == "POST" and lost.sent:
            return Unknown(f"Status.io did not answer {path}: {lost.reason}")
        return Failed(
            f"Status.io cannot be reached at {self._quoted(self._account.url)}: {lost.reason}",
            f"check {ADDRESS.name} and the network of this machine",
            outage=True,
        )

    def _result(self, response: requests.Response, data: Mapping[str, object] | None) -> object:
        """Return what the envelope holds, when both code and envelope say that the request was carried out."""
        if data is None:
            raise BadConfiguration(
                f"{ADDRESS.name} answers with HTTP {response.status_code} and something that is not Status.io's JSON",
                "check the address, and whether a proxy stands in between",
            )
        status = data.get("status")
        message = str((status if isinstance(status, dict) else data).get("message", ""))
        if response.status_code in (401, 403) or message.strip().lower().startswith("authentication failed"):
            raise self._not_let_in(response, message)
        if not isinstance(status, dict) or status.get("error") != "no" or response.status_code >= 300:
            raise self._rejection(response, message)
        return data.get("result")

    def _not_let_in(self, response: requests.Response, message: str) -> IncidentError:
        if response.status_code == 403:
            return BadConfiguration(
                f"Status.io forbids this address: HTTP 403 {self._quoted(message)}",
                f"check {ADDRESS.name}; {ADDRESS.default} is the usual one",
            )
        return BadConfiguration(
            f"{_VARIABLES} are not accepted by Status.io: {self._quoted(message)}",
            "copy both from the Status.io dashboard (API, of a team member who manages this page)",
        )

    def _rejection(self, response: requests.Response, message: str) -> IncidentError:
        shown = self._quoted(message or f"HTTP {response.status_code}")
        words = message.lower()
        if "page" in words and any(word in words for word in ("not found", "not exist", "invalid", "unknown")):
            message = f"Status.io knows no page {quoted(self.page)} for these credentials: {shown}"
            return BadConfiguration(message, f"check {PAGE_KEY}")
        return StatusIoRejected(f"Status.io rejected the request: {shown}")

    def _unsendable(self, error: ValueError) -> BadConfiguration:
        if isinstance(error, requests.exceptions.InvalidHeader):
            message = f"{_VARIABLES} hold characters that no key has"
            return BadConfiguration(message, "set them again, without line breaks")
        return BadConfiguration(
            f"{ADDRESS.name} is {self._quoted(self._account.url)}, which is not an address",
            f"it looks like {ADDRESS.default}",
        )

    def _quoted(self, text: str) -> str:
        """Foreign words for a message: without credentials, escaped, cut."""
        return quoted(self._account.key.redact(self._account.id.redact(text)), _LONGEST)


def _busy(response: requests.Response) -> Failed:
    return Failed(f"Status.io does not serve us now: HTTP {response.status_code}, {_HTTP.tries} times", outage=True)


connect = StatusIoClient
"""What the registry makes a client with."""
