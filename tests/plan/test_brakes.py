"""The cap on what is made in one run."""

from dataclasses import replace

import pytest

from incidentops.plan.brakes import cap_creations
from incidentops.plan.effect import Effect, Verb
from incidentops.plan.nature import Nature
from incidentops.plan.resource import Resource, ResourceName


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
