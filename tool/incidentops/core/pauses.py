"""How the program waits: a value made in the composition root and passed down, like the present moment."""

from collections.abc import Callable

from msgspec import Struct


class Pauses(Struct, frozen=True):
    """`sleep` waits for so many seconds; `monotonic` is the clock in seconds by which waiting is measured."""

    sleep: Callable[[float], None]
    monotonic: Callable[[], float]
