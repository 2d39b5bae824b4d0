"""What is due, in words."""

from datetime import timedelta

import pytest

from incidentops.model.obligation import Obligation
from incidentops.model.vocabulary import Role
from incidentops.render.obligations import about, due_line, due_values, what
from incidentops.rules.engine.catalogue import BY_CODE
from make import NOW


def an_obligation(code: str = "STA003", minutes: int = 5, *, earliest: bool = False, name: str = "") -> Obligation:
    at = NOW + timedelta(minutes=minutes)
    return Obligation(code, ("timeline", 0), NOW, at, Role.IMOC, "ana", None, None, name, earliest=earliest)


@pytest.mark.parametrize(
    ("minutes", "earliest", "shown"),
    [
        (5, False, "in 5m"),
        (0, False, "in 0s"),
        (-5, False, "overdue, 5m ago"),
        (5, True, "not before, in 5m"),
        (-5, True, "may be done now"),
        (60 * 47, False, "in 1d23h"),
        (60 * 49, False, "in 2d"),
    ],
)
def test_what_is_due_says_how_soon(minutes: int, earliest: bool, shown: str):
    line = due_line(an_obligation(minutes=minutes, earliest=earliest), NOW)
    assert line.endswith(f"Z  resolve ({shown})")


def test_seconds_count_only_when_there_is_nothing_more():
    assert "45s" == about(timedelta(seconds=45))
    assert "1m" == about(timedelta(seconds=75))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("RCA002", "ana starts the review"),
        ("ALR001", "alert Q{1 is acknowledged, or the imoc is paged"),
        ("ACT003", "corrective action Q{1"),
        ("COM002", "an update for customers"),
    ],
)
def test_it_names_who_or_what_it_is_about(code: str, words: str):
    assert code in BY_CODE
    assert words == what(an_obligation(code, name="Q{1"))


def test_a_name_cannot_forge_a_line():
    assert "\n" not in due_line(an_obligation("ACT003", name="a\nb"), NOW)


def test_the_end_of_a_day_is_shown_to_the_second():
    end = NOW.replace(hour=23, minute=59, second=59, microsecond=999999)
    one = Obligation("ACT003", ("corrective_actions", 0, "due"), NOW, end, None, "", None, None, "a")
    assert due_line(one, NOW).startswith("2026-11-21T23:59:59Z  corrective action a")


def test_values_say_what_of_whom_by_when():
    assert [
        {
            "code": "SEV001",
            "key": "2026-11-21T16:00:00Z",
            "what": "the imoc is paged or engages",
            "role": "imoc",
            "person": "ana",
            "at": "2026-11-21T15:59:00Z",
            "overdue": True,
            "not_before": False,
        }
    ] == due_values([an_obligation("SEV001", -1)], NOW)
