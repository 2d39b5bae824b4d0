"""What reviewers saw of an effect: the end that each field reaches, not the way there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from incidentops.plan.approval import Unreviewed, shown, unseen
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.resource import Fields, Resource, ResourceName

NAME = ResourceName("2026-11-21-a", "gitlab", "issue")


def an_effect(verb: Verb = Verb.UPDATE, name: ResourceName = NAME, **after: object) -> Effect:
    fields: Fields = after  # type: ignore[assignment]
    return Effect(name, verb, {}, fields, Resource(name, {}))


CREATE = an_effect(Verb.CREATE, title="Pushes fail", state="opened")


def test_what_was_shown_was_seen_and_a_part_of_it_too() -> None:
    plan = [shown([CREATE])]
    assert not unseen(CREATE, plan)
    assert not unseen(an_effect(title="Pushes fail"), plan)
    assert unseen(an_effect(title="Other"), plan) == Unreviewed(("title",))
    assert unseen(an_effect(title="Pushes fail", labels=("a",)), plan) == Unreviewed(("labels",))


def test_the_way_to_a_value_does_not_matter() -> None:
    """The plan was made while an earlier run was still at work: a creation has become an update since."""
    seen = shown([replace(an_effect(title="b"), before={"title": "a"})])
    assert not unseen(replace(an_effect(title="b"), before={"title": "somebody's"}), [seen])


def test_a_create_must_have_been_reviewed() -> None:
    plan = [shown([an_effect(title="Pushes fail", state="opened")])]
    assert unseen(CREATE, plan) == Unreviewed((), making=True)
    assert unseen(an_effect(Verb.POST), [shown([])]) == Unreviewed((), making=True)
    assert bool(Unreviewed((), making=True))


def test_another_resource_or_another_record_is_another_thing() -> None:
    plan = [shown([CREATE])]
    assert unseen(replace(CREATE, name=replace(NAME, key="b")), plan)
    assert unseen(replace(CREATE, name=replace(NAME, incident="2026-11-21-b")), plan)


def test_what_was_skipped_or_manual_is_not_approved() -> None:
    assert unseen(CREATE, [shown([replace(CREATE, skip_reason="too late")])])
    assert unseen(an_effect(title="a"), [shown([an_effect(Verb.MANUAL, title="a")])])


def test_what_was_unresolved_counts_as_reviewed() -> None:
    assert not unseen(CREATE, [shown([replace(CREATE, unresolved="a run that did not end may have made it")])])


def test_several_plans_add_up() -> None:
    first, second = shown([CREATE]), shown([an_effect(labels=("a",))])
    assert not unseen(an_effect(title="Pushes fail", labels=("a",)), [second, first])


def test_what_a_person_moved_is_restored_without_a_review() -> None:
    moved = replace(an_effect(title="Pushes fail", labels=("a",)), restored=("title",))
    assert unseen(moved, []) == Unreviewed(("labels",))


def test_taking_over_and_what_several_records_decide_need_none() -> None:
    assert not unseen(an_effect(Verb.ADOPT, id="7"), [])
    joint = an_effect(Verb.CREATE, status="operational")
    assert not unseen(replace(joint, resource=Resource(NAME, {}, joint=True)), [])


def test_a_long_text_is_compared_by_its_digest() -> None:
    plan = [shown([an_effect(description="a\n" * 300)])]
    assert not unseen(an_effect(description="a\n" * 300), plan)
    assert unseen(an_effect(description="a\n" * 301), plan)


fields = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["1", "2", ("x",), True, None]), max_size=3)
effects = st.builds(
    lambda verb, key, after: an_effect(verb, replace(NAME, key=key), **after),
    st.sampled_from(Verb), st.sampled_from(["", "k"]), fields,
)  # fmt: skip


@given(st.lists(effects, max_size=4))
def test_a_plan_covers_itself_but_for_what_a_person_must_do(found: list[Effect]) -> None:
    """With one effect a resource, as every plan has."""
    single = list({effect.name: effect for effect in found if effect.verb is not Verb.MANUAL}.values())
    assert [effect for effect in single if unseen(effect, [shown(single)])] == []


@given(st.lists(effects, max_size=4), st.lists(effects, max_size=4), effects)
def test_one_more_plan_never_hides_anything(some: list[Effect], more: list[Effect], effect: Effect) -> None:
    if not unseen(effect, [shown(some)]):
        assert not unseen(effect, [shown(some), shown(more)])


@pytest.mark.parametrize("verb", [Verb.CREATE, Verb.POST, Verb.UPDATE])
def test_without_any_plan_nothing_is_seen(verb: Verb) -> None:
    assert unseen(an_effect(verb, title="a"), [])
