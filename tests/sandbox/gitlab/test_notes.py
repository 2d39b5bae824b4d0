import pytest

P = "/projects/1217"


@pytest.fixture
def notes(gitlab):
    return f"{P}/issues/{gitlab.issue()['iid']}/notes"


def test_a_comment_is_made_read_changed_and_deleted(gitlab, notes):
    made = gitlab.post(notes, body="One\r\ntwo  ")
    note = made.json()
    assert (201, "One\ntwo", False) == (made.status_code, note["body"], note["system"])
    assert "Three" == gitlab.put(f"{notes}/{note['id']}", body="Three").json()["body"]
    assert "Three" == gitlab.get(f"{notes}/{note['id']}").json()["body"]
    assert 204 == gitlab.delete(f"{notes}/{note['id']}").status_code
    assert 404 == gitlab.get(f"{notes}/{note['id']}").status_code


def test_a_comment_moves_the_time_of_the_issue(gitlab, notes):
    before = gitlab.read(1)["updated_at"]
    gitlab.post(notes, body="x")
    assert before < gitlab.read(1)["updated_at"]
    assert 1 == gitlab.read(1)["user_notes_count"]


def test_the_list_is_newest_first_with_gitlabs_own_notes_in_between(gitlab, notes):
    gitlab.post(notes, body="x")
    gitlab.edit(1, title="Other")
    assert [True, False] == [note["system"] for note in gitlab.get(notes).json()]
    assert ["x"] == [note["body"] for note in gitlab.get(notes, activity_filter="only_comments").json()]
    assert [True] == [note["system"] for note in gitlab.get(notes, activity_filter="only_activity").json()]
    assert [False, True] == [note["system"] for note in gitlab.get(notes, sort="asc").json()]


def test_a_note_of_quick_actions_alone_is_answered_with_202_and_no_note(gitlab, notes):
    answer = gitlab.post(notes, body="/close\n/label ~severity::1")
    assert (202, {"commands_changes", "summary"}) == (answer.status_code, set(answer.json()))
    assert [] == gitlab.box.notes(1)
    assert ("closed", ["severity::1"]) == (gitlab.read(1)["state"], gitlab.read(1)["labels"])


def test_quick_actions_that_all_fail_are_answered_with_400(gitlab, notes):
    assert 400 == gitlab.post(notes, body="/reopen").status_code


def test_a_quick_action_in_a_comment_runs_and_is_taken_out(gitlab, notes):
    assert "Done." == gitlab.post(notes, body="Done.\n/close").json()["body"]
    assert "closed" == gitlab.read(1)["state"]


def test_a_comment_changed_to_nothing_but_quick_actions_is_deleted(gitlab, notes):
    note = gitlab.post(notes, body="x").json()["id"]
    assert 204 == gitlab.put(f"{notes}/{note}", body="/close").status_code
    assert ([], "closed") == (gitlab.box.notes(1), gitlab.read(1)["state"])


def test_an_empty_comment_is_refused(gitlab, notes):
    note = gitlab.post(notes, body="x").json()["id"]
    assert [400, 400, 400] == [
        gitlab.post(notes).status_code,
        gitlab.post(notes, body=" \r\n").status_code,
        gitlab.put(f"{notes}/{note}", body="").status_code,
    ]


def test_a_comment_that_is_too_long_is_refused(gitlab, notes):
    assert 400 == gitlab.post(notes, body="x" * 1_000_001).status_code


def test_an_internal_note_is_not_for_guests(gitlab, notes):
    note = gitlab.post(notes, body="x", internal=True).json()
    assert note["internal"]
    gus = gitlab.by("gus")
    assert [] == gus.get(notes).json()
    assert 404 == gus.get(f"{notes}/{note['id']}").status_code


def test_others_comments_are_only_for_a_maintainer(gitlab, notes):
    note = gitlab.post(notes, body="x").json()["id"]
    assert 403 == gitlab.by("ana").put(f"{notes}/{note}", body="y").status_code
    of_ana = gitlab.by("ana").post(notes, body="x").json()["id"]
    assert 200 == gitlab.put(f"{notes}/{of_ana}", body="y").status_code


def test_a_system_note_cannot_be_changed(gitlab, notes):
    gitlab.edit(1, title="Other")
    note = gitlab.get(notes).json()[0]["id"]
    assert 403 == gitlab.delete(f"{notes}/{note}").status_code


def test_a_merge_request_takes_comments_too(gitlab):
    gitlab.post(f"{P}/merge_requests", title="x", source_branch="a", target_branch="main")
    made = gitlab.post(f"{P}/merge_requests/1/notes", body="Plan").json()
    assert ("MergeRequest", 1) == (made["noteable_type"], made["noteable_iid"])
    assert ["Plan"] == [note["body"] for note in gitlab.get(f"{P}/merge_requests/1/notes").json()]
