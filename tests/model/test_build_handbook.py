"""From a document to the handbook, with a usual practice where it is silent."""

from datetime import time, timedelta

import pytest

from incidentops.model.handbook import PRIVATE_HOSTS, RuleSetting, TrackerProject
from incidentops.model.vocabulary import Role, Severity, State
from make import a_handbook

MINUTES = [(10, 10, 30), (15, 30, 60), (15, 30, 60), (15, 30, 60)]


@pytest.mark.parametrize(("severity", "minutes"), list(zip(Severity, MINUTES, strict=True)))
def test_customers_hear_often(severity: Severity, minutes: tuple[int, int, int]):
    every = a_handbook().severities[severity].update_every
    states = (State.INVESTIGATING, State.IDENTIFIED, State.MONITORING)
    assert dict(zip(states, minutes, strict=True)) == {
        state: span // timedelta(minutes=1) for state, span in every.items()
    }


def test_severities_have_a_meaning_due_dates_and_reviews():
    severities = a_handbook().severities
    assert ["Critical", "High", "Moderate", "Low"] == [severities[s].meaning.partition(":")[0] for s in Severity]
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
    assert "bad" == s1.meaning
    assert ((Role.IMOC,), False, False, 14) == (
        s1.page, s1.announce, s1.review_required, s1.corrective_action_due.days,
    )  # fmt: skip
    assert [10, 60, 30] == [span // timedelta(minutes=1) for span in s1.update_every.values()]


def test_the_usual_timers():
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


def test_services_have_a_name_and_their_places():
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
    assert ("web", {}) == (services["web"].name, services["web"].places)
    git = services["git"]
    assert ("git", {"statusio": ("1-2",)}, {"apdex": 0.9}, {"apdex": "q"}) == (
        git.key, git.places, git.slo, git.queries,
    )  # fmt: skip


def test_the_key_of_a_person_stands_in_for_the_name():
    people = a_handbook(people={"ana": {}, "bo": {"name": " Bo L ", "gitlab": "bol", "day_ends": "17:30"}}).people
    ana, bo = people["ana"], people["bo"]
    assert ("ana", {}, "UTC", time(18), ()) == (ana.name, ana.accounts, ana.timezone, ana.day_ends, ana.email)
    assert ("Bo L", {"gitlab": "bol"}, time(17, 30)) == (bo.name, bo.accounts, bo.day_ends)


def test_private_hosts_and_rules():
    assert PRIVATE_HOSTS == a_handbook().private_hosts
    handbook = a_handbook(private_hosts=[".acme"], rules={"COM002": "off"})
    assert ((".acme",), {"COM002": RuleSetting.OFF}) == (handbook.private_hosts, handbook.rules)


def test_what_providers_switch_on_and_keep_inside_is_known_in_general_words():
    handbook = a_handbook(
        gitlab={"url": "https://gitlab.example.com/", "project": 42},
        statusio={"page": "p", "notify": {"social": True, "email": False}},
    )
    assert frozenset({"social"}) == handbook.channels
    assert (TrackerProject("https://gitlab.example.com", "42"),) == handbook.private_projects


@pytest.mark.parametrize(
    "section", [None, {"url": "https://g.example"}, {"project": "a/b"}, {"url": "x", "project": "a/b", "public": True}]
)
def test_a_project_that_customers_can_open_or_nobody_names_is_not_private(section):
    assert () == a_handbook(gitlab=section).private_projects
