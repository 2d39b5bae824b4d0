"""What becomes of effects."""

import pytest

from incidentops.plan.effect import Effect, Verb
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.resource import Resource, ResourceName

NAME = ResourceName("2026-11-21-a", "gitlab", "issue")
EFFECT = Effect(NAME, Verb.CREATE, {}, {}, Resource(NAME, {}))


@pytest.mark.parametrize(
    ("status", "ok"),
    [
        (OutcomeStatus.DONE, True),
        (OutcomeStatus.SKIPPED, True),
        (OutcomeStatus.MANUAL, True),
        (OutcomeStatus.FAILED, False),
        (OutcomeStatus.UNRESOLVED, False),
        (OutcomeStatus.REFUSED, False),
        (OutcomeStatus.BLOCKED, False),
    ],
)
def test_what_leaves_something_for_a_later_run_is_not_ok(status: OutcomeStatus, ok: bool) -> None:
    assert Outcome(EFFECT, status).ok is ok
