"""Words that several messages share."""

import pytest

from incidentops.rules.engine.wording import did_you_mean, on
from make import a_time


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("registri", ["web", "registry"], "did you mean 'registry'?"),
        ("OWN02", ["OWN001", "OWN002", "STA001"], "did you mean 'OWN002' or 'OWN001'?"),
        ("mail", ["web", "registry"], "known: registry, web"),
        ("mail", [], ""),
        ("mail", [f"x{i}" for i in range(9)], ""),
        ("x\ny", ["x\nz"], "did you mean 'x\\nz'?"),
    ],
)
def test_near_words_else_all_when_they_are_few(word: str, known: list[str], hint: str):
    assert hint == did_you_mean(word, known)


def test_a_time_has_its_day_when_it_is_another_one():
    assert "14:02Z" == on(a_time("14:02"), a_time("00:00"))
    assert "2026-11-20T14:02:00Z" == on(a_time("2026-11-20T14:02:00Z"), a_time("00:00"))
