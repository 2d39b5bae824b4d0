"""The end of every writing command: show what the rules say, write the file, push it, say where things stand."""

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

import click

from incidentops.cli.support.exits import Exit
from incidentops.cli.support.output import print_findings, print_json
from incidentops.cli.support.writing import RecordTarget, WriteSession, base_of
from incidentops.core.errors import Failed, Refused
from incidentops.core.text import quoted, visible, visible_lines
from incidentops.flows.write.push import PushBase, PushFailure, PushResult, push_record
from incidentops.flows.write.record import Draft, append, commit_message
from incidentops.model.obligations import next_due
from incidentops.render.findings import values
from incidentops.render.incidents import brief, entry_lines, now_line, summary
from incidentops.render.obligations import due_line, due_values
from incidentops.store.atomic import write_atomically
from incidentops.store.yaml.emit import YamlValue


def add(session: WriteSession, target: RecordTarget, entry: Mapping[str, YamlValue]) -> int:
    """Append an entry to a record, judge it, write it, push it. Returns the exit code."""
    draft = append(session.archive, target.file, target.text, entry, session.judge)
    return _finish(session, draft, entry, target.base, target.disk)


def add_new(session: WriteSession, draft: Draft) -> int:
    """Judge a new record, write it, push it. Returns the exit code. Raises Refused when the server has one already."""
    base = base_of(session, draft.file)
    if isinstance(base, PushBase) and base.text is not None:
        raise Refused(f"{base.remote} has a record {quoted(draft.id)} already", "git pull, or choose another --slug")
    entry = draft.incident.timeline[0].content if draft.incident else {}
    return _finish(session, draft, entry, base, None)


def _finish(
    session: WriteSession,
    draft: Draft,
    entry: Mapping[str, object],
    base: PushBase | PushFailure | None,
    disk: str | None,
) -> int:
    options = session.options
    refused = draft.incident is None or (draft.blocked and not options.anyway)
    landing: PushResult | PushFailure | None = None
    message = commit_message(draft.id, entry, new=draft.before is None) if entry else ""
    if not refused and not options.dry_run:
        _write(session.archive.root / draft.file, draft.after, disk)
        landing = _land(session, draft, message, base)
    if options.form == "json":
        _say_json(session, draft, entry, landing, written=not refused and not options.dry_run)
    else:
        _say(session, draft, landing, refused=refused)
    if refused or (options.dry_run and draft.blocked and not options.anyway):
        return Exit.BLOCKED
    return Exit.INCOMPLETE if isinstance(landing, PushFailure) else Exit.DONE


def _write(path: Path, text: str, disk: str | None) -> None:
    try:
        write_atomically(path, text, disk)
    except OSError as error:
        raise Failed(f"{quoted(path, 200)} cannot be written: {error.strerror}") from error


def _land(
    session: WriteSession, draft: Draft, message: str, base: PushBase | PushFailure | None
) -> PushResult | PushFailure | None:
    if not isinstance(base, PushBase):
        return base
    try:
        return push_record(session.repository(), base, draft.file, draft.after, message)
    except Failed as error:
        return PushFailure(error.message, error.hint or "commit and push the file by hand")


def _say(session: WriteSession, draft: Draft, landing: PushResult | PushFailure | None, *, refused: bool) -> None:
    if session.options.dry_run:
        click.echo(visible_lines(draft.diff()), nl=False)
    print_findings(draft.findings)
    if refused:
        click.echo(f"nothing is written: {_count(draft)} in the way", err=True)
        if draft.incident is not None:
            click.echo("  hint: if it is the truth that arrived late, write it down with --anyway", err=True)
        return
    if session.options.dry_run or draft.incident is None:
        return
    click.echo(visible(draft.file))
    for line in entry_lines(draft.incident.timeline[-1]):
        click.echo(f"  + {line}")
    click.echo(f"now: {now_line(draft.incident)}")
    for due in next_due(draft.incident, session.archive.handbook):
        click.echo(f"due: {due_line(due, session.settings.now)}")
    if draft.blocked:
        click.echo(
            f"written all the same; the pipeline will block it until {_count(draft)} is mended or waived", err=True
        )
    _say_landing(landing, draft)


def _count(draft: Draft) -> str:
    number = sum(finding.blocks for finding in draft.findings)
    return "1 blocking finding" if number == 1 else f"{number} blocking findings"


def _say_landing(landing: PushResult | PushFailure | None, draft: Draft) -> None:
    if landing is None:
        click.echo(f"next: land it with --push, or: git add {visible(draft.file)} && git commit && git push")
        return
    for line in landing.said:
        click.echo(f"  remote: {visible(line)}", err=True)
    if isinstance(landing, PushFailure):
        click.echo(f"written, but not pushed: {visible_lines(landing.why)}", err=True)
        click.echo(f"  hint: {visible_lines(landing.hint)}", err=True)
        return
    click.echo(f"pushed to {visible(landing.remote)} as {visible(landing.branch)}")
    if landing.request:
        click.echo(f"next: it lands when its pipeline succeeds: {visible(landing.request)}")
    elif landing.options_taken:
        click.echo("next: it lands when the pipeline of its merge request succeeds")
    else:
        click.echo(
            f"next: the server takes no push options: open the merge request to {visible(landing.target)} by hand"
        )


def _say_json(
    session: WriteSession,
    draft: Draft,
    entry: Mapping[str, object],
    landing: PushResult | PushFailure | None,
    *,
    written: bool,
) -> None:
    print_json(
        {
            "id": draft.id,
            "file": draft.file,
            "written": written,
            "blocked": draft.blocked,
            "entry": dict(entry),
            "now": dict(summary(brief(draft.incident))) if draft.incident else None,
            "next_due": due_values(next_due(draft.incident, session.archive.handbook), session.settings.now)
            if draft.incident
            else [],
            "findings": values(draft.findings),
            "diff": draft.diff() if session.options.dry_run else None,
            "pushed": {"landed": isinstance(landing, PushResult), **asdict(landing)} if landing else None,
        }
    )
