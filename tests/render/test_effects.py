"""An effect in words."""

from hypothesis import given
from hypothesis import strategies as st

from incidentops.plan import approval
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.plan import Plan
from incidentops.plan.resource import Ref, Resource, ResourceName, remembered
from incidentops.render.effects import (
    FieldChange,
    by_incident,
    changes,
    shown,
    summary,
    unreviewed,
)

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


def test_what_customers_read_comes_first():
    name = ResourceName("2026-11-21-x", "statusio", "update", "a")
    resource = Resource(name, {}, customers_read=frozenset({"details"}))
    effect = Effect(name, Verb.POST, {}, {"state": "identified", "details": "We know."}, resource)
    assert [(change.field, change.for_customers) for change in changes(effect)] == [("details", True), ("state", False)]


def test_a_subject_that_equals_the_name_is_left_out():
    def fields(**after: str) -> list[str]:
        return [change.field for change in changes(an_effect(after))]

    assert fields(name="Pushes fail", subject="Pushes fail") == ["name"]
    assert fields(subject="Pushes fail") == ["subject"]


def test_invalid_records_are_counted():
    assert summary(Plan((), invalid_records={"a": "x"})) == "1 invalid record"
    assert summary(Plan((), invalid_records={"a": "x", "b": "y"})) == "2 invalid records"


@given(st.text(), st.text())
def test_no_pair_of_texts_breaks_it(before, after):
    assert the(after, before).field == "x"


def test_a_reference_is_shown_as_a_name():
    assert shown((Ref(NAME), "x")) == "gitlab.issue, x"


def test_effects_are_shown_by_record_in_the_plans_order_and_what_is_shared_comes_first():
    def named(incident: str, key: str) -> Effect:
        name = ResourceName(incident, "gitlab", "action", key)
        return Effect(name, Verb.CREATE, {}, {}, Resource(name, {}))

    plan = [named("b", "2"), named("a", "x"), named("", "label"), named("b", "1")]
    found = by_incident(plan)
    assert [(incident, [e.name.key for e in some]) for incident, some in found.items()] == [
        ("", ["label"]), ("b", ["2", "1"]), ("a", ["x"]),
    ]  # fmt: skip


def unreviewed_text(effect: Effect, *reviewed: Effect) -> str:
    plans = [approval.shown(reviewed)]
    return unreviewed(effect, approval.unseen(effect, plans), plans)


def test_each_field_is_shown_before_and_after_and_as_it_was_reviewed() -> None:
    now = an_effect({"labels": ("a", "b"), "state": "closed"}, {"labels": ("a",)})
    reviewed = an_effect({"labels": ("a", "c"), "state": "closed"})
    assert unreviewed_text(now, reviewed) == "labels 'a' -> 'a, b' (reviewed: 'a, c')"


def test_a_create_that_was_not_reviewed_is_shown_with_all_its_fields() -> None:
    made = an_effect({"title": "Pushes\nfail \x1b[2J"}, verb=Verb.CREATE)
    assert unreviewed_text(made) == "that gitlab.issue is made at all; title 'Pushes fail \\x1b[2J'"


def test_long_texts_are_cut_and_digests_are_called_texts() -> None:
    now = an_effect({"description": "word " * 100}, {"description": "sha256:abc"})
    text = unreviewed_text(now, an_effect({"description": "other\n" * 100}))
    assert text.startswith("description 'another text' -> 'word word")
    assert text.endswith("…' (reviewed: 'another text')")
    assert len(text) < 400
