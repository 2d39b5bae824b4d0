"""Findings with their source: the caret stands below the character, whatever the line is made of."""

import unicodedata
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core.finding import Finding, Level, Location
from incidentops.render import excerpt

FILE = "incidents/2026/2026-11-21-registry-503.yaml"


def at(line: int, column: int, **more: object) -> Finding:
    return Finding("TIM001", Level.BLOCK, Location(FILE, line, column), "entry 2 is earlier", **more)


def source(*lines: str) -> excerpt.Source:
    def of(file: str) -> Sequence[str]:
        return lines if file == FILE else ()

    return of


def test_the_line_and_a_caret_below_the_column():
    assert excerpt.full([at(2, 9, hint="move it")], source("kind: incident", "title: broken")) == (
        f"{FILE}:2:9: TIM001 block: entry 2 is earlier\n  2 | title: broken\n    |         ^\n  hint: move it\n"
    )


def test_both_places_of_a_finding_that_names_two():
    finding = at(10, 3, other=Location(FILE, 9, 1), waived="until 2026-12-31 by 'bo': 'r'")
    assert excerpt.full([finding], source(*"abcdefghi", "  jay")) == (
        f"{FILE}:10:3: TIM001 waived: entry 2 is earlier\n"
        "  10 |   jay\n"
        "     |   ^\n"
        f"  and: {FILE}:9:1\n"
        "  9 | i\n"
        "    | ^\n"
        "  waived until 2026-12-31 by 'bo': 'r'\n"
    )


def test_findings_stand_apart():
    assert ["", ""] == [
        line for line in excerpt.full([at(1, 1)] * 3, source("kind: incident")).split("\n")[:-1] if not line
    ]
    assert "" == excerpt.full([], source())


@pytest.mark.parametrize("line", [0, 3, 2])
def test_where_there_is_no_line_to_show_there_is_none(line: int):
    assert 1 == excerpt.full([at(line, 1)], source("kind: incident", "   ")).count("\n")


def test_another_file_that_cannot_be_had_shows_its_place_alone():
    finding = at(1, 1, other=Location("incidents/gone.yaml", 4, 2))
    assert "  and: incidents/gone.yaml:4:2\n" in excerpt.full([finding], source("kind: incident"))


@pytest.mark.parametrize(
    ("line", "column", "shown", "caret"),
    [
        ("a\tb", 3, "a\\tb", 3),
        ("日本 x", 4, "日本 x", 5),
        ("e\u0301x", 3, "e\u0301x", 1),
        ("\x1b[31mx", 6, "\\x1b[31mx", 8),
        ("\u202ex", 2, "\\u202ex", 6),
        ("ab", 9, "ab", 2),
    ],
)
def test_the_caret_stands_below_the_character(line: str, column: int, shown: str, caret: int):
    _, text, below, *_ = excerpt.full([at(1, column)], source(line)).split("\n")
    assert (f"  1 | {shown}", f"    | {' ' * caret}^") == (text, below)


def test_a_long_line_is_cut_around_the_caret():
    line = "x" * 500 + "!" + "y" * 500
    _, text, below, *_ = excerpt.full([at(1, 501)], source(line)).split("\n")
    assert text[below.index("^")] == "!"
    assert text.removeprefix("  1 | ").startswith("…x")
    assert text.endswith("y…")
    assert len(text) <= len("  1 | ") + 101


@given(
    line=st.text(st.characters(exclude_characters="\n"), max_size=300),
    column=st.integers(min_value=1, max_value=400),
    message=st.just("entry 2 is earlier"),
)
def test_nothing_in_a_line_forges_another_or_moves_the_cursor(line: str, column: int, message: str):
    shown = excerpt.full([at(1, column)], source(line))
    assert shown.count("\n") == (3 if line.strip() else 1)
    assert not {unicodedata.category(character) for character in shown.replace("\n", "")} & {"Cc", "Cf", "Zl", "Zp"}


def test_of_a_line_of_a_mebibyte_only_what_is_near_is_looked_at():
    line = "x" * 500_000 + "HERE" + "\u202e" * 500_000
    marked, caret = excerpt.full([at(1, 500_001)], source(line)).split("\n")[1:3]
    assert f"…{'x' * 60}HERE\\u202e" in marked
    assert marked.endswith("…")
    assert "HERE"[0] == marked[caret.index("^")]
