"""The closed word lists and their orders."""

from incidentops.model.vocabulary import Audience, Severity


def test_severities_go_from_the_worst_to_the_least():
    assert [1, 2, 3, 4] == [s.rank for s in Severity]
    assert [True, True, False, False] == [s.serious for s in Severity]


def test_audiences_have_a_width():
    assert [Audience.CONFIDENTIAL, Audience.INTERNAL, Audience.PUBLIC] == sorted(Audience, key=lambda a: a.width)
