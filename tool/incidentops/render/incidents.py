"""Incidents as text for people and as JSON for programs. Everything that came from a file is shown escaped."""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec

from incidentops.core import duration, moment
from incidentops.core.text import visible, visible_lines
from incidentops.model.entry import Entry
from incidentops.model.handbook import Handbook
from incidentops.model.incident import CorrectiveAction, Incident
from incidentops.model.obligations import next_due
from incidentops.model.timeline import RoleInterval, Snapshot
from incidentops.model.vocabulary import Kind, Role, Severity, State, Status
from incidentops.render.obligations import due_line, due_values

COLUMNS = ("id", "severity", "state", "status", "owner", "declared", "title")
"""The columns of a list, in order."""

_LABEL = 10  # width of the left column of `show`


def now_line(incident: Incident) -> str:
    """Return what is true after the last entry as one line: severity, state, status, owner."""
    now = incident.now
    if incident.is_near_miss:
        return f"near miss, {now.severity or 'no severity'} if it had happened, noticed by {visible(now.owner)}"
    words = (now.severity or "no severity", now.state or "no state yet", now.status, f"owner {_owner(now)}")
    return ", ".join(words)


def _owner(snapshot: Snapshot) -> str:
    return f"{visible(snapshot.owner)} ({snapshot.owner_role or 'declared it'})"


def entry_lines(entry: Entry) -> tuple[str, ...]:
    """Return an entry as a line of time, person and decisions, and its texts below it, indented."""
    people = f" {visible(entry.who)}" if entry.who and entry.who != entry.by else ""
    decided = (
        f"severity {entry.severity}" if entry.severity else "",
        f"state {entry.state}" if entry.state else "",
        f"status {entry.status}" if entry.status else "",
        f"services {', '.join(map(visible, entry.services))}" if entry.services else "",
        f"audience {entry.audience}" if entry.audience else "",
        f"engage {entry.engage}{people}" if entry.engage else "",
        f"release {entry.release}{people}" if entry.release else "",
        f"page {entry.page}" if entry.page else "",
    )
    what = ", ".join(filter(None, decided)) or ("publish" if entry.publish else "note")
    head = f"{moment.show(entry.at)}  {visible(entry.by)}: {what}"
    texts = (("publish", entry.publish), ("note", entry.note), ("why", entry.why))
    return (head, *(line for name, text in texts if text for line in _text(name, text)))


def _text(name: str, text: str) -> Iterator[str]:
    lines = visible_lines(text.strip().replace("\r\n", "\n")).split("\n")
    yield f"    {name}: {lines[0]}"
    for line in lines[1:]:
        yield f"      {line}".rstrip()


def as_text(incident: Incident, handbook: Handbook, now: datetime, *, past: bool = False) -> str:
    """Return all that a record says, as of its last entry. `past` leaves out what has no moment of its own."""
    sections = [_head(incident), _roles(incident, now)]
    if not past:
        sections.append(_impact(incident))
    sections.append(["timeline", *(f"  {line}".rstrip() for entry in incident.timeline for line in entry_lines(entry))])
    if not past:
        due = [f"  {due_line(one, now)}" for one in next_due(incident, handbook)]
        sections += [_follow_up(incident), _links(incident), ["next due", *due] if due else []]
    return "\n\n".join("\n".join(lines) for lines in sections if lines) + "\n"


def _row(label: str, value: str) -> str:
    return f"{label:<{_LABEL}}{value}"


def _head(incident: Incident) -> list[str]:
    now = incident.now
    rows = [visible(incident.title), _row("id", visible(incident.id)), _row("kind", incident.kind)]
    if not incident.is_near_miss:
        state = f"{now.state} since {moment.show(now.since_state)}" if now.state else "none yet"
        rows += [_row("severity", now.severity or "none"), _row("state", state), _row("status", now.status)]
        rows.append(_row("owner", f"{_owner(now)} since {moment.show(now.since_owner)}"))
    else:
        rows.append(_row("severity", f"{now.severity or 'none'}, if it had happened"))
    rows.append(_row("services", ", ".join(map(visible, now.services))))
    rows.append(_row("audience", now.audience))
    rows.append(_row("declared", f"{moment.show(incident.declared)} by {visible(incident.declarer)}"))
    return rows


def _roles(incident: Incident, now: datetime) -> list[str]:
    if incident.is_near_miss:
        return []
    lines = ["roles"]
    for role in Role:
        holder = incident.now.holders.get(role)
        if holder:
            lines.append(f"  {role:<6}{visible(holder.person)}, engaged since {moment.show(holder.since)}")
        else:
            lines.append(f"  {role:<6}nobody engaged, {visible(incident.now.acting(role))} acts")
    for interval in incident.role_intervals():
        until = "" if interval.until is None else f" to {moment.show(interval.until)}"
        length = duration.show(interval.length(_end(incident, now)))
        person = visible(interval.person)
        lines.append(f"  {interval.role:<6}{person} for {length}, from {moment.show(interval.since)}{until}")
    return lines


