"""ACT: corrective actions, with an owner, a date and an end."""

from collections.abc import Iterator
from datetime import date

from incidentops.core import duration
from incidentops.core.finding import Level, Problem
from incidentops.core.text import quoted
from incidentops.model.incident import Incident
from incidentops.rules.engine.context import Context
from incidentops.rules.engine.rule import rule


@rule("ACT001", "action-without-owner-or-due", "A corrective action has no owner or no date", level=Level.ADVISE)
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


@rule("ACT002", "action-due-too-late", "A corrective action is due later than its severity allows", level=Level.ADVISE)
def action_due_too_late(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """Counted in days from the resolve; for a near miss from the first entry. Not judged while people still work."""
    since = _counted_from(incident)
    if since is None:
        return
    for action in incident.corrective_actions:
        severity = action.severity or incident.now.severity
        if action.due is None or severity is None:
            continue
        limit = ctx.handbook.severities[severity].corrective_action_due
        if action.due - since > limit:
            yield Problem(
                ("corrective_actions", action.index, "due"),
                f"corrective action {quoted(action.key)} is due {action.due.isoformat()}; {severity} allows "
                f"{duration.show(limit)} from {since.isoformat()}",
                "choose an earlier day, or cut a first step that fits",
                about=action.owner,
            )


def _counted_from(incident: Incident) -> date | None:
    if incident.is_near_miss:
        return incident.declared.date()
    return incident.resolved_at.date() if incident.resolved_at else None


@rule("ACT003", "action-overdue", "A corrective action is overdue", level=Level.ADVISE)
def action_overdue(incident: Incident, ctx: Context) -> Iterator[Problem]:
    """The day has passed (UTC) and it is neither done nor given up."""
    today = ctx.now.date()
    for action in incident.corrective_actions:
        if action.due and action.due < today and not action.closed:
            yield Problem(
                ("corrective_actions", action.index, "due"),
                f"corrective action {quoted(action.key)} was due {action.due.isoformat()}",
                "add done with evidence, or wont_do with the reason, or agree on a new day",
                about=action.owner,
            )


@rule("ACT004", "action-done-without-evidence", "A corrective action is done without evidence")
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
