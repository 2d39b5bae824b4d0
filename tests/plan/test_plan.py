"""The plan and its approval."""

from dataclasses import replace

from incidentops.plan.effect import Effect, Verb
from incidentops.plan.plan import Plan
from incidentops.plan.resource import Resource, ResourceName

NAME = ResourceName("2026-11-21-a", "gitlab", "issue")
EFFECT = Effect(NAME, Verb.CREATE, {}, {"title": "a"}, Resource(NAME, {"title": "a"}))
ADOPT = replace(EFFECT, verb=Verb.ADOPT)
SKIPPED = replace(EFFECT, skip_reason="late")


def test_a_plan_is_empty_only_when_there_is_nothing_to_tell() -> None:
    assert Plan(()).empty
    assert Plan((), not_configured={"gitlab": "x"}).empty
    assert not Plan((), unreachable={"gitlab": "x"}).empty
    assert not Plan((), invalid_records={"i": "x"}).empty
    assert not Plan((SKIPPED,)).empty


def test_what_is_to_do_and_what_others_would_see() -> None:
    plan = Plan((EFFECT, ADOPT, SKIPPED))
    assert plan.to_do == (EFFECT, ADOPT)
    assert plan.changes == (EFFECT,)


def test_a_smaller_plan_is_approved_and_a_new_effect_is_not() -> None:
    new = replace(EFFECT, after={"title": "b"})
    approved = [EFFECT.digest]
    assert Plan((EFFECT, ADOPT)).unapproved(approved) == ()
    assert Plan(()).unapproved(approved) == ()
    assert Plan((EFFECT, new)).unapproved(approved) == (new,)


def test_the_digest_of_a_plan_is_about_its_effects_in_whatever_order() -> None:
    other = replace(EFFECT, after={"title": "b"})
    assert Plan((EFFECT, other)).digest == Plan((other, EFFECT), notes=("x",)).digest
    assert len({Plan(()).digest, Plan((EFFECT,)).digest, Plan((other,)).digest}) == 3
