"""Effects and their digests."""

from msgspec.structs import replace

from incidentops.plan.effect import Effect, EffectState, Verb
from incidentops.plan.nature import Nature
from incidentops.plan.resource import Ref, Resource, ResourceName

NAME = ResourceName("2026-11-21-a", "gitlab", "issue")
EFFECT = Effect(NAME, Verb.CREATE, {}, {"title": "a"}, Resource(NAME, {"title": "a"}))


def test_the_digest_is_about_the_change_and_nothing_else() -> None:
    assert replace(EFFECT, remark="x", skip_reason="y", unresolved="z").digest == EFFECT.digest
    others = (
        replace(EFFECT, verb=Verb.UPDATE),
        replace(EFFECT, before={"title": "b"}),
        replace(EFFECT, after={"title": "b"}),
        replace(EFFECT, name=replace(NAME, incident="2026-11-21-b")),
        replace(EFFECT, name=replace(NAME, key="k")),
    )
    assert len({EFFECT.digest, *(effect.digest for effect in others)}) == 6


def test_the_digest_of_a_known_effect_never_changes() -> None:
    assert EFFECT.digest == "639b306e3cfd36f7daa9392ca6b1ce1b09266e6ca2929779fe1fe6f68a8419ce"


def test_only_what_cannot_be_repeated_is_done_once() -> None:
    assert EFFECT.once
    assert not replace(EFFECT, verb=Verb.UPDATE).once
    assert not replace(EFFECT, resource=replace(EFFECT.resource, idempotent=True)).once


def test_an_intent_comes_before_what_is_done_once_but_not_before_a_page() -> None:
    page = replace(EFFECT, resource=replace(EFFECT.resource, nature=Nature.PAGE))
    assert (EFFECT.needs_intent, page.once, page.needs_intent) == (True, True, False)
    assert not replace(EFFECT, verb=Verb.UPDATE).needs_intent


def test_a_reference_has_the_digest_of_its_name() -> None:
    by_name = replace(EFFECT, after={"to": "gitlab.review", "all": ("gitlab.review", "x")})
    review = Ref(replace(NAME, kind="review"))
    assert replace(EFFECT, after={"to": review, "all": (review, "x")}).digest == by_name.digest


def test_what_is_skipped_unresolved_or_for_a_person_is_not_to_do() -> None:
    assert EFFECT.to_do
    assert not replace(EFFECT, skip_reason="x").to_do
    assert not replace(EFFECT, unresolved="x").to_do
    assert not replace(EFFECT, refused="x").to_do
    assert not replace(EFFECT, verb=Verb.MANUAL).to_do


def test_the_state_of_an_effect_follows_from_its_reasons() -> None:
    assert EFFECT.state is EffectState.TO_DO
    assert replace(EFFECT, skip_reason="late").state is EffectState.SKIPPED
    assert replace(EFFECT, skip_reason="late", unresolved="who knows").state is EffectState.UNRESOLVED
    assert replace(EFFECT, refused="nobody reviewed it").state is EffectState.REFUSED
    assert replace(EFFECT, verb=Verb.MANUAL).state is EffectState.MANUAL
    assert replace(EFFECT, skip_reason="late", remark="r").reason == "late"
