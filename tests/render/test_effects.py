"""An effect in words."""

from hypothesis import given
from hypothesis import strategies as st

from incidentops.plan.effect import Effect, Verb
from incidentops.plan.plan import Plan
from incidentops.plan.resource import Resource, ResourceName, remembered
from incidentops.render.effects import EffectState, FieldChange, changes, shown, standing, summary, why

NAME = ResourceName("2026-11-21-x", "gitlab", "issue")


def an_effect(after: object, before: object = None, verb: Verb = Verb.UPDATE, **more: str) -> Effect:
    return Effect(NAME, verb, before or {}, after, Resource(NAME, {}), **more)  # type: ignore[arg-type]


def the(after: object, before: object = None) -> FieldChange:
    [change] = changes(an_effect({"x": after}, {} if before is None else {"x": before}))
    return change


def test_short_values_stand_side_by_side():
    assert the("new", "old") == FieldChange("x", "old", "new")
    assert the(True, False) == FieldChange("x", "no", "yes")
    assert the(("a", "b"), ()) == FieldChange("x", "nothing", "a, b")
    assert the(None, 3) == FieldChange("x", "3", "nothing")
    assert the("new") == FieldChange("x", "", "new")


def test_a_long_text_that_is_new_is_counted():
    assert the("line\n" * 33) == FieldChange("x", "", "33 lines")


def test_a_long_text_that_changed_is_shown_as_a_difference():
    old, new = "\n".join("abcdef"), "\n".join("abXdef")
    assert the(new, old).lines == ("@@ -2,3 +2,3 @@", " b", "-c", "+X", " d")


def test_a_difference_of_many_lines_is_cut_and_says_so():
    change = the("\n".join(f"new {i}" for i in range(100)), "\n".join(f"old {i}" for i in range(100)))
    assert len(change.lines) == 41
    assert change.lines[-1] == "... and 161 more lines"


def test_a_text_of_which_only_the_digest_is_known_is_another_text():
    long = "line\n" * 40
    assert the("new\nlines", remembered(long)) == FieldChange("x", "another text", "2 lines")
    assert shown(remembered(long)) == "another text"


def test_a_long_value_is_cut():
    assert shown("x" * 200) == "x" * 160 + "…"


def test_how_an_effect_stands():
    assert standing(an_effect({})) is EffectState.TO_DO
    assert standing(an_effect({}, held="late")) is EffectState.HELD
    assert standing(an_effect({}, held="late", unknown="who knows")) is EffectState.UNKNOWN
    assert standing(an_effect({}, refused="nobody reviewed it")) is EffectState.REFUSED
    assert standing(an_effect({}, verb=Verb.MANUAL)) is EffectState.MANUAL
    assert why(an_effect({}, held="late", remark="r")) == "late"


def test_what_customers_read_comes_first():
    name = ResourceName("2026-11-21-x", "statusio", "update", "a")
    resource = Resource(name, {}, customers_read=frozenset({"details"}))
    effect = Effect(name, Verb.POST, {}, {"state": "identified", "details": "We know."}, resource)
    assert [(change.field, change.for_customers) for change in changes(effect)] == [("details", True), ("state", False)]


def test_a_subject_that_is_the_title_is_not_said_twice():
    def fields(**after: str) -> list[str]:
        return [change.field for change in changes(an_effect(after))]

    assert fields(name="Pushes fail", subject="Pushes fail") == ["name"]
    assert fields(subject="Pushes fail") == ["subject"]


def test_records_left_alone_are_counted():
    assert summary(Plan((), unfit={"a": "x"})) == "1 record left alone"
    assert summary(Plan((), unfit={"a": "x", "b": "y"})) == "2 records left alone"


@given(st.text(), st.text())
def test_no_pair_of_texts_breaks_it(before, after):
    assert the(after, before).field == "x"
