"""What follows from a nature: one table, read row by row."""

import pytest

from incidentops.plan.nature import Nature, Treatment


def test_people_are_served_before_customers_and_customers_before_the_rest() -> None:
    ranked = sorted(Nature, key=lambda nature: nature.treatment.rank)
    assert ranked[:2] == [Nature.PAGE, Nature.MESSAGE]
    assert {nature.treatment.rank for nature in ranked[2:]} == {2}


def test_a_page_waits_for_nothing() -> None:
    page = Nature.PAGE.treatment
    assert (page.intent, page.capped, page.watched, page.urgent) == (False, False, False, True)


@pytest.mark.parametrize("nature", [nature for nature in Nature if nature is not Nature.PAGE])
def test_nothing_else_goes_out_twice_for_want_of_an_answer(nature: Nature) -> None:
    assert (nature.treatment.intent, nature.treatment.urgent) == (True, False)


def test_the_cap_is_for_what_can_wait() -> None:
    assert {nature for nature in Nature if nature.treatment.capped} == {Nature.STATE, Nature.ALARM}


def test_a_lookup_is_never_made() -> None:
    assert [nature for nature in Nature if not nature.treatment.made] == [Nature.LOOKUP]


def test_the_default_treatment_is_the_careful_one() -> None:
    assert Treatment() == Treatment(rank=2, made=True, watched=False, intent=True, capped=True, urgent=False)
