"""A plan as JSON: what an approval refers to, in this version and in the one before it."""

import json

import pytest
from hypothesis import given

from incidentops.core.errors import Refused
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.plan import Plan
from incidentops.plan.resource import Ref, Resource, ResourceName
from incidentops.render import plan_json
from paths import TESTS
from render.test_plans import a_plan, hostile_plans

OLD = TESTS / "upgrade" / "8722c51" / "plan.json"


def test_json_has_everything_in_full_and_is_always_the_same():
    made = plan_json.as_json(a_plan())
    assert made == plan_json.as_json(a_plan())
    plan = json.loads(made)
    assert plan["version"] == 2
    assert [len(effect["digest"]) for effect in plan["effects"]] == [64] * 8
    assert plan["effects"][2]["after"]["description"] == "line\n" * 34


# Approval


def test_a_plan_that_is_read_back_says_for_which_commit_it_was_made():
    made = plan_json.read(plan_json.as_json(a_plan(), "0123abc"))
    assert made.commit == "0123abc"
    assert [(e.digest, e.skip_reason, e.unresolved) for e in made.effects] == [
        (e.digest, e.skip_reason, e.unresolved) for e in a_plan().effects
    ]


def test_what_was_to_do_is_approved_and_what_was_skipped_is_not():
    plan = a_plan()
    approved = plan_json.read_approved(plan_json.as_json(plan))
    assert approved == {effect.digest for effect in plan.to_do}
    assert plan.unapproved(approved) == ()


@given(hostile_plans())
def test_a_plan_that_was_written_can_be_read(plan):
    approved = plan_json.read_approved(plan_json.as_json(plan))
    assert approved == {effect.digest for effect in plan.to_do}


@pytest.mark.parametrize(
    "content",
    [
        "", "{", "[]", "null", "{}", '{"version": 3, "effects": []}', '{"version": true, "effects": []}',
        '{"version": 2}', '{"version": 1}', '{"version": 1, "effects": {}}', '{"version": 1, "effects": [1]}',
        '{"version": 1, "effects": [{"to_do": true}]}', '{"version": 1, "version": 1, "effects": []}', "[" * 100_000,
    ],
)  # fmt: skip
def test_an_approval_that_cannot_be_read_refuses(content):
    with pytest.raises(Refused, match="cannot be read"):
        plan_json.read_approved(content)


@pytest.mark.parametrize(
    "change",
    [
        ("digest", "0" * 64),
        ("verb", "post"),
        ("after", {"title": "other"}),
        ("to_do", False),
        ("skip_reason", "it is late"),
        ("unresolved", "x"),
    ],
)
def test_an_approval_whose_effects_were_changed_refuses(change):
    plan = json.loads(plan_json.as_json(a_plan()))
    plan["effects"][2][change[0]] = change[1]
    with pytest.raises(Refused, match=r"the digest of .* does not fit"):
        plan_json.read_approved(json.dumps(plan))


@pytest.mark.parametrize(
    ("broken", "problem"),
    [
        ({"after": [1]}, r"Expected `object`, got `array` - at `\$\.effects\[2\]\.after`"),
        ({"after": {"x": {}}}, "no field has a value like '{}'"),
        ({"after": {"x": 1.5}}, "no field has a value like '1.5'"),
        ({"resource": "x"}, "not a resource: 'x'"),
        ({"skip_reason": None}, r"Expected `str`, got `null` - at `\$\.effects\[2\]\.skip_reason`"),
    ],
)
def test_an_approval_with_values_that_no_field_has_refuses(broken, problem):
    plan = json.loads(plan_json.as_json(a_plan()))
    plan["effects"][2].update(broken)
    with pytest.raises(Refused, match=problem):
        plan_json.read_approved(json.dumps(plan))


def test_the_refusal_says_why_an_approval_cannot_be_read():
    for content, why in (
        ('{"version": 3, "effects": []}', "it has version 3, and this program reads 1 and 2"),
        ("{", "it is not JSON"),
        ('{"version": 2, "effects": [{"incident": 3}]}', "`$.effects[0].incident`"),
        ('{"version": 2, "version": 2}', "a key stands there twice"),
    ):
        with pytest.raises(Refused) as refused:
            plan_json.read(content)
        assert why in refused.value.message


def test_a_reference_is_written_as_a_name_and_read_with_the_same_digest():
    name = ResourceName("i", "gitlab", "link", "review")
    link = Effect(name, Verb.CREATE, {}, {"to": Ref(ResourceName("i", "gitlab", "review"))}, Resource(name, {}))
    written = plan_json.as_json(Plan((link,)))
    assert json.loads(written)["effects"][0]["after"] == {"to": "gitlab.review"}
    assert plan_json.read_approved(written) == {link.digest}


def test_a_plan_of_version_1_is_read():
    content = OLD.read_text(encoding="utf-8")
    plan = json.loads(content)
    reading = plan_json.read(content)
    assert reading.commit == plan["commit"]
    assert [effect.digest for effect in reading.effects] == [effect["digest"] for effect in plan["effects"]]
    assert plan_json.read_approved(content) == {e["digest"] for e in plan["effects"] if e["to_do"]}


def test_an_effect_that_version_1_held_or_did_not_know_is_not_approved():
    plan = json.loads(OLD.read_text(encoding="utf-8"))
    for key, effect in zip(("held", "unknown"), plan["effects"], strict=False):
        effect[key], effect["to_do"] = "why not", False
    approved = plan_json.read_approved(json.dumps(plan))
    assert approved == {effect["digest"] for effect in plan["effects"][2:]}
