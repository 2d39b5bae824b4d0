import pytest

P = "/projects/1217"


def test_an_issue_has_gitlabs_shape_with_its_quirks(gitlab):
    issue = gitlab.issue(issue_type="incident")
    assert ("INCIDENT", "incident", "UNKNOWN", "opened") == tuple(
        issue[name] for name in ("type", "issue_type", "severity", "state")
    )
    assert issue["id"] != issue["iid"]
    assert "acme/production#1" == issue["references"]["full"]
    assert f"{gitlab.box.url}/acme/production/-/issues/1" == issue["web_url"]
    assert issue["_links"]["notes"].endswith("/api/v4/projects/1217/issues/1/notes")


def test_an_id_is_not_an_iid(gitlab):
    issue = gitlab.issue()
    answer = gitlab.get(f"{P}/issues/{issue['id']}")
    assert (404, {"message": "404 Not found"}) == (answer.status_code, answer.json())


@pytest.mark.parametrize("labels", ["c, a,b,a", ["c", "a,b", " a "]])
def test_labels_are_split_on_commas_also_inside_an_array(gitlab, labels):
    assert ["a", "b", "c"] == gitlab.issue(labels=labels)["labels"]


def test_unknown_labels_are_made(gitlab):
    gitlab.issue(labels="typo")
    assert "#6699cc" == gitlab.get(f"{P}/labels/typo").json()["color"]


def test_labels_can_be_set_added_and_removed(gitlab):
    issue = gitlab.issue(labels="a,b")
    assert ["b", "c"] == gitlab.edit(issue["iid"], add_labels="c", remove_labels="a,nothing")["labels"]
    assert 404 == gitlab.get(f"{P}/labels/nothing").status_code
    assert ["d"] == gitlab.edit(issue["iid"], labels=["d"])["labels"]
    assert [] == gitlab.edit(issue["iid"], labels="")["labels"]


def test_labels_can_come_with_their_details(gitlab):
    gitlab.issue(labels="a")
    listed = gitlab.get(f"{P}/issues", with_labels_details="true").json()
    assert "#6699cc" == listed[0]["labels"][0]["color"]


def test_assignees_are_dropped_in_silence_when_unknown(gitlab):
    assert [2] == [user["id"] for user in gitlab.issue(assignee_ids=[2, 999])["assignees"]]
    issue = gitlab.issue(assignee_ids=[3])
    assert [3] == [user["id"] for user in gitlab.edit(issue["iid"], assignee_ids=[999])["assignees"]]


@pytest.mark.parametrize("nobody", [{"assignee_ids": [0]}, {"assignee_id": 0}, {"assignee_ids": ""}])
def test_all_assignees_can_be_removed(gitlab, nobody):
    issue = gitlab.issue(assignee_ids=[2, 3])
    assert [] == gitlab.edit(issue["iid"], **nobody)["assignees"]


def test_an_empty_array_of_assignees_changes_nothing(gitlab):
    issue = gitlab.issue(assignee_ids=[2])
    assert [2] == [user["id"] for user in gitlab.edit(issue["iid"], assignee_ids=[], title="y")["assignees"]]


def test_the_state_changes_by_event_and_repeating_it_is_harmless(gitlab):
    iid = gitlab.issue()["iid"]
    closed = gitlab.edit(iid, state_event="close")
    assert ("closed", "incident-bot") == (closed["state"], closed["closed_by"]["username"])
    assert "closed" == gitlab.edit(iid, state_event="close")["state"]
    reopened = gitlab.edit(iid, state_event="reopen")
    assert ("opened", None, None) == (reopened["state"], reopened["closed_at"], reopened["closed_by"])


def test_every_field_that_can_be_written_can_be_read(gitlab):
    fields = {"title": "New", "description": "Text", "confidential": True, "discussion_locked": True}
    changed = gitlab.edit(gitlab.issue()["iid"], **fields, due_date="2026-12-05", issue_type="incident")
    assert fields == {name: changed[name] for name in fields}
    assert ("2026-12-05", "incident") == (changed["due_date"], changed["issue_type"])
    assert gitlab.edit(changed["iid"], due_date="")["due_date"] is None


def test_severity_cannot_be_written_here(gitlab):
    issue = gitlab.issue(issue_type="incident", severity="HIGH")
    assert "UNKNOWN" == gitlab.edit(issue["iid"], severity="HIGH", title="x")["severity"]


def test_an_update_of_nothing_is_refused(gitlab):
    assert 400 == gitlab.put(f"{P}/issues/{gitlab.issue()['iid']}").status_code


def test_an_update_that_changes_nothing_leaves_the_time(gitlab):
    issue = gitlab.issue()
    assert issue["updated_at"] == gitlab.edit(issue["iid"], title="It broke")["updated_at"]
    assert issue["updated_at"] < gitlab.edit(issue["iid"], title="Other")["updated_at"]


