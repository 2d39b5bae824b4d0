"""The HTTP layer under all providers: bounded in time and size, repeated only where that is safe, no redirects.

`requests` limits the wait for a byte, not a request; it follows redirects with the credentials and reads without end.
This adapter adds what is missing, so every session that it is mounted on has it: `requests` or a client library.
"""

import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import partial
from io import BytesIO
from queue import Empty, SimpleQueue
from threading import Lock, Thread

import requests
from msgspec import Struct
from requests.adapters import HTTPAdapter
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NameResolutionError, NewConnectionError

from incidentops.core.errors import Refused
from incidentops.core.pauses import Pauses

_BUSY = frozenset({500, 502, 503, 504, *range(520, 531)})
_READS = ("GET", "HEAD")
_CHUNK = 65_536


def only_reads(request: requests.PreparedRequest) -> bool:
    """Return whether a request changes nothing at the service, by its method."""
    return request.method in _READS


def too_many(_: requests.PreparedRequest, response: requests.Response) -> bool:
    """Return whether the service turned the request away unread: 429."""
    return response.status_code == 429


class HttpRules(Struct, frozen=True):
    """How to talk to one service. All times are seconds; `deadline` is for a request with all its repetitions.

    `reads` tells which requests change nothing, `repeatable` which are harmless twice, `not_done` which answers say
    for sure that nothing was done. `gap` is the pause between the end of a request and the start of the next.
    """

    title: str
    reads: Callable[[requests.PreparedRequest], bool] = only_reads
    repeatable: Callable[[requests.PreparedRequest], bool] = only_reads
    not_done: Callable[[requests.PreparedRequest, requests.Response], bool] = too_many
    gap: float = 0.0
    tries: int = 5
    first_pause: float = 0.5
    longest_pause: float = 60.0
    connect: float = 5.0
    read: float = 30.0
    deadline: float = 180.0
    largest: int = 64 * 1024 * 1024


