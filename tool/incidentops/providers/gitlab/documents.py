"""The texts of GitLab issues: the incident's living summary, the review (RCA), a corrective action.

Each is a pure function of record and handbook and says nothing that changes by itself, so that a second run finds
nothing to change. All text of people is escaped for GitLab (`markdown`).
"""

from collections.abc import Iterable, Mapping
from datetime import datetime

from incidentops.model.handbook import Handbook
from incidentops.model.incident import CorrectiveAction, Impact, Incident
from incidentops.model.timeline import RoleInterval
from incidentops.model.vocabulary import Audience, Role, Severity, State
from incidentops.plan.resource import ResourceName
from incidentops.providers.gitlab import markers
from incidentops.providers.gitlab.markdown import Markdown, cell, prose, quote, render
from incidentops.providers.gitlab.narrative import (
    by_name,
    by_role,
    cut,
    person,
    service_names,
    timeline,
    took,
    when,
    words,
)
from incidentops.providers.gitlab.section import PROVIDER

LONGEST_BODY = 800_000
"""Bytes of our part of a description; GitLab takes 1 MiB in all (docs/services.md: Issues)."""

_NOT_RECORDED = "not recorded"


Row = tuple[str, str]
"""A line of a table: what, and its value."""


def name_of(incident: str, kind: str, key: str = "") -> ResourceName:
    """Return the name of what there is on GitLab of an incident, or for all of them (SHARED)."""
    return ResourceName(incident, PROVIDER, kind, key)


def issue_body(incident: Incident, handbook: Handbook) -> str:
    """Return our part of the incident issue's description, with its markers."""
    message = next((entry for entry in reversed(incident.timeline) if entry.publish), None)
    body = render(
        "issue.md.j2",
        {
            "file": incident.source.file,
            "facts": _facts(incident, handbook),
            "impact": _impact_text(incident),
            "times": _impact_times(incident),
            "message": quote(cut(message.publish)) if message else "",
            "message_at": when(message.at) if message else "",
            "public": incident.now.audience is Audience.PUBLIC,
            "timeline": timeline(incident, handbook, by_name(handbook)),
            "alerts": _alerts(incident),
            "links": _links(incident),
            "related": [f"{r.kind.replace('_', ' ')} {r.to}" for r in incident.related],
        },
    )
    return markers.wrapped(name_of(incident.id, "issue"), _fitting(body))


def review_body(incident: Incident, handbook: Handbook) -> str:
    """Return the description of the review issue: the RCA template, filled in from the record."""
    template = "near_miss.md.j2" if incident.is_near_miss else "review.md.j2"
    review = incident.review
    body = render(
        template,
        {
            "title": incident.title,
            "file": incident.source.file,
            "key": _key_information(incident, handbook),
            "durations": _durations(incident),
            "roles": [_engagement(interval, incident, handbook) for interval in incident.role_intervals()],
            "impact": _impact_text(incident),
            "root_cause": prose(cut(review.root_cause)) if review else "",
            "detection": prose(cut(review.detection)) if review else "",
            "lessons": prose(cut(review.lessons)) if review else "",
            "alerts": _alerts(incident),
            "timeline": timeline(incident, handbook, by_role(incident, handbook)),
            "actions": [_action_row(a, incident, handbook) for a in incident.corrective_actions],
            "none_because": prose(cut(incident.no_actions_because)),
            "organisation": handbook.organisation,
        },
    )
    return f"{markers.begin(name_of(incident.id, 'review'))}\n\n{_fitting(body)}"


def review_text(incident: Incident, handbook: Handbook) -> str:
    """Return the review without its first paragraph, the marker by which its issue is found again."""
    return review_body(incident, handbook).partition("\n\n")[2].strip("\n")


def action_body(incident: Incident, action: CorrectiveAction, handbook: Handbook) -> str:
    """Return our part of a corrective action's description, with its markers."""
    body = render(
        "action.md.j2",
        {
            "title": incident.title,
            "file": incident.source.file,
            "near_miss": incident.is_near_miss,
            "row": _action_row(action, incident, handbook),
            "evidence": prose(cut(action.evidence)),
            "wont_do": prose(cut(action.wont_do)),
            "services": service_names(incident.now.services, handbook),
        },
    )
    return markers.wrapped(name_of(incident.id, "action", action.key), _fitting(body))


def _fitting(body: str) -> str:
    """Return a body that fits into a description with room for people's text, cut at a line when it must be."""
    encoded = body.encode("utf-8", "replace")
    if len(encoded) <= LONGEST_BODY:
        return body
    kept = encoded[:LONGEST_BODY].decode("utf-8", "ignore").rpartition("\n")[0].rstrip()
    return f"{kept}\n\n(cut here for lack of room; the rest is in the record)"


