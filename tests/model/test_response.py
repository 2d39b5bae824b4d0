"""The timers of the response: what is due, of whom, since when and until when, and what meets it."""

import inspect
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core import moment
from incidentops.model.incident import Incident
from incidentops.model.obligation import Obligation
from incidentops.model.response import disrupts, response
from incidentops.model.vocabulary import Role, Status
from make import a_handbook, a_time, an_entry, an_incident

BOOK = a_handbook()
DECLARED = an_entry("14:02", severity="S2", engage="eoc", state="investigating")
SMALL = an_entry("14:02", severity="S3", engage="eoc")
DOWN = "partial_service_disruption"
PUBLIC = {"audience": "public"}


def asked(code: str, *entries: object, **changes: object) -> list[Obligation]:
    """The obligations of one rule."""
    return [one for one in response(an_incident(*entries, **changes), BOOK) if one.code == code]  # type: ignore[arg-type]


def test_two_of_the_statuses_want_the_incident_manager() -> None:
    assert [status for status in Status if disrupts(status)] == [Status.PARTIAL, Status.DISRUPTION]
    assert not disrupts(None)


def times(one: Obligation) -> tuple[str | None, ...]:
    """Since, due, met and ended, as times of the day."""
    return tuple(at and moment.clock(at) for at in (one.since, one.due, one.met, one.ended))


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([an_entry("14:02", severity="S3")], ("14:02Z", "14:17Z", None, None)),
        ([SMALL], ("14:02Z", "14:17Z", "14:02Z", None)),
        (
            [an_entry("14:02", severity="S3"), an_entry("14:20", engage="imoc"), an_entry("14:21", engage="eoc")],
            ("14:02Z", "14:17Z", "14:20Z", None),
        ),
        (
            [an_entry("14:02", severity="S3"), an_entry("14:10", state="resolved")],
            ("14:02Z", "14:17Z", None, "14:10Z"),
        ),
    ],
)
def test_somebody_engages(entries: list[object], expected: tuple[str | None, ...]):
    (one,) = asked("OWN002", *entries)
    assert (expected, Role.EOC, "ana") == (times(one), one.role, "ana")


def test_over_before_its_time_and_reopened_it_is_not_asked_for_again():
    over, again = an_entry("14:10", state="resolved"), an_entry("14:40", state="investigating", why="Again")
    (one,) = asked("OWN002", an_entry("14:02", severity="S3"), over, again)
    assert ("14:02Z", "14:17Z", None, "14:10Z") == times(one)
    late = an_entry("14:20", state="resolved")
    (one,) = asked("OWN002", an_entry("14:02", severity="S3"), late, again)
    assert ("14:02Z", "14:17Z", None, None) == times(one)


def test_each_interval_of_a_serious_incident_calls_the_imoc():
    lowered, raised = an_entry("14:10", severity="S3", why="Few users"), an_entry("14:20", severity="S1")
    first, second = asked("SEV001", DECLARED, lowered, raised)
    assert [("14:02Z", "14:17Z", None, "14:10Z"), ("14:20Z", "14:35Z", None, None)] == [times(first), times(second)]
    assert (("timeline", 2, "severity"), Role.IMOC, "ana") == (second.pointer, second.role, second.person)
    (one,) = asked("SEV001", DECLARED, an_entry("14:30", page="imoc"))
    assert ("14:02Z", "14:17Z", "14:30Z", None) == times(one)
    assert [] == asked("SEV001", SMALL)


def test_an_investigation_counts_from_when_an_eoc_is_engaged():
    found = an_entry("14:50", state="identified")
    (one,) = asked("STA005", an_entry("14:02", state="investigating"), an_entry("14:12", engage="eoc"), found)
    assert (("14:12Z", "14:42Z", None, "14:50Z"), ("timeline", 0, "state")) == (times(one), one.pointer)
    assert [] == asked("STA005", an_entry("14:02", state="investigating"))
    assert [] == asked("STA005", an_entry("14:02", state="investigating"), an_entry("14:12", state="identified"))


