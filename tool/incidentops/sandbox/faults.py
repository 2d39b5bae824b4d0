"""The faults of the sandbox, switched on at start (`--fault`) and while it runs (`/sandbox/faults`)."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from threading import Lock

from msgspec import Struct

ALWAYS = -1
_DEFAULTS = dict.fromkeys(("lost-reply", "503", "409", "429"), 2)
_DEFAULTS |= dict.fromkeys(("empty-list", "slow", "free-tier"), ALWAYS)
NAMES = tuple(_DEFAULTS)
_SPELLED = re.compile(r"(?:([a-z]+)/)?([a-z0-9-]+)(?::(\d{1,9}|always))?", re.ASCII)


class InjectedFault(Struct, frozen=True):
    """`[service/]name[:count]`: the first `count` requests of each method and path are hit, later ones are not.

    Without a count it is 2 for lost-reply, 503, 409 and 429, and always for the rest.
    """

    name: str
    count: int
    service: str = ""

    @staticmethod
    def parse(text: str) -> "InjectedFault":
        """Read the spelling above. Raises ValueError, with what is allowed, for anything else."""
        match = _SPELLED.fullmatch(text)
        if match is None or match[2] not in _DEFAULTS:
            raise ValueError(f"no fault {text!r}: allowed are {', '.join(NAMES)}, as [service/]name[:count|always]")
        count = _DEFAULTS[match[2]] if match[3] is None else ALWAYS if match[3] == "always" else int(match[3])
        return InjectedFault(match[2], count, match[1] or "")

    def __str__(self) -> str:
        prefix = f"{self.service}/" if self.service else ""
        return f"{prefix}{self.name}:{'always' if self.count == ALWAYS else self.count}"


class Faults:
    """The faults that are switched on, and how often each has hit. Safe to use from any thread."""

    def __init__(self, on: Iterable[str] = (), slow_seconds: float = 2.0, services: Sequence[str] = ()) -> None:
        self.slow_seconds = slow_seconds
        self._services = services
        self._on = {(fault.service, fault.name): fault for fault in map(self._parse, on)}
        self._hits: Counter[tuple[str, str, str]] = Counter()
        self.lose_in = 0
        """How many writes from now a reply is lost; 0 when none is."""
        self._lock = Lock()

    def active(self) -> tuple[str, ...]:
        """The active faults, in the spelling of `--fault`."""
        return tuple(sorted(str(fault) for fault in self._on.values()))

    def switch(self, on: Iterable[str] = (), off: Iterable[str] = ()) -> None:
        """Turn faults on (their counts start again) and off. Raises ValueError for an unknown name."""
        wanted, unwanted = [self._parse(text) for text in on], [self._parse(text) for text in off]
        with self._lock:
            for fault in unwanted:
                services = (fault.service,) if fault.service else ("", *(service for service, _ in self._on))
                for service in services:
                    self._on.pop((service, fault.name), None)
            for fault in wanted:
                self._on[(fault.service, fault.name)] = fault
                for key in [key for key in self._hits if key[0] == fault.name]:
                    del self._hits[key]

    def lose_reply_of(self, number: int) -> None:
        """Lose the reply of the number-th write from now; 0 loses none."""
        with self._lock:
            self.lose_in = number

    def count_write(self) -> bool:
        """Count one write; True when its reply is to be lost."""
        with self._lock:
            lose = self.lose_in == 1
            self.lose_in = max(0, self.lose_in - 1)
            return lose

    def is_on(self, name: str, service: str) -> bool:
        """Whether a fault is switched on for a service, whatever its count."""
        return self._find(name, service) is not None

    def hits(self, name: str, service: str, request: str) -> int:
        """The number of this hit of the fault on this request, from 1; 0 when the fault does not hit it."""
        with self._lock:
            fault, key = self._find(name, service), (name, service, request)
            if fault is None or (fault.count != ALWAYS and self._hits[key] >= fault.count):
                return 0
            self._hits[key] += 1
            return self._hits[key]

    def describe(self) -> Mapping[str, object]:
        """The JSON of `/sandbox/faults`."""
        return {
            "on": list(self.active()),
            "names": list(NAMES),
            "lose_reply_of": self.lose_in,
            "slow_seconds": self.slow_seconds,
        }

    def _parse(self, text: str) -> InjectedFault:
        fault = InjectedFault.parse(text)
        if self._services and fault.service not in ("", *self._services):
            raise ValueError(f"no service {fault.service!r}: allowed are {', '.join(self._services)}")
        return fault

    def _find(self, name: str, service: str) -> InjectedFault | None:
        return self._on.get((service, name)) or self._on.get(("", name))
