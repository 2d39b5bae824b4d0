"""From a document to an incident: every key arrives, what is left out has its default."""

from datetime import date

import pytest

from incidentops.model.build import record_id
from incidentops.model.vocabulary import Audience, Kind, Role, Severity, State, Status
from make import DAY, a_near_miss, a_time, an_entry, an_incident

AT = f"{DAY}T14:00:00Z"


@pytest.mark.parametrize(
    ("file", "key"),
    [("incidents/2026/2026-11-21-x.yaml", "2026-11-21-x"), ("x.y.yml", "x.y"), ("x", "x"), ("a/.yaml", ".yaml")],
)
def test_the_id_is_the_stem_of_the_file(file: str, key: str):
    assert key == record_id(file)


def test_what_is_left_out_has_its_default():
    incident = an_incident(an_entry(severity="S3"))
    assert (Kind.INCIDENT, Audience.INTERNAL, "2026-11-21-registry-503") == (
        incident.kind, incident.audience, incident.id,
    )  # fmt: skip
    assert (None, None, None, None) == (
        incident.security, incident.not_published, incident.impact, incident.review,
    )  # fmt: skip
    assert ((), (), "", {}, (), ()) == (
        incident.alerts, incident.corrective_actions, incident.no_actions_because, incident.links, incident.related,
        incident.waivers,
    )  # fmt: skip
    entry = incident.timeline[0]
    assert (None, None, None, None, None, None) == (
        entry.state, entry.status, entry.audience, entry.engage, entry.release, entry.page,
    )  # fmt: skip
    assert ("", "", "", "", ()) == (entry.publish, entry.note, entry.who, entry.why, entry.services)


def test_every_action_of_an_entry_arrives():
    (entry,) = an_incident(
        an_entry(
            "14:02:30", by="bo", severity="S1", state="identified", status="security_issue", services=["web", "git"],
            audience="public", engage="imoc", release="eoc", page="cmoc", publish="p", note="n", who="cy", why="w",
        )
    ).timeline  # fmt: skip
    assert (0, a_time("14:02:30"), "bo", Severity.S1, State.IDENTIFIED, Status.SECURITY, ("web", "git")) == (
        entry.index, entry.at, entry.by, entry.severity, entry.state, entry.status, entry.services,
    )  # fmt: skip
    assert (Audience.PUBLIC, Role.IMOC, Role.EOC, Role.CMOC, "p", "n", "cy", "w") == (
        entry.audience, entry.engage, entry.release, entry.page, entry.publish, entry.note, entry.who, entry.why,
    )  # fmt: skip


def test_every_section_arrives():
    incident = an_incident(
        title=" A title\n",
        audience="confidential",
        security={"class": "abuse", "path_blocked": "whole", "disclosure": {"approved_by": "cy", "at": AT}},
        not_published={"reason": "embargo", "why": "w"},
        alerts=[{"source": "s", "id": "1", "fired": AT, "acknowledged": AT, "severity": "critical",
                 "change": {"at": AT, "by": "ana", "why": "w", "told": "bo"}}],
        impact={"started": AT, "detected": AT, "ended": AT, "summary": "s"},
        review={"owner": "ana", "why": "w", "started": AT, "completed": AT, "severity": "S1", "impact": "i",
                "root_cause": "r", "detection": "d", "lessons": "l"},
        corrective_actions=[{"key": "k", "title": "t", "owner": "ana", "severity": "S2", "due": "2026-12-05",
                             "done": "2026-12-01", "evidence": "e", "wont_do": "w"}],
        links={"doc": "wanted"},
        related=[{"to": "x", "as": "follows"}],
        waivers=[{"rule": "OWN002", "reason": "r", "until": "2026-12-31", "by": "bo"}],
    )  # fmt: skip
    at = a_time("14:00")
    assert ("A title", Audience.CONFIDENTIAL) == (incident.title, incident.audience)
    assert ("abuse", "whole", "cy", at) == (
        incident.security.kind, incident.security.path_blocked, incident.security.disclosure.approved_by,
        incident.security.disclosure.at,
    )  # fmt: skip
    assert ("embargo", "w") == (incident.not_published.reason, incident.not_published.why)
    (alert,) = incident.alerts
    assert (0, "s", "1", at, at, "critical") == (
        alert.index, alert.source, alert.id, alert.fired, alert.acknowledged, alert.severity,
    )  # fmt: skip
    assert (at, "ana", "w", "bo") == (alert.change.at, alert.change.by, alert.change.why, alert.change.told)
    impact = incident.impact
    assert (at, at, at, "s") == (impact.started, impact.detected, impact.ended, impact.summary)
    review = incident.review
    assert ("ana", "w", at, at, Severity.S1, "i", "r", "d", "l") == (
        review.owner, review.why, review.started, review.completed, review.severity, review.impact,
        review.root_cause, review.detection, review.lessons,
    )  # fmt: skip
    (action,) = incident.corrective_actions
    assert (0, "k", "t", "ana", Severity.S2, date(2026, 12, 5), date(2026, 12, 1), "e", "w") == (
        action.index, action.key, action.title, action.owner, action.severity, action.due, action.done,
        action.evidence, action.wont_do,
    )  # fmt: skip
    assert ({"doc": "wanted"}, "x", "follows") == (incident.links, incident.related[0].to, incident.related[0].kind)
    (waiver,) = incident.waivers
    assert (0, "OWN002", "r", date(2026, 12, 31), "bo") == (
        waiver.index, waiver.rule, waiver.reason, waiver.until, waiver.by,
    )  # fmt: skip


def test_sections_may_be_nearly_empty():
    incident = an_incident(
        security={"class": "abuse"}, impact={}, review={}, alerts=[{"source": "s", "id": "1", "fired": AT}]
    )
    assert ("none", None) == (incident.security.path_blocked, incident.security.disclosure)
    assert (None, None, None, "") == (
        incident.impact.started, incident.impact.detected, incident.impact.ended, incident.impact.summary,
    )  # fmt: skip
    assert (None, "", None) == (incident.review.severity, incident.review.owner, incident.review.started)
    assert (None, None, "") == (
        incident.alerts[0].acknowledged, incident.alerts[0].change, incident.alerts[0].severity,
    )  # fmt: skip


def test_no_actions_and_why():
    incident = a_near_miss(corrective_actions={"none_because": "it was a drill"})
    assert ((), "it was a drill") == (incident.corrective_actions, incident.no_actions_because)
