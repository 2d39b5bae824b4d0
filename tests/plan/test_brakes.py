"""The cap on creations."""

from dataclasses import replace

from incidentops.plan.brakes import cap_creations
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.resource import Resource, ResourceName


def an_effect(number: int, **changes: object) -> Effect:
    name = ResourceName(f"2026-11-21-{number}", "gitlab", "issue")
    return replace(Effect(name, Verb.CREATE, {}, {}, Resource(name, {})), **changes)  # type: ignore[arg-type]


def test_creations_beyond_the_cap_wait() -> None:
    capped = cap_creations([an_effect(n) for n in range(4)], 2)
    assert [bool(effect.unknown) for effect in capped] == [False, False, True, True]
    assert capped[2].unknown == "more than 2 would be made in one run; run again, or allow it with --max-creates"


def test_only_creations_that_would_be_seen_twice_count() -> None:
    label = an_effect(0, resource=Resource(ResourceName("", "gitlab", "label", "a"), {}, repeatable=True))
    others = [label, an_effect(1, verb=Verb.POST), an_effect(2, verb=Verb.UPDATE), an_effect(3, held="late")]
    assert cap_creations(others, 0) == tuple(others)
