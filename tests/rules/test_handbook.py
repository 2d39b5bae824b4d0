"""HBK002: a handbook that contradicts itself decides nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.model import build_handbook
from incidentops.rules.engine.catalogue import BY_CODE
from incidentops.rules.handbook import contradictions
from make import HANDBOOK_FILE, a_document, a_handbook_data


def found(**changes: object) -> list[tuple[str, str]]:
    document = a_document(a_handbook_data(**changes), HANDBOOK_FILE)
    return [(".".join(map(str, p.pointer)), p.message) for p in contradictions(document, BY_CODE)]


def test_a_small_handbook_is_fine():
    assert [] == found()


@pytest.mark.parametrize(
    ("cascade", "expected"),
    [
        (["imoc"], []),
        (["eoc", "boss"], [("ownership.1", "'boss' is not a valid role")]),
        (["eoc", "imoc", "eoc"], [("ownership.2", "eoc stands in the cascade twice")]),
    ],
)
def test_the_cascade_names_each_role_once(cascade: list[str], expected: list[tuple[str, str]]):
    assert expected == found(ownership=cascade)


def test_an_address_belongs_to_one_person():
    people = {
        "ana": {"email": ["ana@example.com", "ANA@example.com"]},
        "bo": {"email": ["bo@example.com", "Ana@Example.com "]},
    }
    assert [("people.bo.email.1", "'Ana@Example.com ' is the address of 'ana' and of 'bo'")] == found(people=people)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Stockholm", "America/Argentina/Buenos_Aires"])
def test_a_time_zone_that_exists_is_fine(zone: str):
    assert [] == found(people={"ana": {"timezone": zone}})


@pytest.mark.parametrize(
    "zone", ["Stockholm", "../etc/passwd", "/etc/passwd", "Europe", "Europe/\0", "x" * 5000, "CEST"]
)
def test_an_unknown_time_zone_is_a_finding(zone: str):
    ((place, message),) = found(people={"ana": {"timezone": zone}})
    assert place == "people.ana.timezone"
    assert message.endswith("is not a valid time zone")


def test_durations_are_durations_everywhere():
    assert [
        ("timers.acknowledge", "'soon' is not a valid duration"),
        ("severities.S1.update_every.identified", "'often' is not a valid duration"),
        ("severities.S1.corrective_action_due", "'end_of_day' is not a valid duration"),
    ] == found(
        timers={"acknowledge": "soon", "review_started": "end_of_day", "monitoring": "1h30m"},
        severities={
            "S1": {
                "update_every": {"investigating": "10m", "identified": "often"},
                "corrective_action_due": "end_of_day",
            },
            "S2": {"label": "severity::2"},
        },
    )
    assert [("timers.review_started", "'tomorrow' is not a valid duration")] == found(
        timers={"review_started": "tomorrow"}
    )
    assert [] == found(timers={"review_started": "24h"})


def test_only_rules_that_can_be_waived_can_be_set():
    assert [
        ("rules.REC006", "REC006 (secret-in-record) cannot be set"),
        ("rules.COM02", "there is no rule 'COM02'"),
    ] == found(rules={"COM002": "off", "REC006": "advise", "COM02": "block"})


@given(st.lists(st.sampled_from(["eoc", "imoc", "cmoc", "boss"])), st.text(), st.text())
def test_a_handbook_without_findings_can_be_built(cascade: list[str], span: str, zone: str):
    data = a_handbook_data(ownership=cascade, timers={"acknowledge": span}, people={"ana": {"timezone": zone}})
    document = a_document(data, HANDBOOK_FILE)
    if not list(contradictions(document, BY_CODE)):
        assert build_handbook.handbook(document).people["ana"].timezone == zone
