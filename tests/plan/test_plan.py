"""The plan and its approval."""

import pytest
from msgspec.structs import replace

from incidentops.plan.effect import Effect, Verb
from incidentops.plan.nature import Nature
from incidentops.plan.plan import Plan, cap_creations
from incidentops.plan.resource import Resource, ResourceName

NAME = ResourceName("2026-11-21-a", "gitlab", "issue")
EFFECT = Effect(NAME, Verb.CREATE, {}, {"title": "a"}, Resource(NAME, {"title": "a"}))
ADOPT = replace(EFFECT, verb=Verb.ADOPT)
SKIPPED = replace(EFFECT, skip_reason="late")


def test_a_plan_with_an_effect_or_a_problem_is_not_empty() -> None:
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


def an_effect(number: int, nature: Nature = Nature.STATE, **changes: object) -> Effect:
    name = ResourceName(f"2026-11-21-{number}", "gitlab", "issue")
    return replace(Effect(name, Verb.CREATE, {}, {}, Resource(name, {}, nature=nature)), **changes)  # type: ignore[arg-type]


def test_what_is_made_beyond_the_cap_is_left_for_the_next_run() -> None:
    capped = cap_creations([an_effect(n) for n in range(4)], 2)
    assert [bool(effect.unresolved) for effect in capped] == [False, False, True, True]
    assert capped[2].unresolved == "more than 2 would be made in one run; run again, or allow it with --max-creates"


@pytest.mark.parametrize("nature", [Nature.PAGE, Nature.MESSAGE, Nature.LOOKUP])
def test_pages_and_messages_are_never_left_and_take_nobodys_place(nature: Nature) -> None:
    others = [an_effect(n, nature) for n in range(9)]
    assert cap_creations([*others, an_effect(9)], 1) == (*others, an_effect(9))


def test_an_alarm_counts() -> None:
    assert cap_creations([an_effect(0, Nature.ALARM)], 0)[0].unresolved


def test_only_what_would_be_there_twice_counts() -> None:
    label = an_effect(0, resource=Resource(ResourceName("", "gitlab", "label", "a"), {}, idempotent=True))
    others = [label, an_effect(2, verb=Verb.UPDATE), an_effect(3, skip_reason="late"), an_effect(4, verb=Verb.ADOPT)]
    assert cap_creations(others, 0) == tuple(others)
