"""How a write is shown: the findings, what was written, where it was pushed, and the next step."""

from collections.abc import Mapping

import click
import msgspec

from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import print_findings, print_json
from incidentops.core.text import numbered, visible, visible_lines
from incidentops.flows.write.push import PushFailure, PushResult
from incidentops.flows.write.record import Draft
from incidentops.flows.write.save import NextStep, WriteResult
from incidentops.flows.write.session import WriteSession
from incidentops.model.obligations import next_due
from incidentops.render.findings import values
from incidentops.render.incidents import brief, entry_lines, now_line
from incidentops.render.obligations import due_line, due_values


def show_write(session: WriteSession, result: WriteResult, form: str) -> Exit:
    """Print what came of a write, and return the exit code."""
    if form == "json":
        print_json(_as_json(session, result))
    else:
        _show(session, result)
    if result.refused:
        return Exit.BLOCKED
    return Exit.INCOMPLETE if isinstance(result.pushed, PushFailure) else Exit.DONE


def _show(session: WriteSession, result: WriteResult) -> None:
    draft = result.draft
    if result.mode.dry_run:
        click.echo(visible_lines(draft.diff()), nl=False)
    print_findings(draft.findings)
    if result.refused:
        click.echo(f"nothing was written: {_blocking(draft)}", err=True)
        if draft.incident is not None:
            click.echo("  hint: if this is what happened and is only late, write it with --anyway", err=True)
    if result.written and draft.incident is not None:
        click.echo(visible(draft.file))
        for line in entry_lines(draft.incident.timeline[-1]):
            click.echo(f"  + {line}")
        click.echo(f"now: {now_line(draft.incident)}")
        for due in next_due(draft.incident, session.archive.handbook):
            click.echo(f"due: {due_line(due, session.now)}")
        if draft.blocked:
            click.echo(f"written anyway: the pipeline blocks it until {_blocking(draft)} is fixed or waived", err=True)
        _show_push(result)


def _blocking(draft: Draft) -> str:
    return numbered(sum(finding.blocks for finding in draft.findings), "blocking finding")


def _show_push(result: WriteResult) -> None:
    pushed = result.pushed
    for line in pushed.output if pushed else ():
        click.echo(f"  remote: {visible(line)}", err=True)
    if isinstance(pushed, PushFailure):
        click.echo(f"written, but not pushed: {visible_lines(pushed.reason)}", err=True)
        click.echo(f"  hint: {visible_lines(pushed.hint)}", err=True)
        return
    if pushed:
        click.echo(f"pushed to {visible(pushed.remote)} as {visible(pushed.branch)}")
    click.echo(f"next: {_next(result, pushed)}")


def _next(result: WriteResult, pushed: PushResult | None) -> str:
    if pushed is None:
        return f"push it with --push, or: git add {visible(result.draft.file)} && git commit && git push"
    if result.next_step is NextStep.OPEN_MERGE_REQUEST:
        return f"open a merge request to {visible(pushed.target)}; the server does not take push options"
    address = f": {visible(pushed.request)}" if pushed.request else ""
    return f"it is merged when the pipeline of its merge request succeeds{address}"


def _as_json(session: WriteSession, result: WriteResult) -> Mapping[str, object]:
    draft = result.draft
    due = next_due(draft.incident, session.archive.handbook) if draft.incident else ()
    return {
        "id": draft.id,
        "file": draft.file,
        "written": result.written,
        "blocked": draft.blocked,
        "entry": dict(result.entry),
        "now": msgspec.to_builtins(brief(draft.incident)) if draft.incident else None,
        "next_due": due_values(due, session.now),
        "findings": values(draft.findings),
        "diff": draft.diff() if result.mode.dry_run else None,
        "pushed": _push_as_json(result.pushed),
        "next_step": result.next_step,
    }


def _push_as_json(pushed: PushResult | PushFailure | None) -> Mapping[str, object] | None:
    match pushed:
        case None:
            return None
        case PushFailure(reason=reason, hint=hint, output=output):
            return {"status": "failed", "reason": reason, "hint": hint, "output": list(output)}
        case PushResult():
            return {
                "status": "pushed",
                "remote": pushed.remote,
                "branch": pushed.branch,
                "target": pushed.target,
                "commit": pushed.sha,
                "merge_request": pushed.request or None,
                "output": list(pushed.output),
            }
