"""The word that was probably meant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.core.suggest import similar, the_one

STATES = ["investigating", "identified", "monitoring", "resolved"]


def test_near_words_come_nearest_first():
    assert ("registry", "registries") == similar("regisrty", ["web", "registries", "registry"])
    assert () == similar("git", ["web", "registry"])


@pytest.mark.parametrize("word", ["near_miss", "Near Miss", "near-miss", " NEAR_MISS "])
def test_case_hyphens_and_blanks_do_not_count(word: str):
    assert ("near_miss",) == similar(word, ["near_miss", "near_misses"])


def test_a_very_long_word_is_like_nothing():
    assert () == similar("a" * 65, ["a" * 64])


@pytest.mark.parametrize(
    ("word", "known", "meant"),
    [
        ("investigate", STATES, "investigating"),
        ("Resolved", STATES, "resolved"),
        ("s2", ["S1", "S2", "S3", "S4"], "S2"),
        ("S5", ["S1", "S2", "S3", "S4"], ""),
        ("anna", ["ana", "bo"], "ana"),
        ("registri", ["registry", "registra"], ""),
        ("dan", ["ana"], ""),
        ("disruption", ["service_disruption", "partial_service_disruption"], ""),
        ("a_b", ["a-b", "a_b"], ""),
    ],
)
def test_there_is_one_answer_or_none(word: str, known: list[str], meant: str):
    assert meant == the_one(word, known)


@given(st.text(max_size=20), st.lists(st.text(max_size=8), max_size=5))
def test_what_is_meant_is_always_a_known_word(word: str, known: list[str]):
    assert the_one(word, known) in {"", *known}
