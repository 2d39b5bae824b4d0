"""How a run ended, for people and for programs."""

import json
from collections import Counter
from collections.abc import Sequence

from incidentops.core.text import visible
from incidentops.plan.outcome import Ending, Outcome
from incidentops.plan.plan import Plan
from incidentops.render.effects import NOTHING_TO_DO

WORDS = {
    Ending.DONE: "done",
    Ending.HELD: "held back",
    Ending.MANUAL: "for a person",
    Ending.FAILED: "failed",
    Ending.UNKNOWN: "needs a person",
    Ending.REFUSED: "refused",
    Ending.WAITING: "waiting",
}
"""How an ending is said to people."""


def line(outcome: Outcome) -> str:
    """Return one outcome as a line."""
    effect = outcome.effect
    where = f"  {visible(outcome.url)}" if outcome.url else ""
    why = f"  ({visible(outcome.said)})" if outcome.said else ""
    subject = f"{effect.name.incident}  " if effect.name.incident else ""
    return f"{WORDS[outcome.ending]:<14} {effect.verb:<6} {visible(subject)}{visible(effect.name.short)}{where}{why}"


def summary(plan: Plan, outcomes: Sequence[Outcome]) -> str:
    """Return what came of the run, in one line for each thing that a person should know."""
    lines = [counted(outcomes)]
    lines += [f"{name} is off: {visible(why)}" for name, why in plan.off.items()]
    lines += [f"{name} could not be read: {visible(why)}" for name, why in plan.down.items()]
    lines += [f"left alone: {visible(incident)}: {visible(why)}" for incident, why in plan.unfit.items()]
    lines += [f"note: {visible(note)}" for note in plan.notes]
    return "\n".join(lines)


def counted(outcomes: Sequence[Outcome]) -> str:
    """Return how many effects ended how, as in `3 done, 1 held back`."""
    counts = Counter(outcome.ending for outcome in outcomes)
    told = [f"{counts[ending]} {WORDS[ending]}" for ending in Ending if counts[ending]]
    return ", ".join(told) if told else NOTHING_TO_DO


def as_json(plan: Plan, outcomes: Sequence[Outcome]) -> str:
    """Return the run as JSON: `outcomes` in the order of the run, and what stood in the way."""
    value = {
        "version": 1,
        "outcomes": [
            {
                "incident": outcome.effect.name.incident,
                "resource": outcome.effect.name.short,
                "verb": outcome.effect.verb,
                "digest": outcome.effect.digest,
                "ending": outcome.ending,
                "said": outcome.said,
                "url": outcome.url,
            }
            for outcome in outcomes
        ],
        "off": dict(plan.off),
        "down": dict(plan.down),
        "unfit": dict(plan.unfit),
        "notes": list(plan.notes),
    }
    return json.dumps(value, indent=2)
