"""How a run waits: values, so that a test waits for nothing."""

import random
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pauses:
    """How a run waits. `gap` shortens the pause that a service wants between requests, for the sandbox and tests."""

    gap: float | None = None
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    random: Callable[[], float] = random.random
