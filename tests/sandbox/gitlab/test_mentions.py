P = "/projects/1217"


def names(box):
    return [todo["username"] for todo in box.todos()]


def test_a_mention_makes_a_todo_where_it_stands(gitlab):
    iid = gitlab.issue(description="cc @ana")["iid"]
    gitlab.post(f"{P}/issues/{iid}/notes", body="and @bo")
    assert ["ana", "bo"] == names(gitlab.box)


def test_a_mention_that_stood_there_before_makes_no_second_todo(gitlab):
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
