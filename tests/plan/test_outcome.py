"""How effects end."""

import pytest

from incidentops.plan.effect import Effect, Verb
from incidentops.plan.outcome import Ending, Outcome
from incidentops.plan.resource import Resource, ResourceName

NAME = ResourceName("2026-11-21-a", "gitlab", "issue")
EFFECT = Effect(NAME, Verb.CREATE, {}, {}, Resource(NAME, {}))


@pytest.mark.parametrize(
    ("ending", "well"),
    [
        (Ending.DONE, True),
        (Ending.HELD, True),
        (Ending.MANUAL, True),
        (Ending.FAILED, False),
        (Ending.UNKNOWN, False),
        (Ending.WAITING, False),
    ],
)
def test_what_leaves_something_for_a_later_run_is_not_well(ending: Ending, well: bool) -> None:
    assert Outcome(EFFECT, ending).well is well
