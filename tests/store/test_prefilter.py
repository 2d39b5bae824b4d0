"""The first look finds what `re` finds."""

import re

import pytest

from incidentops.store.prefilter import screen


@pytest.mark.parametrize("pattern", ["needle", "n[aeiou]{2}dle|thread", r"[\n ]:", "é|ß", r"\.internal"])
@pytest.mark.parametrize(
    "text", ["", "needle", "a noodle", "x :\n", "thread\n" * 2000, "Straße", "db.internal", "x" * 9000 + "needle"]
)
def test_it_finds_what_re_finds(pattern, text):
    assert bool(re.search(pattern, text)) is screen(pattern)(text)