def test_each_entry_that_tells_of_a_disruption_asks_for_an_imoc():
    first, second = asked("STA004", SMALL, an_entry("14:08", status=DOWN), an_entry("14:20", status=DOWN))
    assert [("14:08Z", "14:23Z", None, None), ("14:20Z", "14:35Z", None, None)] == [times(first), times(second)]
    early, engaged = an_entry("14:05", "bo", engage="imoc"), an_entry("14:30", "bo", engage="imoc")
    (one,) = asked("STA004", SMALL, early, an_entry("14:08", status=DOWN))
    assert ("14:08Z", "14:23Z", "14:08Z", None) == times(one)
    gone = an_entry("14:06", "bo", release="imoc", why="Harmless")
    (one,) = asked("STA004", SMALL, early, gone, an_entry("14:08", status=DOWN), engaged)
    assert ("14:08Z", "14:23Z", "14:30Z", None) == times(one)


def test_a_run_with_a_disruption_is_monitored_before_it_is_resolved():
    down, monitored = an_entry("14:05", status=DOWN), an_entry("14:41", state="monitoring")
    (one,) = asked("STA003", SMALL, down, monitored, an_entry("14:50", note="x"))
    assert (("14:41Z", "15:11Z", None, None), True) == (times(one), one.earliest)
    assert ("timeline", 2, "state") == one.pointer
    (one,) = asked("STA003", SMALL, down, monitored, an_entry("15:20", state="resolved"))
    assert (("14:41Z", "15:11Z", "15:20Z", None), ("timeline", 3, "state")) == (times(one), one.pointer)
    (one,) = asked("STA003", SMALL, down, an_entry("15:20", state="resolved"))
    assert ("15:20Z", "15:50Z", "15:20Z", None) == times(one)
    (one,) = asked("STA003", an_entry("14:02", severity="S3", status=DOWN, state="resolved"))
    assert ("14:02Z", "14:32Z", "14:02Z", None) == times(one)
    assert [] == asked("STA003", SMALL, down)
    assert [] == asked("STA003", SMALL, monitored)


def test_a_run_answers_for_its_own_disruption():
    over = an_entry("14:50", state="resolved", status="operational")
    again = an_entry("15:00", state="monitoring", why="Again")
    (one,) = asked("STA003", SMALL, an_entry("14:05", status=DOWN), over, again)
    assert "14:50Z" == times(one)[2]


def test_an_alert_is_acknowledged_or_the_imoc_is_called():
    alert = {"source": "x", "id": "Q1", "fired": "2026-11-21T14:00:00Z"}
    seen = {**alert, "acknowledged": "2026-11-21T14:20:00Z"}
    first, second = asked("ALR001", SMALL, alerts=[alert, seen])
    assert [("14:00Z", "14:15Z", None, None), ("14:00Z", "14:15Z", "14:20Z", None)] == [times(first), times(second)]
    assert ("2026-11-21T14:00:00Z/Q1", ("alerts", 1, "acknowledged")) == (second.key, second.pointer)
    first, second = asked("ALR001", SMALL, an_entry("14:06", page="imoc"), alerts=[alert, seen])
    assert ["14:06Z", "14:06Z"] == [times(one)[2] for one in (first, second)]


@pytest.mark.parametrize(
    ("security", "since"),
    [
        (None, None),
        ({"class": "abuse"}, "14:20Z"),
        ({"class": "unauthorized_access"}, "14:02Z"),
        ({"class": "abuse", "path_blocked": "whole"}, "14:02Z"),
    ],
)
def test_a_grave_security_incident_calls_the_imoc(security: object, since: str | None):
    found = asked("SEC002", SMALL, an_entry("14:20", severity="S1"), security=security)
    assert ([since] if since else []) == [times(one)[0] for one in found]
    assert [] == asked("SEC002", SMALL, security={"class": "abuse"})


def test_customers_hear_of_what_is_serious_and_public():
    (one,) = asked("COM001", DECLARED, an_entry("14:10", publish="It is slow."), **PUBLIC)
    assert (("14:02Z", "14:17Z", "14:10Z", None), Role.CMOC, "ana") == (times(one), one.role, one.person)
    (one,) = asked("COM001", DECLARED, an_entry("14:30", audience="internal", why="Ours"), **PUBLIC)
    assert ("14:02Z", "14:17Z", None, "14:30Z") == times(one)
    assert [] == asked("COM001", SMALL, **PUBLIC)
    assert [] == asked("COM001", DECLARED)


