import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core.text import numbered, one_of, quoted, visible, visible_lines

DANGEROUS = {"Cc", "Cf", "Zl", "Zp", "Cs", "Co"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, text: é 🚒", "plain, text: é 🚒"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x00\x1b[31m\x7f\x85", "\\x00\\x1b[31m\\x7f\\x85"),
        ("\u202eevil\u2066\u200b\ufeff", "\\u202eevil\\u2066\\u200b\\ufeff"),
        ("\u2028\u2029", "\\u2028\\u2029"),
        ("\ud800\ue000\U000e0001", "\\ud800\\ue000\\U000e0001"),
    ],
)
def test_what_could_move_the_cursor_or_turn_the_reading_order_is_escaped(text, shown):
    assert visible(text) == shown


@given(st.text(st.characters()))
def test_nothing_dangerous_is_ever_shown(text):
    assert not any(unicodedata.category(character) in DANGEROUS for character in visible(text))
    assert "\n" not in quoted(text)


def test_line_breaks_can_be_kept():
    assert visible_lines("a\x1b\nb\u2028c") == "a\\x1b\nb\\u2028c"


def test_a_long_value_is_cut_before_it_is_escaped():
    assert quoted("x" * 80) == "'" + "x" * 80 + "'"
    assert quoted("x" * 81) == "'" + "x" * 79 + "…'"
    assert quoted("\x00" * 9, limit=3) == "'\\x00\\x00…'"
    assert quoted(12) == "'12'"


@pytest.mark.parametrize(
    ("words", "shown"), [((), ""), (("a",), "a"), (("a", "b"), "a or b"), (["a", "b\n", "c"], "a, b\\n or c")]
)
def test_allowed_words_are_listed_as_people_do(words, shown):
    assert one_of(words) == shown


def test_a_number_has_the_form_of_its_noun():
    assert ["0 records", "1 record", "2 people"] == [
        numbered(0, "record"), numbered(1, "record"), numbered(2, "person", "people"),
    ]  # fmt: skip
