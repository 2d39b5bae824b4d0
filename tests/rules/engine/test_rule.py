"""How rules are declared."""

import re

from incidentops.core.finding import Level, Problem
from incidentops.model.vocabulary import Kind
from incidentops.rules.engine.catalogue import ALL, BY_CODE
from incidentops.rules.engine.context import context
from incidentops.rules.engine.rule import BOTH, INCIDENT, checked_elsewhere, rule
from make import NOW, a_handbook, an_incident


def test_the_decorator_makes_a_value_of_a_function():
    @rule("XYZ001", "Something is wrong", level=Level.ADVISE, kinds=INCIDENT, waivable=False)
    def some_problem(incident, ctx):
        yield Problem((), incident.title)

    assert ("XYZ001", "some-problem", "Something is wrong") == (
        some_problem.code, some_problem.name, some_problem.summary,
    )  # fmt: skip
    assert (Level.ADVISE, (Kind.INCIDENT,), "0.1", False) == (
        some_problem.level, some_problem.kinds, some_problem.since, some_problem.waivable,
    )  # fmt: skip
    assert [Problem((), "Registry pushes fail with HTTP 503")] == list(
        some_problem.check(an_incident(), context(NOW, a_handbook()))
    )


def test_a_rule_that_is_checked_elsewhere_has_no_check_and_no_waiver():
    declared = checked_elsewhere("XYZ001", "some-problem", "Something is wrong")
    assert (None, False, Level.BLOCK, BOTH) == (declared.check, declared.waivable, declared.level, declared.kinds)


def test_codes_and_names_are_unique_and_well_formed():
    assert len(ALL) == len(BY_CODE) == len({r.name for r in ALL}) == len({r.summary for r in ALL})
    assert [] == [r.code for r in ALL if not re.fullmatch(r"[A-Z]{3}\d{3}", r.code)]
    assert [] == [r.name for r in ALL if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", r.name)]
    assert [] == [r.code for r in ALL if r.summary.endswith(".") or not r.summary[0].isupper()]


def test_a_near_miss_is_checked_by_its_own_families_only():
    near_miss = {r.code for r in ALL if r.check and Kind.NEAR_MISS in r.kinds}
    assert near_miss == {
        "REC001", "REC002", "REC003", "REC005", "REC006", "TIM001", "TIM002", "TIM004", "COM003", "SEC001", "SEC003",
        "RCA003", "RCA004", "ACT001", "ACT002", "ACT003", "ACT004", "NMS001", "NMS002", "NMS003",
    }  # fmt: skip


def test_advice_is_for_truths_that_arrive_late():
    advice = {r.code for r in ALL if r.level is Level.ADVISE}
    assert advice == {
        "OWN002", "SEV001", "SEV003", "STA004", "STA005", "ALR001", "ALR002", "COM001", "COM002", "COM004", "COM006",
        "REC007", "REC008", "SEC002", "RCA001", "RCA002", "RCA004", "ACT001", "ACT002", "ACT003", "NMS003", "WAV001",
        "WAV002",
    }  # fmt: skip
