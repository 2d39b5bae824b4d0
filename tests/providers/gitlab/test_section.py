"""GitLab's part of the handbook."""

from incidentops.model.vocabulary import Severity
from incidentops.providers.gitlab.section import section, username
from make import a_handbook


def test_every_label_is_named_once_in_a_fixed_order():
    names = [label.name for label in section(a_handbook()).labels()]
    assert ["incidentops", "incident", "Near Miss", "incident-review", "corrective action"] == names[:5]
    assert ["Service::Registry", "Service::Web", "Service::Git"] == names[-3:]
    assert len(names) == len(set(names)) == 15


def test_of_two_labels_of_one_name_the_first_counts():
    lab = section(a_handbook(services={"a": {"label": "x"}, "b": {"label": {"name": "x", "color": "#000000"}}}))
    assert [lab.services["a"]] == [label for label in lab.labels() if label.name == "x"]


def test_the_section_says_where_issues_are_and_what_labels_are_called():
    lab = section(
        a_handbook(
            gitlab={
                "url": "https://gitlab.example.com/", "project": 42, "public": True,
                "labels": {"incident": "Outage", "states": {"active": {"name": "On"}}},
            }
        )
    )  # fmt: skip
    assert ("42", True) == (lab.project, lab.public)
    assert ("Outage", "On", "Incident::Mitigated") == (lab.incident.name, lab.active.name, lab.mitigated.name)
    silent = section(a_handbook(gitlab=None))
    assert ("", False, "Near Miss") == (silent.project, silent.public, silent.near_miss.name)


def test_severities_have_labels():
    severities = section(a_handbook()).severities
    assert [f"severity::{n}" for n in (1, 2, 3, 4)] == [severities[s].name for s in Severity]
    label = {"name": " P1 ", "color": "#ABCDEF", "description": " bad "}
    s1 = section(a_handbook(severities={"S1": {"label": label}})).severities[Severity.S1]
    assert ("P1", "#abcdef", "bad", {"color", "description"}) == (s1.name, s1.color, s1.description, s1.styled)


def test_services_have_labels():
    services = section(a_handbook(services={"web": {}, "git": {"name": "Git", "label": "svc-git"}})).services
    assert ("Service::web", "svc-git") == (services["web"].name, services["git"].name)


def test_the_key_of_a_person_stands_in_for_the_username():
    people = a_handbook(people={"ana": {}, "bo": {"gitlab": "bol"}}).people
    assert ("ana", "bol") == (username(people["ana"]), username(people["bo"]))