def _facts(incident: Incident, handbook: Handbook) -> list[Row]:
    now = incident.now
    state = f"{words(now.state)} since {when(now.since_state)}" if now.state else "none yet"
    rows = [
        ("Severity", str(now.severity or "none yet")),
        ("State", state),
        ("Status", words(now.status)),
        ("Services", service_names(now.services, handbook)),
        ("Audience", now.audience.value),
        ("Owner", f"{person(now.owner, handbook)} since {when(now.since_owner)}"),
    ]
    for role in Role:
        holder = now.holders.get(role)
        engaged = f"{person(holder.person, handbook)} since {when(holder.since)}" if holder else ""
        acting = f"nobody engaged; {person(now.acting(role), handbook)} acts"
        rows.append((handbook.roles[role].name, engaged or acting))
    return [*rows, ("Declared", when(incident.declared))]


def _impact_text(incident: Incident) -> Markdown:
    review = incident.review.impact if incident.review else ""
    return prose(cut(review or _impact(incident).summary))


def _impact(incident: Incident) -> Impact:
    return incident.impact or Impact()


def _impact_times(incident: Incident) -> list[Row]:
    impact = _impact(incident)
    times = (("Started", impact.started), ("Detected", impact.detected), ("Ended", impact.ended))
    return [(what, when(at)) for what, at in times if at]


def _alerts(incident: Incident) -> list[Markdown]:
    shown = []
    for alert in incident.alerts:
        acknowledged = f"acknowledged {when(alert.acknowledged)}" if alert.acknowledged else "never acknowledged"
        shown.append(cell(f"{alert.source} {alert.id}: fired {when(alert.fired)}, {acknowledged}"))
    return shown


def _links(incident: Incident) -> list[Markdown]:
    return [Markdown(f"{cell(name)}: {cell(url)}") for name, url in sorted(incident.links.items()) if "://" in url]


def _mitigated(incident: Incident) -> datetime | None:
    """When the fix was in: the last time that monitoring began before the resolve, else the resolve itself."""
    began = [s.since_state for s in incident.snapshots if s.state is State.MONITORING]
    return began[-1] if began else incident.resolved_at


def _key_information(incident: Incident, handbook: Handbook) -> list[Row]:
    impact = _impact(incident)
    reviewed = incident.review.severity if incident.review else None
    severity = _severities(incident.highest_severity, reviewed or incident.now.severity)
    rows = [("Severity", severity), ("Services", service_names(incident.now.services, handbook))]
    if incident.is_near_miss:
        return [*rows, ("Noticed", when(incident.declared)), ("Record", incident.id)]
    before = (("Impact started", impact.started), ("Detected", impact.detected), ("Declared", incident.declared))
    after = (
        ("Customers told first", next((e.at for e in incident.timeline if e.publish), None)),
        ("Mitigated", _mitigated(incident)),
        ("Resolved", incident.resolved_at),
        ("Impact ended", impact.ended),
    )
    rows += _moments(before, _NOT_RECORDED)
    engaged = {interval.role: interval.since for interval in reversed(incident.role_intervals())}
    rows += _moments([(f"{handbook.roles[r].name} engaged", engaged.get(r)) for r in Role], "nobody engaged")
    return [*rows, *_moments(after, _NOT_RECORDED), ("Record", incident.id)]


def _moments(moments: Iterable[tuple[str, datetime | None]], otherwise: str) -> list[Row]:
    return [(what, when(at) if at else otherwise) for what, at in moments]


def _severities(worst: Severity | None, final: Severity | None) -> str:
    if final is None:
        return _NOT_RECORDED
    return final.value if worst in (None, final) else f"{final} (at its worst {worst})"


def _durations(incident: Incident) -> list[Row]:
    """How long each stage took: detection, reaction, mitigation, resolution, and the users' side of it."""
    impact = _impact(incident)
    first = min((i.since for i in incident.role_intervals()), default=None)
    return [
        ("To detect (impact started to detected)", took(impact.started, impact.detected)),
        ("To react (declared to the first role engaged)", took(incident.declared, first)),
        ("To mitigate (declared to mitigated)", took(incident.declared, _mitigated(incident))),
        ("To resolve (declared to resolved)", took(incident.declared, incident.resolved_at)),
        ("Impact on users (started to ended)", took(impact.started, impact.ended or incident.resolved_at)),
    ]


def _engagement(interval: RoleInterval, incident: Incident, handbook: Handbook) -> tuple[str, ...]:
    """A role as somebody held it during the incident: role, person, from, until, duration."""
    ends = [end for end in (interval.until, incident.resolved_at) if end and end >= interval.since]
    end = min(ends, default=None)
    return (
        handbook.roles[interval.role].name,
        person(interval.person, handbook),
        when(interval.since),
        when(end) if end else "still engaged",
        took(interval.since, end),
    )


def _action_row(action: CorrectiveAction, incident: Incident, handbook: Handbook) -> Mapping[str, str]:
    done = f"done {action.done.isoformat()}" if action.done else ""
    return {
        "title": action.title.strip(),
        "severity": str(action.severity or incident.now.severity or ""),
        "owner": person(action.owner, handbook) if action.owner else "nobody yet",
        "due": action.due.isoformat() if action.due else "no date yet",
        "state": done or ("will not be done" if action.wont_do else "open"),
    }
