import pytest

P = "/projects/1217"


def test_a_title_may_have_255_characters_and_must_have_one(gitlab):
    assert 201 == gitlab.post(f"{P}/issues", title="x" * 255).status_code
    answer = gitlab.post(f"{P}/issues", title="x" * 256)
    error = {"message": {"title": ["is too long (maximum is 255 characters)"]}}
    assert (400, error) == (answer.status_code, answer.json())
    assert {"message": {"title": ["can't be blank"]}} == gitlab.post(f"{P}/issues", title=" ").json()


def test_a_description_may_have_a_mebibyte(gitlab):
    assert 201 == gitlab.post(f"{P}/issues", title="x", description="y" * 1_048_576).status_code
    answer = gitlab.post(f"{P}/issues", title="x", description="ü" * 524_289)
    assert (400, ["description"]) == (answer.status_code, list(answer.json()["message"]))


def test_what_is_refused_leaves_nothing(gitlab):
    gitlab.post(f"{P}/issues", title="x" * 256, description="/label ~a", labels="new")
    assert ([], []) == (gitlab.box.issues(), gitlab.box.quick_actions())


def test_scoped_labels_exclude_each_other_on_premium(gitlab):
    iid = gitlab.issue(labels="s::1,x::y::1")["iid"]
    assert ["s::2", "x::y::1", "x::z::1"] == gitlab.edit(iid, add_labels="s::2,x::z::1")["labels"]
    assert ["s::2"] == gitlab.edit(iid, labels="s::1,s::2")["labels"]


def test_scoped_labels_stand_side_by_side_on_the_free_tier(gitlab):
    gitlab.box.faults.switch(on=["free-tier"])
    assert ["s::1", "s::2"] == gitlab.issue(labels="s::1,s::2")["labels"]


def test_the_free_tier_keeps_one_assignee_and_says_nothing(gitlab):
    gitlab.box.faults.switch(on=["free-tier"])
    assert ["bo"] == [user["username"] for user in gitlab.issue(assignee_ids=[3, 2])["assignees"]]


@pytest.mark.parametrize(
    ("fields", "notes"),
    [
        ({"title": "New"}, ["changed title from **It broke** to **New**"]),
        ({"description": "x"}, ["changed the description"]),
        ({"confidential": True}, ["made the issue confidential"]),
        ({"due_date": "2026-12-05"}, ["changed due date to 2026-12-05"]),
        ({"discussion_locked": True}, ["locked the discussion in this issue"]),
        ({"assignee_ids": [2]}, ["assigned to @ana"]),
        ({"labels": "a", "state_event": "close"}, []),
        ({"title": "It broke"}, []),
    ],
)
def test_gitlab_notes_what_changed(gitlab, fields, notes):
    gitlab.edit(gitlab.issue()["iid"], **fields)
    assert notes == [note["body"] for note in gitlab.box.notes(1, system=True)]


def test_a_handover_is_one_note(gitlab):
    iid = gitlab.issue(assignee_ids=[2])["iid"]
    gitlab.edit(iid, assignee_ids=[3])
    assert "assigned to @bo and unassigned @ana" == gitlab.box.notes(iid, system=True)[-1]["body"]


def test_who_is_assigned_by_somebody_else_gets_a_todo(gitlab):
    gitlab.issue(assignee_ids=[1, 2])
    assert ["ana"] == [todo["username"] for todo in gitlab.box.todos("assigned")]
    assert [] == gitlab.box.todos()


def names(box):
    return [todo["username"] for todo in box.todos()]


def test_a_mention_makes_a_todo_where_it_stands(gitlab):
    iid = gitlab.issue(description="cc @ana")["iid"]
    gitlab.post(f"{P}/issues/{iid}/notes", body="and @bo")
    assert ["ana", "bo"] == names(gitlab.box)


def test_an_earlier_mention_makes_no_second_todo(gitlab):
    iid = gitlab.issue(description="cc @ana")["iid"]
    gitlab.edit(iid, description="cc @ana, again, and @bo")
    assert ["ana", "bo"] == names(gitlab.box)


def test_escaped_and_quoted_names_reach_nobody(gitlab):
    gitlab.issue(description="\\@ana `@bo` @nobody\n\n```\n@cem\n```")
    assert [] == names(gitlab.box)


def test_everybody_reaches_every_member_but_the_bot(gitlab):
    gitlab.issue(description="@all")
    assert ["ana", "bo", "cem", "dee", "eli", "fay", "gus"] == names(gitlab.box)


def test_a_reference_leaves_a_note_on_what_it_refers_to_once(gitlab):
    gitlab.issue("Target")
    url = f"{gitlab.box.url}/acme/production/-/issues/1"
    iid = gitlab.issue(description="after #1")["iid"]
    gitlab.post(f"{P}/issues/{iid}/notes", body=f"see {url} and acme/production#1")
    assert ["mentioned in issue #2"] == [note["body"] for note in gitlab.box.notes(1, system=True)]


def test_references_to_elsewhere_and_escaped_ones_leave_none(gitlab):
    gitlab.issue("Target")
    gitlab.issue(description="\\#1 `#1` other/project#1 https://example.org/acme/production/-/issues/1")
    assert [] == gitlab.box.notes(1, system=True)
