"""One obligation: whether it is open, late, and what it is known by."""

from datetime import timedelta

import pytest

from incidentops.core.moment import LATEST
from incidentops.model.obligation import Obligation
from make import a_time

DUE = a_time("14:17")


def an_obligation(**changes: object) -> Obligation:
    values: dict[str, object] = {
        "code": "OWN002", "pointer": ("timeline", 3, "at"), "since": a_time("14:02"), "due": DUE, "role": None,
        "person": "ana", "met": None, "ended": None, **changes,
    }  # fmt: skip
    return Obligation(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("met", "ended", "now", "late"),
    [
        pytest.param(None, None, "14:17", False, id="at the last moment"),
        pytest.param(None, None, "14:17:01", True, id="a second later"),
        pytest.param("14:17", None, "16:00", False, id="done at the last moment"),
        pytest.param("14:18", None, "16:00", True, id="done late"),
        pytest.param(None, "14:17", "16:00", False, id="over before its time had passed"),
        pytest.param(None, "14:18", "16:00", True, id="over without it"),
        pytest.param(None, "14:18", "14:00", True, id="once it is over the clock does not count"),
    ],
)
def test_it_is_late_when_its_time_passed_without_it(met: str | None, ended: str | None, now: str, late: bool):
    one = an_obligation(met=met and a_time(met), ended=ended and a_time(ended))
    assert late == one.late_at(a_time(now))


@pytest.mark.parametrize(("lasting", "late"), [(True, True), (False, False)])
def test_what_was_done_late_stays_late_unless_only_the_open_counts(lasting: bool, late: bool):
    assert late == an_obligation(met=a_time("14:18"), lasting=lasting).late_at(a_time("16:00"))
    assert an_obligation(lasting=lasting).late_at(a_time("16:00"))


@pytest.mark.parametrize(("met", "early"), [(None, False), ("14:17", True), ("14:17:01", False)])
def test_what_has_to_wait_is_never_late_but_may_be_early(met: str | None, early: bool):
    assert early == an_obligation(earliest=True, met=met and a_time(met)).late_at(a_time("16:00"))


def test_it_is_open_until_it_is_done_or_nothing_asks_for_it():
    assert an_obligation().open
    assert not an_obligation(met=DUE).open
    assert not an_obligation(ended=DUE).open


def test_its_key_is_the_moment_it_counts_from_and_a_name():
    assert "2026-11-21T14:02:00Z" == an_obligation().key
    assert "2026-11-21T14:02:00Z/pin-chart" == an_obligation(name="pin-chart").key


def test_its_index_is_that_of_the_item_it_is_about():
    assert (3, 0) == (an_obligation().index, an_obligation(pointer=("review", "started")).index)


def test_it_says_how_long_it_may_take():
    assert timedelta(minutes=15) == an_obligation().allowed
    assert an_obligation(due=LATEST).allowed > timedelta(days=365)


def test_it_cannot_be_changed():
    with pytest.raises(AttributeError):
        an_obligation().met = DUE  # type: ignore[misc]
