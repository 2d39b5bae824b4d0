"""How a run ended, for people and for programs."""

import json
from collections import Counter
from collections.abc import Sequence

import msgspec

from incidentops.core.text import visible
from incidentops.plan.effect import Verb
from incidentops.plan.outcome import Outcome, OutcomeStatus
from incidentops.plan.plan import Plan
from incidentops.render.effects import nothing_to_do, remarks

VERSION = 2

WORDS = {
    OutcomeStatus.DONE: "done",
    OutcomeStatus.SKIPPED: "skipped",
    OutcomeStatus.MANUAL: "for a person",
    OutcomeStatus.FAILED: "failed",
    OutcomeStatus.UNRESOLVED: "unresolved",
    OutcomeStatus.REFUSED: "refused",
    OutcomeStatus.BLOCKED: "blocked",
}
"""How a status is called for people."""


def line(outcome: Outcome) -> str:
    """Return one outcome as a line."""
    effect = outcome.effect
    where = f"  {visible(outcome.url)}" if outcome.url else ""
    why = f"  ({visible(outcome.detail)})" if outcome.detail else ""
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


class OutcomeLine(msgspec.Struct, frozen=True):
    """One outcome of a run."""

    incident: str
    resource: str
    verb: Verb
    digest: str
    status: OutcomeStatus
    detail: str
    url: str


class RunFile(msgspec.Struct, frozen=True):
    """What came of a run: `outcomes` in the order of the run, and what stood in the way."""

    version: int
    outcomes: tuple[OutcomeLine, ...]
    not_configured: dict[str, str]
    unreachable: dict[str, str]
    invalid_records: dict[str, str]
    notes: tuple[str, ...]


def as_json(plan: Plan, outcomes: Sequence[Outcome]) -> str:
    """Return the run as JSON."""
    file = RunFile(
        VERSION,
        tuple(map(_line, outcomes)),
        dict(plan.not_configured),
        dict(plan.unreachable),
        dict(plan.invalid_records),
        plan.notes,
    )
    return json.dumps(msgspec.to_builtins(file), indent=2)


def _line(outcome: Outcome) -> OutcomeLine:
    effect = outcome.effect
    return OutcomeLine(
        effect.name.incident,
        effect.name.short,
        effect.verb,
        effect.digest,
        outcome.status,
        outcome.detail,
        outcome.url,
    )