def test_creation_time_and_iid_are_not_for_the_bot_to_choose(gitlab):
    issue = gitlab.issue(created_at="2020-01-01T00:00:00Z", iid=70)
    assert 1 == issue["iid"]
    assert not issue["created_at"].startswith("2020")


def test_a_confidential_issue_is_not_found_by_guests(gitlab):
    secret = gitlab.issue(confidential=True)
    gus = gitlab.by("gus")
    assert 404 == gus.get(f"{P}/issues/{secret['iid']}").status_code
    assert [] == gus.listed()
    gitlab.edit(secret["iid"], assignee_ids=[8])
    assert [secret["iid"]] == gus.listed()


def test_a_guest_makes_an_issue_without_its_metadata_and_edits_only_their_own(gitlab):
    gus = gitlab.by("gus")
    issue = gus.issue(labels="a", assignee_ids=[2])
    assert ([], []) == (issue["labels"], issue["assignees"])
    assert 403 == gus.put(f"{P}/issues/{gitlab.issue()['iid']}", title="x").status_code


def test_a_link_is_seen_from_both_sides_and_made_once(gitlab):
    one, two = gitlab.issue()["iid"], gitlab.issue()["iid"]
    made = gitlab.post(f"{P}/issues/{one}/links", target_project_id=1217, target_issue_iid=two)
    assert 201 == made.status_code
    assert (two, one) == tuple(gitlab.get(f"{P}/issues/{side}/links").json()[0]["iid"] for side in (one, two))
    again = gitlab.post(f"{P}/issues/{two}/links", target_project_id="acme/production", target_issue_iid=str(one))
    assert (409, {"message": "Issue(s) already assigned"}) == (again.status_code, again.json())
    assert [(1, 2)] == gitlab.box.links()


def test_a_link_can_be_read_and_taken_away(gitlab):
    one, two = gitlab.issue()["iid"], gitlab.issue()["iid"]
    link = gitlab.post(
        f"{P}/issues/{one}/links", target_project_id=1217, target_issue_iid=two, link_type="blocks"
    ).json()
    assert "is_blocked_by" == gitlab.get(f"{P}/issues/{two}/links").json()[0]["link_type"]
    assert "blocks" == gitlab.get(f"{P}/issues/{one}/links/{link['id']}").json()["link_type"]
    assert 204 == gitlab.delete(f"{P}/issues/{two}/links/{link['id']}").status_code
    assert 404 == gitlab.delete(f"{P}/issues/{one}/links/{link['id']}").status_code


@pytest.mark.parametrize(("project", "iid", "status"), [(1217, 99, 404), (1, 1, 404), (1217, 1, 404)])
def test_a_link_needs_another_issue_of_a_known_project(gitlab, project, iid, status):
    one = gitlab.issue()["iid"]
    answer = gitlab.post(f"{P}/issues/{one}/links", target_project_id=project, target_issue_iid=iid)
    assert status == answer.status_code


def test_blocking_links_are_not_for_the_free_tier(gitlab):
    gitlab.box.faults.switch(on=["free-tier"])
    one, two = gitlab.issue()["iid"], gitlab.issue()["iid"]
    fields = {"target_project_id": 1217, "target_issue_iid": two}
    assert 403 == gitlab.post(f"{P}/issues/{one}/links", link_type="blocks", **fields).status_code
    assert 201 == gitlab.post(f"{P}/issues/{one}/links", **fields).status_code


def test_events_tell_of_labels_and_state(gitlab):
    iid = gitlab.issue(labels="a")["iid"]
    gitlab.edit(iid, labels="b", state_event="close")
    labels = gitlab.get(f"{P}/issues/{iid}/resource_label_events").json()
    assert [("add", "a"), ("remove", "a"), ("add", "b")] == [(e["action"], e["label"]["name"]) for e in labels]
    assert ["closed"] == [event["state"] for event in gitlab.get(f"{P}/issues/{iid}/resource_state_events").json()]


def test_the_global_list_has_the_callers_issues_by_default(gitlab):
    gitlab.by("ana").issue()
    assert [] == gitlab.get("/issues").json()
    assert 1 == len(gitlab.get("/issues", scope="all").json())
    assert 1 == len(gitlab.get("/groups/77/issues").json())


def test_a_quick_action_in_a_description_runs_on_create_and_on_update(gitlab):
    issue = gitlab.issue(description="Text\n/label ~severity::1\n/assign @ana\n/confidential")
    assert ("Text", ["severity::1"], True) == (issue["description"], issue["labels"], issue["confidential"])
    assert ["ana"] == [user["username"] for user in issue["assignees"]]
    changed = gitlab.edit(issue["iid"], description="Text\n\n/close")
    assert ("Text", "closed") == (changed["description"], changed["state"])


def test_carriage_returns_and_trailing_blanks_are_not_stored(gitlab):
    assert "a\nb" == gitlab.issue(description="a\r\nb\r\n \n")["description"]