class NoAnswer(Exception):
    """No answer came. `sent`: the service may have got the request. `untrusted`: its certificate is not accepted."""

    def __init__(self, reason: str, *, sent: bool, untrusted: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sent = sent
        self.untrusted = untrusted


class Transport(HTTPAdapter):
    """Carries requests to one service. Raises NoAnswer; Refused when it must not write and is asked to.

    `server_time` is what the service took for the present when it answered last.
    """

    def __init__(
        self, rules: HttpRules, pauses: Pauses, *, writable: bool, jitter: Callable[[], float] = random.random
    ) -> None:
        super().__init__()
        self.server_time: datetime | None = None
        self._rules = rules
        self._pauses = pauses
        self._writable = writable
        self._jitter = jitter
        self._ended: float | None = None
        self._turn = Lock()

    def session(self) -> requests.Session:
        """Return a session that sends everything through here."""
        made = requests.Session()
        made.auth = lambda request: request  # otherwise a .netrc could put its own credentials in
        for scheme in ("https://", "http://"):
            made.mount(scheme, self)
        return made

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002, FBT001, FBT002
        timeout: object = None,  # noqa: ARG002 - the layer's own limits hold, whatever the library asks for
        verify: bool | str = True,  # noqa: FBT001, FBT002
        cert: bytes | str | tuple[bytes | str, bytes | str] | None = None,
        proxies: Mapping[str, str] | None = None,
    ) -> requests.Response:
        """Send a request, and send it again where that is safe, until the deadline."""
        if not self._writable and not self._rules.reads(request):
            raise Refused(f"a plan only reads: {request.method} was not sent to {self._rules.title}")
        limits = (self._rules.connect, self._rules.read)
        send = partial(super().send, request, stream=True, timeout=limits, verify=verify, cert=cert, proxies=proxies)
        end = self._pauses.monotonic() + self._rules.deadline
        for attempt in range(self._rules.tries):
            result = self._attempt(lambda: self._whole(send()), end)
            pause = self._pause(attempt, request, result)
            if pause is None or self._pauses.monotonic() + pause > end:
                break
            self._pauses.sleep(pause)
        if isinstance(result, NoAnswer):
            raise result
        return result

    def _attempt(self, call: Callable[[], requests.Response], end: float) -> "requests.Response | NoAnswer":
        """Carry out one call in its turn, in a thread of its own, and stop waiting for it at the deadline.

        Nothing else bounds a name lookup, or a server that sends a byte a second.
        """
        results: SimpleQueue[requests.Response | BaseException] = SimpleQueue()
        with self._turn:
            self._keep_distance()
            Thread(target=_deliver, args=(call, results), daemon=True).start()
            try:
                result = results.get(timeout=max(end - self._pauses.monotonic(), 0))
            except Empty:
                return NoAnswer("no answer in time", sent=True)
            finally:
                self._ended = self._pauses.monotonic()
        if isinstance(result, requests.Response):
            self.server_time = _date(result.headers.get("Date", "")) or self.server_time
            return result
        if isinstance(result, requests.RequestException | HTTPError) and not isinstance(result, ValueError):
            return _no_answer(result)
        raise result

    def _keep_distance(self) -> None:
        if self._rules.gap and self._ended is not None:
            left = self._ended + self._rules.gap - self._pauses.monotonic()
            if left > 0:
                self._pauses.sleep(left)

    def _pause(
        self, attempt: int, request: requests.PreparedRequest, result: "requests.Response | NoAnswer"
    ) -> float | None:
        """Return the seconds to wait before the next try: as the service asks, else doubling, with jitter.

        None when there is no next try.
        """
        rules, jitter = self._rules, self._jitter()
        if attempt == rules.tries - 1 or not self._again(request, result):
            return None
        asked = retry_after(result.headers) if isinstance(result, requests.Response) else None
        usual = rules.first_pause * 2.0**attempt * (0.5 + jitter)
        return min(usual if asked is None else asked + jitter * rules.first_pause, rules.longest_pause)

    def _again(self, request: requests.PreparedRequest, result: "requests.Response | NoAnswer") -> bool:
        """Return whether to send a request again: certainly not done, or harmless to do twice."""
        if isinstance(result, NoAnswer):
            return not result.untrusted and (not result.sent or self._rules.repeatable(request))
        if self._rules.not_done(request, result):
            return True
        return result.status_code in _BUSY and self._rules.repeatable(request)

    def _whole(self, response: requests.Response) -> requests.Response:
        """Read an answer to its end, and take out where a redirect leads: credentials are for one address only."""
        body = bytearray()
        for chunk in response.raw.stream(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > self._rules.largest:
                response.close()
                raise NoAnswer(f"its answer has more than {self._rules.largest // 1024 // 1024} MiB", sent=True)
        response.raw = BytesIO(bytes(body))
        response.headers.pop("Location", None)
        return response


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of Retry-After, a number or a date; None when it is neither or not there."""
    value = headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit() and len(value) < 10:
        return float(value)
    due, now = _date(value), _date(headers.get("Date", ""))
    if due is None or now is None:
        return None
    return max((due - now) / timedelta(seconds=1), 0.0)


def _deliver(call: Callable[[], requests.Response], results: "SimpleQueue[requests.Response | BaseException]") -> None:
    try:
        results.put(call())
    except BaseException as error:  # noqa: BLE001 - raised again by the thread that waits for it
        results.put(error)


def _date(value: str) -> datetime | None:
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return date if date.tzinfo else None


def _no_answer(error: Exception) -> NoAnswer:
    """Say why there is no answer, in words that quote nothing of the request."""
    cause = error.args[0] if error.args else None
    reason = getattr(cause, "reason", cause)
    if isinstance(error, requests.exceptions.SSLError):
        if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return NoAnswer("its certificate cannot be verified", sent=False, untrusted=True)
        return NoAnswer("no secure connection", sent=True)
    if isinstance(reason, NameResolutionError):
        return NoAnswer("there is no such host", sent=False)
    if isinstance(reason, NewConnectionError):  # which is a ConnectTimeoutError too
        return NoAnswer("the connection was refused", sent=False)
    if isinstance(error, requests.ConnectTimeout) or isinstance(reason, ConnectTimeoutError):
        return NoAnswer("no answer in time", sent=False)
    return NoAnswer("no answer in time" if isinstance(error, requests.Timeout) else "the connection was cut", sent=True)
