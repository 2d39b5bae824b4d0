"""One entry: who it is about, what it decides, and the key that stands for it."""

import pytest

from make import a_timeline_of, an_entry


def test_an_entry_is_about_who_or_else_about_its_author():
    first, second = a_timeline_of(an_entry(engage="eoc"), an_entry(engage="eoc", who="bo"))
    assert ("ana", "bo") == (first.person, second.person)


def test_the_key_of_an_entry_depends_on_its_content_and_not_on_layout():
    (one,) = a_timeline_of({"at": "2026-11-21T14:02:00Z", "by": "ana", "note": "ü"})
    (turned,) = a_timeline_of({"note": "ü", "by": "ana", "at": "2026-11-21T14:02:00Z"})
    (other,) = a_timeline_of({"at": "2026-11-21T14:02:00Z", "by": "ana", "note": "u"})
    assert one.key == turned.key != other.key
    assert (12, True) == (len(one.key), set(one.key) <= set("0123456789abcdef"))


def test_the_key_of_an_entry_stands_for_ever():
    (entry,) = a_timeline_of({"at": "2026-11-21T14:02:00Z", "by": "ana", "severity": "S2"})
    assert "68abc805a6a0" == entry.key


def test_a_lone_surrogate_has_a_key_too():
    (entry,) = a_timeline_of(an_entry(note="\ud800"))
    assert 12 == len(entry.key)


@pytest.mark.parametrize(
    ("actions", "decides"),
    [
        ({"note": "x", "publish": "x"}, False),
        ({"page": "imoc"}, False),
        ({"severity": "S2"}, True),
        ({"state": "identified"}, True),
        ({"status": "operational"}, True),
        ({"services": ["web"]}, True),
        ({"audience": "public", "why": "x"}, True),
        ({"engage": "eoc"}, True),
        ({"release": "eoc", "why": "x"}, True),
    ],
)
def test_an_entry_decides_when_what_is_true_can_change_with_it(actions: dict[str, object], decides: bool):
    (entry,) = a_timeline_of(an_entry(**actions))
    assert decides == entry.decides
