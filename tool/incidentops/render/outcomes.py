"""How a run ended, for people and for programs."""

import json
from collections import Counter
from collections.abc import Sequence

from incidentops.core.text import visible
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.plan import Plan
from incidentops.render.effects import identity, nothing_to_do, obstacles, remarks

VERSION = 2

WORDS = {status: status.value for status in OutcomeStatus} | {OutcomeStatus.MANUAL: "for a person"}
"""The words for a status that people read."""


def line(outcome: Outcome, before: str = "") -> str:
    """Return one outcome as a line; `before` is the detail of the line above: many effects may fail for one reason."""
    effect = outcome.effect
    where = f"  {visible(outcome.url)}" if outcome.url else ""
    detail = "as above" if outcome.detail == before else outcome.detail
    why = f"  ({visible(detail)})" if outcome.detail else ""
    subject = f"{effect.name.incident}  " if effect.name.incident else ""
    return f"{WORDS[outcome.status]:<14} {effect.verb:<6} {visible(subject)}{visible(effect.name.short)}{where}{why}"


def summary(plan: Plan, outcomes: Sequence[Outcome]) -> str:
    """Return what came of the run, in one line for each thing that a person should know."""
    lines = [counted(outcomes) or nothing_to_do(plan)]
    lines += [f"{visible(subject)}: {visible(reason)}" for subject, reason in remarks(plan)]
    return "\n".join(lines)


def counted(outcomes: Sequence[Outcome]) -> str:
    """Return how many effects ended how, as in `3 done, 1 skipped`; empty when there were none."""
    counts = Counter(outcome.status for outcome in outcomes)
    return ", ".join(f"{counts[status]} {WORDS[status]}" for status in OutcomeStatus if counts[status])


def as_json(plan: Plan, outcomes: Sequence[Outcome]) -> str:
    """Return the run as JSON: `outcomes` in the order of the run, and what stood in the way."""
    lines = [
        {**identity(outcome.effect), "status": outcome.status, "detail": outcome.detail, "url": outcome.url}
        for outcome in outcomes
    ]
    return json.dumps({"version": VERSION, "outcomes": lines, **obstacles(plan)}, indent=2)
