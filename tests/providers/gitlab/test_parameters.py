"""From fields to parameters: nothing that belongs to people is ever named."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incidentops.plan.resource import Receipt, Resource, ResourceName
from incidentops.providers.gitlab import markers, parameters
from incidentops.providers.gitlab.mapping import Issue, References, User
from incidentops.providers.gitlab.parameters import OwnedLabels
from make import a_handbook

NAME = ResourceName("2026-11-21-registry-503", "gitlab", "issue")
BLOCK = markers.wrapped(NAME, "ours")
MOMENT = datetime(2026, 11, 21, 14, 2, tzinfo=UTC)
IDS = {"ana": 1, "bo": 2, "cem": 3}
OURS = OwnedLabels({"incident", "severity::1", "severity::2"}, {"ana", "bo"})


def an_issue(**changed):
    values = {
        "id": 41007, "iid": 7, "url": "u", "references": References("acme/production#7"), "title": "Down",
        "description": BLOCK, "labels": ("incident", "people", "severity::2"),
        "assignees": (User(1, "ana"), User(9, "fay")),
        "confidential": False, "state": "opened", "severity": "high", "due_date": "", "author": User(4, "incident-bot"),
        "created_at": MOMENT, "type": "incident",
    }  # fmt: skip
    return Issue(**{**values, **changed})


def test_our_labels_and_people_are_what_the_handbook_names_and_what_we_set_before():
    receipt = Receipt("7", "u", {"labels": ("old",), "assignees": ("dee",)}, MOMENT, "run")
    mine = parameters.ours(Resource(NAME, {"labels": ("incident",), "assignees": ("ana",)}), receipt, a_handbook())
    assert {"old", "incident", "severity::1", "Service::Registry"} <= set(mine.labels)
    assert {"ana", "dee"} == set(mine.people)


def test_only_the_fields_asked_about_are_shown_and_only_ours_in_them():
    fields = {"labels": (), "assignees": (), "description": "", "state": ""}
    assert {
        "labels": ("incident", "severity::2"),
        "assignees": ("ana",),
        "description": BLOCK,
        "state": "opened",
    } == parameters.shown(an_issue(description=f"above\n{BLOCK}\nbelow"), Resource(NAME, fields), OURS)


def test_a_creation_carries_all_that_it_can():
    after = {
        "title": "Down", "description": BLOCK, "labels": ("incident",), "assignees": ("ana", "bo", "ghost"),
        "confidential": True, "due_date": "2026-12-05", "state": "closed", "severity": "high",
    }  # fmt: skip
    assert {
        "title": "Down", "description": BLOCK, "labels": ["incident"], "assignee_ids": [2, 1], "confidential": True,
        "due_date": "2026-12-05", "issue_type": "incident",
    } == parameters.creation(NAME, after, [2, 1])  # fmt: skip


def test_a_review_is_an_ordinary_issue_without_what_is_empty():
    name = ResourceName("x", "gitlab", "review")
    after = {"title": "R", "labels": (), "assignees": ("ghost",), "due_date": ""}
    assert {"title": "R", "labels": [], "confidential": False, "issue_type": "issue"} == parameters.creation(
        name, after, []
    )


def test_the_first_assignees_come_first_and_the_unknown_are_left_out():
    assert [2, 1] == parameters.ordered_ids(IDS, ("bo", "cem"), ("ana", "bo", "ghost"))
    assert [] == parameters.ordered_ids(IDS, ("bo",), ("ghost",))


def test_labels_are_added_and_removed_and_never_set():
    after = {"labels": ("incident", "severity::1")}
    assert {"add_labels": ["severity::1"], "remove_labels": ["severity::2"]} == parameters.update(
        NAME, after, an_issue(), OURS, []
    )


def test_people_who_assigned_themselves_stay():
    assert {"assignee_ids": [2, 9]} == parameters.update(NAME, {"assignees": ("bo",)}, an_issue(), OURS, [2])


def test_nobody_is_sent_as_nobody():
    current = an_issue(assignees=(User(1, "ana"),))
    assert {"assignee_ids": [0]} == parameters.update(NAME, {"assignees": ()}, current, OURS, [])


def test_text_around_ours_stays():
    current = an_issue(description=f"above\n{BLOCK}\nbelow")
    block = markers.wrapped(NAME, "new")
    assert {"description": f"above\n{block}\nbelow"} == parameters.update(
        NAME, {"description": block}, current, OURS, []
    )


@pytest.mark.parametrize(("state", "event"), [("closed", {"state_event": "close"}), ("opened", {})])
def test_a_state_is_an_event_when_it_differs(state, event):
    assert event == parameters.update(NAME, {"state": state}, an_issue(), OURS, [])


def test_a_closed_issue_is_reopened():
    assert {"state_event": "reopen"} == parameters.update(NAME, {"state": "opened"}, an_issue(state="closed"), OURS, [])


@given(st.sampled_from([True, False, None, 0, "true"]), st.booleans())
def test_confidentiality_can_only_be_raised(wanted, is_now):
    values = parameters.update(NAME, {"confidential": wanted}, an_issue(confidential=is_now), OURS, [])
    assert values in ({}, {"confidential": True})


def test_severity_is_not_a_parameter_of_rest():
    assert {} == parameters.update(NAME, {"severity": "high"}, an_issue(), OURS, [])


def test_an_issue_made_by_hand_becomes_an_incident_before_it_gets_a_severity():
    current = an_issue(type="issue")
    assert {"issue_type": "incident"} == parameters.update(NAME, {"severity": "high"}, current, OURS, [])
    assert {"title": "x"} == parameters.update(NAME, {"title": "x"}, current, OURS, [])


def test_assignees_that_gitlab_dropped_are_normalised():
    assert {"assignees": ("ana",)} == parameters.normalised(an_issue(), {"assignees": ("ana", "bo")})
    assert {} == parameters.normalised(an_issue(), {"assignees": ("ana",)})
    assert {} == parameters.normalised(an_issue(), {"title": "x"})