def _end(incident: Incident, now: datetime) -> datetime:
    """Where an open role interval ends for counting: at the resolve, else now, but never before the last entry."""
    return incident.resolved_at or max(now, incident.updated)


def _impact(incident: Incident) -> list[str]:
    impact = incident.impact
    if impact is None:
        return []
    times = (("started", impact.started), ("detected", impact.detected), ("ended", impact.ended))
    lines = [f"  {_row(name, moment.show(at))}" for name, at in times if at]
    if impact.started and impact.ended:
        lines.append(f"  {_row('lasted', duration.show(impact.ended - impact.started))}")
    if impact.summary:
        lines += [line.removeprefix("  ") for line in _text("summary", impact.summary)]
    return ["impact", *lines] if lines else []


def _follow_up(incident: Incident) -> list[str]:
    lines = []
    review = incident.review
    if review is not None:
        owner = visible(review.owner) or "nobody"
        done = f", completed {moment.show(review.completed)}" if review.completed else ""
        started = f"started {moment.show(review.started)}" if review.started else "not started"
        lines.append(f"review    {owner}, {started}{done}")
    if incident.no_actions_because:
        lines.append(f"no corrective actions: {visible(incident.no_actions_because)}")
    if incident.corrective_actions:
        lines += ["corrective actions", *(_action(action) for action in incident.corrective_actions)]
    return lines


def _action(action: CorrectiveAction) -> str:
    if action.done:
        state = f"done {action.done}"
    elif action.wont_do:
        state = f"won't do: {visible(action.wont_do)}"
    else:
        state = f"due {action.due}" if action.due else "no due date"
    severity = f" {action.severity}" if action.severity else ""
    return f"  {visible(action.key)}:{severity} {visible(action.title)}, {visible(action.owner) or 'nobody'}, {state}"


def _links(incident: Incident) -> list[str]:
    lines = [f"  {visible(name)}: {visible(where)}" for name, where in incident.links.items()]
    lines += [f"  {related.kind.replace('_', ' ')}: {visible(related.to)}" for related in incident.related]
    return ["links", *lines] if lines else []


def as_json(incident: Incident, handbook: Handbook, now: datetime) -> Mapping[str, object]:
    """Return all that a record says, and what follows from it, as plain values for JSON."""
    return {
        **msgspec.to_builtins(brief(incident)),
        "declarer": incident.declarer,
        "audience": incident.now.audience,
        "roles": {role: _role(incident.now, role) for role in Role},
        "role_intervals": [_interval(interval, _end(incident, now)) for interval in incident.role_intervals()],
        "impact": incident.source.data.get("impact"),
        "timeline": [dict(entry.content) for entry in incident.timeline],
        "review": incident.source.data.get("review"),
        "corrective_actions": incident.source.data.get("corrective_actions", []),
        "links": dict(incident.links),
        "related": [{"to": related.to, "as": related.kind} for related in incident.related],
        "next_due": due_values(next_due(incident, handbook), now),
    }


class Brief(msgspec.Struct, frozen=True):
    """A record as it is listed: little enough to keep ten thousand of them."""

    id: str
    file: str
    kind: Kind
    title: str
    live: bool
    at: datetime
    severity: Severity | None
    state: State | None
    status: Status
    services: tuple[str, ...]
    owner: str
    declared: datetime
    resolved: datetime | None


def brief(incident: Incident) -> Brief:
    """Return a record as it is listed."""
    now = incident.now
    return Brief(
        id=incident.id,
        file=incident.source.file,
        kind=incident.kind,
        title=incident.title,
        live=incident.live,
        at=incident.updated,
        severity=now.severity,
        state=now.state,
        status=now.status,
        services=now.services,
        owner=now.owner,
        declared=incident.declared,
        resolved=incident.resolved_at,
    )


def _role(snapshot: Snapshot, role: Role) -> Mapping[str, object]:
    holder = snapshot.holders.get(role)
    return {
        "engaged": holder.person if holder else None,
        "since": moment.show(holder.since) if holder else None,
        "acting": snapshot.acting(role),
    }


def _interval(interval: RoleInterval, end: datetime) -> Mapping[str, object]:
    return {**msgspec.to_builtins(interval), "seconds": int(interval.length(end).total_seconds())}


def row(shown: Brief) -> tuple[str, ...]:
    """Return the cells of a listed record, escaped, in the order of `COLUMNS`."""
    near = shown.kind is Kind.NEAR_MISS
    return (
        visible(shown.id),
        shown.severity or "-",
        "near miss" if near else shown.state or "declared",
        "-" if near else shown.status,
        visible(shown.owner),
        moment.show(shown.declared)[:16].replace("T", " ") + "Z",
        visible(shown.title),
    )
