"""Findings as text, JSON, Code Quality and JUnit: nothing in them can forge a line or break a file."""

import json
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from incidentops.core.finding import Finding, Level, Location
from incidentops.render import findings as render
from incidentops.render.junit import junit
from incidentops.rules.engine.catalogue import ALL

FILE = "incidents/2026/2026-11-21-registry-503.yaml"
BLOCK = Finding(
    "OWN001",
    Level.BLOCK,
    Location(FILE, 14, 5),
    "resolved by 'ana', but 'bo' owns it",
    "bo resolves it",
    ("timeline", 2),
)
ADVICE = Finding("OWN002", Level.ADVISE, Location(FILE, 20, 1), "nobody engaged", "", ("timeline", 0))
WAIVED = replace(ADVICE, code="SEV001", waived="until 2026-12-31 by 'bo': 'The pager was broken'")
THREE = [BLOCK, ADVICE, WAIVED]


def test_text_has_a_line_for_each_and_its_hint_below():
    assert render.text(THREE) == (
        f"{FILE}:14:5: OWN001 block: resolved by 'ana', but 'bo' owns it\n"
        "  hint: bo resolves it\n"
        f"{FILE}:20:1: OWN002 advise: nobody engaged\n"
        f"{FILE}:20:1: SEV001 waived: nobody engaged\n"
        "  waived until 2026-12-31 by 'bo': 'The pager was broken'\n"
    )
    assert render.text([]) == ""


@pytest.mark.parametrize(
    ("findings", "records", "expected"),
    [
        ([], 12, "12 records, 0 blocking, 0 advice"),
        ([BLOCK, ADVICE], 1, "1 record, 1 blocking, 1 advice"),
        (THREE, 2, "2 records, 1 blocking, 1 advice, 1 waived"),
    ],
)
def test_the_summary_counts(findings: list[Finding], records: int, expected: str):
    assert expected == render.summary(findings, records)


def test_a_file_name_cannot_forge_a_line():
    forged = replace(ADVICE, location=Location("incidents/x\nincidents/y.yaml:1:1: OWN001 block: \u202ecod", 1, 1))
    assert 1 == render.text([forged]).count("\n")
    assert "\\n" in render.line(forged)
    assert "\u202e" not in render.text([forged])


def test_json_has_everything_and_a_version():
    value = json.loads(render.as_json(THREE, 3))
    assert {"version": 1, "summary": {"records": 3, "blocking": 1, "advice": 1, "waived": 1}} == {
        key: value[key] for key in ("version", "summary")
    }
    first = value["findings"][0]
    assert 64 == len(first.pop("fingerprint"))
    assert first == {
        "code": "OWN001", "name": "resolved-by-non-owner", "level": "block", "file": FILE, "line": 14, "column": 5,
        "message": "resolved by 'ana', but 'bo' owns it", "hint": "bo resolves it", "waived": "",
        "pointer": ["timeline", 2], "other": None,
    }  # fmt: skip


def test_json_has_the_other_place_of_a_finding_that_names_two():
    value = json.loads(render.as_json([replace(BLOCK, other=Location(FILE, 12, 3))], 1))
    assert {"file": FILE, "line": 12, "column": 3} == value["findings"][0]["other"]


def test_code_quality_has_what_gitlab_wants():
    report = json.loads(render.code_quality(THREE))
    assert ["blocker", "minor", "info"] == [entry["severity"] for entry in report]
    assert {"path": FILE, "lines": {"begin": 14}} == report[0]["location"]
    assert "OWN001 resolved-by-non-owner" == report[0]["check_name"]
    assert "OWN001: resolved by 'ana', but 'bo' owns it (hint: bo resolves it)" == report[0]["description"]
    assert "OWN002: nobody engaged" == report[1]["description"]
    assert (
        "SEV001: nobody engaged (waived until 2026-12-31 by 'bo': 'The pager was broken')" == report[2]["description"]
    )
    assert [] == json.loads(render.code_quality([]))


def test_fingerprints_are_unique_and_stay_when_lines_and_words_move():
    moved = [replace(f, location=Location(FILE, f.location.line + 7, 9), message="other words") for f in THREE]
    assert render.fingerprints(THREE) == render.fingerprints(moved)
    similar = [ADVICE, replace(ADVICE, message="another"), replace(ADVICE, location=Location("incidents/other.yaml"))]
    assert 3 == len(set(render.fingerprints(similar)))


_ANY = st.text(st.characters(codec=None), max_size=30)


@given(
    st.lists(
        st.builds(
            Finding,
            code=st.sampled_from([rule.code for rule in ALL]),
            level=st.sampled_from(Level),
            location=st.builds(Location, _ANY, st.integers(1), st.integers(1)),
            message=_ANY,
            hint=_ANY,
            pointer=st.lists(_ANY | st.integers(0)).map(tuple),
            waived=_ANY,
        ),
        max_size=4,
    )
)
def test_every_format_can_be_read_back_whatever_is_in_it(findings: list[Finding]):
    assert len(findings) == len(json.loads(render.as_json(findings, 1).encode("ascii"))["findings"])
    assert len(findings) == len(json.loads(render.code_quality(findings).encode("ascii")))
    assert len(findings) + 1 == len(ET.fromstring(junit(findings, 1).encode())[0])
