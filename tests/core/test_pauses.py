"""How the program waits."""

from incidentops.core.pauses import Pauses


def test_waiting_is_done_by_what_was_given() -> None:
    slept: list[float] = []
    pauses = Pauses(slept.append, lambda: sum(slept))
    pauses.sleep(2.5)
    assert pauses.monotonic() == 2.5