def test_an_update_is_followed_by_the_next_one():
    update, found = an_entry("14:10", publish="It is slow."), an_entry("14:12", state="identified", publish="Found.")
    first, last = asked("COM002", DECLARED, update, an_entry("14:11", note="x"), found, **PUBLIC)
    assert [("14:10Z", "14:25Z", "14:12Z", "14:12Z"), ("14:12Z", "14:42Z", None, None)] == [times(first), times(last)]


def test_no_update_is_due_after_the_end_or_when_it_is_no_longer_public():
    update = an_entry("14:10", publish="It is slow.")
    (one,) = asked("COM002", DECLARED, update, an_entry("14:20", state="resolved"), **PUBLIC)
    assert ("14:10Z", "14:25Z", None, "14:20Z") == times(one)
    (one,) = asked("COM002", DECLARED, update, an_entry("14:20", audience="internal", why="Ours"), **PUBLIC)
    assert ("14:10Z", "14:25Z", None, "14:20Z") == times(one)
    (one,) = asked("COM002", DECLARED, update, an_entry("14:20", state="resolved", publish="It works."), **PUBLIC)
    assert ("14:10Z", "14:25Z", "14:20Z", "14:20Z") == times(one)
    assert [] == asked("COM002", DECLARED, update)
    assert [] == asked("COM002", an_entry("14:02", publish="It is slow."), **PUBLIC)


def test_the_edge_of_the_calendar_is_no_obstacle():
    last = "9999-12-31T23:59:00Z"
    found = asked("SEV001", an_entry(last, severity="S1", state="investigating", engage="eoc"))
    assert [moment.LATEST] == [one.due for one in found]


class Counted(tuple[object, ...]):
    """A sequence that counts how many of its items are looked at."""

    looks = 0

    def __iter__(self) -> Iterator[object]:
        for item in super().__iter__():
            Counted.looks += 1
            yield item

    def __getitem__(self, index: object) -> object:
        found = super().__getitem__(index)  # type: ignore[call-overload]
        Counted.looks += len(found) if isinstance(index, slice) else 1
        return found


def looks_at(incident: Incident) -> int:
    """How many entries and snapshots are looked at for all of the timers."""
    fields = {name: getattr(incident, name) for name in inspect.signature(type(incident)).parameters}
    counted = {name: Counted(fields[name]) for name in ("timeline", "snapshots", "alerts")}
    Counted.looks = 0
    assert len([*response(type(incident)(**{**fields, **counted}), BOOK)]) > len(incident.timeline)
    return Counted.looks


@given(st.lists(st.sampled_from(["a", "b", "c", "d"]), min_size=3, max_size=12))
def test_a_record_four_times_as_long_is_four_times_the_work(pattern: list[str]):
    """Whatever its entries decide: nothing looks through the whole timeline for each of them."""
    steps = {
        "a": {"state": "investigating", "status": DOWN, "severity": "S1", "publish": "x", "why": "x"},
        "b": {"state": "monitoring", "severity": "S3", "engage": "imoc", "why": "x"},
        "c": {"state": "resolved", "status": DOWN, "release": "imoc", "publish": "x", "why": "x"},
        "d": {"status": DOWN, "publish": "x", "audience": "public", "why": "x"},
    }

    def long(count: int) -> int:
        decided = (steps[pattern[number % len(pattern)]] for number in range(count))
        entries = [an_entry(f"14:{n * 59 // count:02}", **step) for n, step in enumerate(decided)]
        alerts = [{"source": "x", "id": "x", "fired": entry["at"]} for entry in entries]
        return looks_at(an_incident(*entries, alerts=alerts, **PUBLIC))

    assert long(480) <= 4.4 * long(120)


def test_two_thousand_entries_are_looked_at_a_few_times_each():
    entries = [an_entry("14:02", severity="S1", status=DOWN, publish="x", page="eoc")] * 2000
    assert looks_at(an_incident(*entries, **PUBLIC)) < 40 * 2000


def test_moments_are_those_of_the_entries_in_whatever_order_they_stand():
    (one,) = asked("OWN002", an_entry("14:02", severity="S3"), an_entry("14:01", engage="eoc"))
    assert (a_time("14:02"), None) == (one.since, one.met)
