"""Why an effect was refused, in words."""

from incidentops.plan.approval import shown, unseen
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.resource import Resource, ResourceName
from incidentops.render.refusals import difference

NAME = ResourceName("2026-11-21-a", "gitlab", "issue")


def said(effect: Effect, *reviewed: Effect) -> str:
    plans = [shown(reviewed)]
    return difference(effect, unseen(effect, plans), plans)


def an_effect(verb: Verb, after: dict[str, object], before: dict[str, object] | None = None) -> Effect:
    return Effect(NAME, verb, before or {}, after, Resource(NAME, {}))  # type: ignore[arg-type]


def test_each_field_is_told_before_and_after_and_as_it_was_reviewed() -> None:
    now = an_effect(Verb.UPDATE, {"labels": ("a", "b"), "state": "closed"}, {"labels": ("a",)})
    reviewed = an_effect(Verb.UPDATE, {"labels": ("a", "c"), "state": "closed"})
    assert said(now, reviewed) == "labels 'a' -> 'a, b' (reviewed: 'a, c')"


def test_what_is_made_and_was_not_shown_is_told_with_all_that_it_says() -> None:
    made = an_effect(Verb.CREATE, {"title": "Pushes\nfail \x1b[2J"})
    assert said(made) == "that gitlab.issue is made at all; title 'Pushes fail \\x1b[2J'"


def test_long_texts_are_cut_and_digests_are_called_texts() -> None:
    now = an_effect(Verb.UPDATE, {"description": "word " * 100}, {"description": "sha256:abc"})
    told = said(now, an_effect(Verb.UPDATE, {"description": "other\n" * 100}))
    assert told.startswith("description 'another text' -> 'word word")
    assert told.endswith("…' (reviewed: 'another text')")
    assert len(told) < 400
