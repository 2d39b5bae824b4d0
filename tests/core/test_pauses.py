"""How a run waits."""

from incidentops.core.pauses import Pauses


def test_by_itself_a_run_waits_by_the_real_clock_and_as_long_as_a_service_wants():
    usual = Pauses()
    assert usual.gap is None
    assert usual.monotonic() <= usual.monotonic()
    assert 0 <= usual.random() < 1
