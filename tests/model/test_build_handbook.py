"""From a document to the handbook, with GitLab's own practice where it is silent."""

from datetime import time, timedelta

import pytest

from incidentops.model.handbook import PRIVATE_HOSTS, RuleSetting
from incidentops.model.vocabulary import Role, Severity, State
from make import a_handbook

MINUTES = [(10, 10, 30), (15, 30, 60), (15, 30, 60), (15, 30, 60)]


@pytest.mark.parametrize(("severity", "minutes"), list(zip(Severity, MINUTES, strict=True)))
def test_customers_hear_as_often_as_at_gitlab(severity: Severity, minutes: tuple[int, int, int]):
    every = a_handbook().severities[severity].update_every
    states = (State.INVESTIGATING, State.IDENTIFIED, State.MONITORING)
    assert dict(zip(states, minutes, strict=True)) == {
        state: span // timedelta(minutes=1) for state, span in every.items()
    }


def test_severities_have_labels_due_dates_and_reviews():
    severities = a_handbook().severities
    assert [f"severity::{n}" for n in (1, 2, 3, 4)] == [severities[s].label.name for s in Severity]
    assert [7, 30, 60, 90] == [severities[s].corrective_action_due.days for s in Severity]
    assert [True, True, False, False] == [severities[s].review_required for s in Severity]
    assert [True, True, False, False] == [severities[s].announce for s in Severity]
    assert [()] * 4 == [severities[s].page for s in Severity]


def test_what_the_handbook_says_of_a_severity_counts():
    s1 = a_handbook(
        severities={
            "S1": {
                "label": {"name": " P1 ", "color": "#ABCDEF", "description": " bad "},
                "page": ["imoc"], "announce": False, "update_every": {"identified": "1h"},
                "corrective_action_due": "2w", "review": "optional",
            }
        }
    ).severities[Severity.S1]  # fmt: skip
    assert ("P1", "#abcdef", "bad") == (s1.label.name, s1.label.color, s1.label.description)
    assert ((Role.IMOC,), False, False, 14) == (
        s1.page, s1.announce, s1.review_required, s1.corrective_action_due.days,
    )  # fmt: skip
    assert [10, 60, 30] == [span // timedelta(minutes=1) for span in s1.update_every.values()]


def test_the_timers_of_gitlab():
    timers = a_handbook().timers
    spans = (timers.acknowledge, timers.investigating, timers.monitoring, timers.short_incident, timers.publish_max_age)
    assert [15, 30, 30, 60, 120] == [span // timedelta(minutes=1) for span in spans]
    assert (None, timedelta(minutes=5)) == (timers.review_started, timers.clock_skew)


def test_timers_can_be_set():
    timers = a_handbook(timers={"acknowledge": "5m", "review_started": "24h"}).timers
    assert (timedelta(minutes=5), timedelta(hours=24)) == (timers.acknowledge, timers.review_started)
    assert a_handbook(timers={"review_started": "end_of_day"}).timers.review_started is None


def test_roles_and_their_order():
    handbook = a_handbook(roles={"eoc": {"name": "Fire brigade", "schedules": ["night"]}}, ownership=["imoc", "eoc"])
    assert (Role.IMOC, Role.EOC) == handbook.ownership
    assert ("Fire brigade", ("night",)) == (handbook.roles[Role.EOC].name, handbook.roles[Role.EOC].schedules)
    assert "Incident manager on call" == handbook.roles[Role.IMOC].name
    assert tuple(Role) == a_handbook().ownership


def test_services_have_a_name_a_label_and_their_places():
    services = a_handbook(
        services={
            "web": {},
            "git": {
                "name": "Git",
                "label": "svc-git",
                "statusio": ["1-2"],
                "slo": {"apdex": 0.9},
                "queries": {"apdex": "q"},
            },
        }
    ).services
    assert ("web", "Service::web", ()) == (services["web"].name, services["web"].label.name, services["web"].statusio)
    git = services["git"]
    assert ("git", "svc-git", ("1-2",), {"apdex": 0.9}, {"apdex": "q"}) == (
        git.key, git.label.name, git.statusio, git.slo, git.queries,
    )  # fmt: skip


def test_the_key_of_a_person_stands_in_for_name_and_username():
    people = a_handbook(people={"ana": {}, "bo": {"name": " Bo L ", "gitlab": "bol", "day_ends": "17:30"}}).people
    ana, bo = people["ana"], people["bo"]
    assert ("ana", "ana", "UTC", time(18), (), "", "") == (
        ana.name, ana.gitlab, ana.timezone, ana.day_ends, ana.email, ana.slack, ana.pagerduty,
    )  # fmt: skip
    assert ("Bo L", "bol", time(17, 30)) == (bo.name, bo.gitlab, bo.day_ends)


def test_private_hosts_and_rules():
    assert PRIVATE_HOSTS == a_handbook().private_hosts
    handbook = a_handbook(private_hosts=[".acme"], rules={"COM002": "off"})
    assert ((".acme",), {"COM002": RuleSetting.OFF}) == (handbook.private_hosts, handbook.rules)


def test_gitlab_and_its_labels():
    lab = a_handbook(
        gitlab={
            "url": "https://gitlab.example.com/", "project": 42, "public": True, "notes": "state_changes",
            "labels": {"incident": "Outage", "states": {"active": {"name": "On"}}},
        }
    ).gitlab  # fmt: skip
    assert ("https://gitlab.example.com", "42", True, "state_changes") == (lab.url, lab.project, lab.public, lab.notes)
    assert ("Outage", "On", "Incident::Mitigated") == (lab.incident.name, lab.active.name, lab.mitigated.name)
    silent = a_handbook(gitlab=None).gitlab
    assert ("", "", False, "none", "Near Miss") == (
        silent.url, silent.project, silent.public, silent.notes, silent.near_miss.name,
    )  # fmt: skip


def test_the_channels_of_the_status_page_are_off_unless_switched_on():
    page = a_handbook(statusio={"page": "p", "notify": {"social": True}}).statusio
    assert "p" == page.page
    assert ["social"] == [channel for channel, on in page.notify.items() if on]
    assert 7 == len(page.notify)
