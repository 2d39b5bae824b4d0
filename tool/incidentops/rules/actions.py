"""ACT: corrective actions, with an owner, a date and an end."""

from collections.abc import Iterator

from incidentops.core import duration
from incidentops.core.finding import Level, Problem
from incidentops.core.text import quoted
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import BOTH, rule, timed


@rule("ACT001", "A corrective action has no owner or no date", level=Level.ADVISE)
def action_without_owner_or_due(incident: Incident, _: Context) -> Iterator[Problem]:
    """What belongs to nobody, or to no day, is not done."""
    for action in incident.corrective_actions:
        missing = [name for name, value in (("owner", action.owner), ("due", action.due)) if not value]
        if missing:
            yield Problem(
                ("corrective_actions", action.index),
                f"corrective action {quoted(action.key)} has no {' and no '.join(missing)}",
                "add who does it and the last day: owner: ..., due: 2026-12-05",
                about=action.owner,
            )


@timed("ACT002", "A corrective action is due later than its severity allows", kinds=BOTH)
def action_due_too_late(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """Counted in days from the resolve; for a near miss from the first entry. Not checked while people still work."""
    for late in ctx.late("ACT002"):
        action = incident.corrective_actions[late.index]
        limit = duration.show(late.due.date() - late.since.date())
        yield Problem(
            late.pointer,
            f"corrective action {quoted(action.key)} is due {action.due}; {action.severity or incident.now.severity} "
            f"allows {limit} from {late.since.date().isoformat()}",
            "choose an earlier day, or cut a first step that fits",
            about=late.person,
        )


@timed("ACT003", "A corrective action is overdue", kinds=BOTH)
def action_overdue(_: Incident, ctx: Context) -> Iterator[Problem]:
    """The day has passed (UTC) and it is neither done nor given up."""
    for late in ctx.late("ACT003"):
        yield Problem(
            late.pointer,
            f"corrective action {quoted(late.name)} was due {late.due.date().isoformat()}",
            "add done with evidence, or wont_do with the reason, or agree on a new day",
            about=late.person,
        )


@rule("ACT004", "A corrective action is done without evidence")
def action_done_without_evidence(incident: Incident, _: Context) -> Iterator[Problem]:
    """A link that anybody can follow: the merge request, the dashboard, the runbook."""
    for action in incident.corrective_actions:
        if action.done and not action.evidence:
            yield Problem(
                ("corrective_actions", action.index, "done"),
                f"corrective action {quoted(action.key)} is done without evidence",
                "add evidence: a link to what shows it",
                about=action.owner,
            )
